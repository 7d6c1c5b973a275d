// Batches: what commands of one batch see of each other, failures, idempotency, restarts.
#include "engine/engine_fixture.hpp"

namespace disburse::engine {
namespace {

using core::Code;
using core::fail;

TEST(Batch, FiftyCreatesWithOneUniqueReferenceMakeOneLink) {
  Bench bench;
  core::CreateLink create = Bench::request("R1");
  create.reference_unique = true;
  Bench::Outcomes outcomes;
  for (int i = 0; i < 50; ++i) bench.queue(create, outcomes);
  const std::uint64_t batches = bench.engine->counts().batches;
  EXPECT_TRUE(bench.engine->run_batch());
  EXPECT_EQ(bench.engine->counts().batches, batches + 1);
  ASSERT_EQ(outcomes.size(), 50U);
  EXPECT_EQ(answer_of(outcomes[0].reply), "taken");
  for (std::size_t i = 1; i < 50; ++i) EXPECT_EQ(answer_of(outcomes[i].reply), "reference_taken");
  core::ListLinks list;
  list.merchant = Bench::kMerchant;
  list.want_total = true;
  EXPECT_EQ(bench.reader->list_links(list, bench.clock.now())->total, 1U);
}

TEST(Batch, ACancelSeesTheCancelBeforeIt) {
  Bench bench;
  const core::LinkId id = bench.create(Bench::request());
  const core::CancelLink cancel{
      Bench::kMerchant, {id, {}}, core::CancelRule::before_claim, "house"};
  Bench::Outcomes outcomes;
  for (int i = 0; i < 3; ++i) bench.queue(cancel, outcomes);
  bench.engine->run_batch();
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(answer_of(outcomes[0].reply), "taken");
  EXPECT_EQ(answer_of(outcomes[1].reply), "link_cancelled");
  EXPECT_EQ(answer_of(outcomes[2].reply), "link_cancelled");
  EXPECT_EQ(bench.link(id).version, 2U) << "one version up, however many commands";
}

TEST(Batch, ALinkMadeInABatchCanBeCancelledInIt) {
  Bench bench;
  Bench::Outcomes outcomes;
  bench.queue(Bench::request("R1"), outcomes);
  bench.queue(
      core::CancelLink{Bench::kMerchant, {{}, "R1"}, core::CancelRule::before_claim, "house"},
      outcomes);
  bench.queue(
      core::CancelLink{Bench::kMerchant, {{}, "R2"}, core::CancelRule::before_claim, "house"},
      outcomes);
  bench.engine->run_batch();
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(answer_of(outcomes[1].reply), "taken");
  EXPECT_EQ(answer_of(outcomes[2].reply), "link_not_found");
  const core::LinkId id = std::get<core::LinkView>(*outcomes[0].reply).link.id;
  EXPECT_EQ(bench.link(id).state, core::LinkState::cancelled);
  EXPECT_EQ(bench.link(id).version, 1U);
}

TEST(Batch, DepositsOfOneBatchAddUp) {
  Bench bench;
  const core::Balances before = bench.money();
  Bench::Outcomes outcomes;
  for (int i = 0; i < 20; ++i)
    bench.queue(core::Deposit{Bench::kMerchant, *core::Money::from_paise(5), "x"}, outcomes);
  bench.engine->run_batch();
  EXPECT_EQ(bench.money().available, before.available + 100);
  EXPECT_EQ(bench.money().version, before.version + 1);
  EXPECT_EQ(bench.audit().size(), 22U);
  EXPECT_TRUE(bench.audit_is_chained());
  bench.check_ledger();
}

TEST(Batch, HoldsOfOneBatchSeeWhatTheOthersHold) {
  Bench bench;
  core::Settings settings;
  settings.hold = core::HoldAt::issue;
  EXPECT_EQ(bench.ask(core::UpdateMerchant{Bench::kMerchant, "x", settings, {}}), "taken");
  core::CreateLink create = Bench::request();
  create.amount = *core::Money::from_paise(40'000'000);
  Bench::Outcomes outcomes;
  for (int i = 0; i < 4; ++i) bench.queue(create, outcomes);
  bench.engine->run_batch();
  int held = 0;
  for (const Outcome& outcome : outcomes) held += answer_of(outcome.reply) == "taken";
  EXPECT_EQ(held, 2);
  EXPECT_EQ(bench.money().available, 20'000'000);
  bench.check_ledger();
}

TEST(Batch, OtpSendsOfOneBatchAreCountedTogether) {
  Bench bench;
  std::vector<core::LinkId> links;
  for (int i = 0; i < 25; ++i) links.push_back(bench.create(Bench::request()));
  Bench::Outcomes outcomes;
  for (const core::LinkId id : links)
    bench.queue(core::SendOtp{{Bench::kMerchant, id}, core::Channel::sms, ""}, outcomes);
  bench.engine->run_batch();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(answer_of(outcomes[i].reply),
              i < core::limits::kOtpSendsPerContact ? "taken" : "otp_too_many_sends");
  }
  EXPECT_EQ(bench.ask(core::SendOtp{
                {Bench::kMerchant, bench.create(Bench::request())}, core::Channel::sms, ""}),
            "otp_too_many_sends");
}

TEST(Batch, NoMoreThanItsSizeIsTakenAtOnce) {
  EngineOptions options;
  options.batch = 4;
  Bench bench(options);
  Bench::Outcomes outcomes;
  for (int i = 0; i < 10; ++i) bench.queue(Bench::request(), outcomes);
  for (const std::size_t answered : {4U, 8U, 10U}) {
    EXPECT_TRUE(bench.engine->run_batch());
    EXPECT_EQ(outcomes.size(), answered);
  }
  EXPECT_FALSE(bench.engine->run_batch()) << "there was nothing to do";
}

TEST(Batch, WhatComesWhileABatchIsLeftOverWaitsItsTurn) {
  EngineOptions options;
  options.batch = 4;
  Bench bench(options);
  std::vector<std::string> answered;
  const auto ask = [&](std::string name) {
    bench.engine->submit(
        {Bench::request(), [&answered, name](const Outcome&) { answered.push_back(name); }});
  };
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) ask(name);
  EXPECT_TRUE(bench.engine->run_batch());
  ask("g");
  EXPECT_EQ(bench.engine->waiting(), 3U);
  while (bench.engine->run_batch()) {
  }
  EXPECT_EQ(answered, (std::vector<std::string>{"a", "b", "c", "d", "e", "f", "g"}));
  EXPECT_EQ(bench.engine->waiting(), 0U);
}

TEST(Batch, ItsAnswersAreGivenTogether) {
  Bench bench;
  Bench::Outcomes outcomes;
  std::vector<std::size_t> given;
  bench.engine->on_answers([&](const Engine::Answers& answers) {
    const std::size_t before = outcomes.size();
    answers();
    given.push_back(outcomes.size() - before);
  });
  for (int i = 0; i < 3; ++i) bench.queue(Bench::request(), outcomes);
  while (bench.engine->run_batch()) {
  }
  bench.queue(Bench::request(), outcomes);
  while (bench.engine->run_batch()) {
  }
  EXPECT_EQ(given, (std::vector<std::size_t>{3, 1}));
}

TEST(Batch, WhatChangesNothingIsAnsweredWithoutACommit) {
  Bench bench;
  const std::uint64_t commits = bench.engine->counts().commits;
  EXPECT_EQ(bench.ask(core::CancelLink{Bench::kMerchant, {core::LinkId{5}, {}}, {}, ""}),
            "link_not_found");
  EXPECT_EQ(bench.engine->counts().commits, commits);
  EXPECT_GT(bench.engine->counts().refused, 0U);
}

TEST(Failure, EverybodyIsToldAndNothingIsStored) {
  Bench bench;
  bench.store->before_commit([]() -> core::Result<void> { return fail(Code::store_unavailable); });
  const std::unique_ptr<store::MemoryStore> before = bench.store->copy();
  core::CreateLink create = Bench::request("R1");
  create.reference_unique = true;
  Bench::Outcomes outcomes;
  for (int i = 0; i < 3; ++i) bench.queue(create, outcomes);
  EXPECT_TRUE(bench.engine->run_batch());
  ASSERT_EQ(outcomes.size(), 3U);
  // Also those that would have been refused: their refusal leaned on what was not stored.
  for (const Outcome& outcome : outcomes) EXPECT_EQ(answer_of(outcome.reply), "store_unavailable");
  EXPECT_EQ(bench.engine->counts().commit_failures, 1U);
  EXPECT_FALSE(bench.engine->takes_writes());
  EXPECT_FALSE(*bench.reader->find_link_by_reference(Bench::kMerchant, "R1"));
  EXPECT_EQ(bench.store->start_state()->last_id, before->start_state()->last_id);

  bench.store->before_commit([]() -> core::Result<void> { return {}; });
  EXPECT_EQ(bench.ask(create), "taken");
  EXPECT_TRUE(bench.engine->takes_writes());
}

// A server that is not ready may be sent nothing: it would not find out by a write.
TEST(Failure, AStoreThatRecoversByItselfIsNoticedWithoutABatch) {
  Bench bench;
  bench.store->before_commit([]() -> core::Result<void> { return fail(Code::store_unavailable); });
  EXPECT_EQ(bench.ask(Bench::request()), "store_unavailable");
  EXPECT_FALSE(bench.engine->takes_writes());
  bench.store->before_commit([]() -> core::Result<void> { return {}; });
  core::Changes beside;
  beside.counters.push_back({Bench::kMerchant, "k", {}, 1});
  ASSERT_TRUE(bench.store->commit(beside));
  EXPECT_TRUE(bench.engine->takes_writes());
}

TEST(Failure, TheAuditChainHoldsOverCommitsThatFailed) {
  Bench bench;
  int commits = 0;
  bench.store->before_commit([&]() -> core::Result<void> {
    ++commits;
    if (commits % 3 == 0) return fail(Code::store_unavailable);
    if (commits % 5 == 0) return fail(Code::version_conflict);
    return {};
  });
  std::size_t taken = 2;  // the merchant and its first deposit
  for (int i = 0; i < 60; ++i) {
    Bench::Outcomes outcomes;
    for (int j = 0; j <= i % 3; ++j)
      bench.queue(core::Deposit{Bench::kMerchant, *core::Money::from_paise(1), "x"}, outcomes);
    bench.engine->run_batch();
    for (const Outcome& outcome : outcomes) taken += outcome.reply.has_value();
  }
  bench.store->before_commit({});
  EXPECT_GT(taken, 40U);
  EXPECT_EQ(bench.audit().size(), taken);
  EXPECT_TRUE(bench.audit_is_chained());
  bench.restart();
  bench.deposit(1);
  EXPECT_TRUE(bench.audit_is_chained()) << "also over a restart";
}

TEST(Failure, AMerchantsNumberIsNotLostWithACommitThatFailed) {
  Bench bench;
  core::CreateMerchant create;
  create.name = "Second";
  bench.store->before_commit([]() -> core::Result<void> { return fail(Code::store_unavailable); });
  EXPECT_EQ(bench.ask(create), "store_unavailable");
  bench.store->before_commit({});
  Bench::Outcomes outcomes;
  for (int i = 0; i < 3; ++i) bench.queue(create, outcomes);
  bench.engine->run_batch();
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(std::get<core::MerchantView>(*outcomes[i].reply).merchant.id,
              core::MerchantId{2 + i});
  }
  bench.restart();
  EXPECT_EQ(std::get<core::MerchantView>(*bench.run(create).reply).merchant.id,
            core::MerchantId{5});
}

// What a dialect's render would make; the counter makes each rendering different.
Idempotency keyed(std::string key, std::string request, int& renderings) {
  return {std::move(key), std::move(request),
          [&renderings](const core::Result<core::Reply>& reply) {
            core::StoredReply stored;
            stored.status = reply ? 200 : 400;
            stored.content_type = "application/json";
            stored.body = std::string(answer_of(reply)) + " #" + std::to_string(++renderings);
            return stored;
          }};
}

TEST(Idempotent, TheSameRequestGetsTheSameBytesAndIsDoneOnce) {
  Bench bench;
  int renderings = 0;
  const core::Deposit deposit{Bench::kMerchant, *core::Money::from_paise(5), "x"};
  const std::int64_t before = bench.money().available;
  const Outcome first = bench.run(deposit, keyed("K", "request", renderings));
  ASSERT_TRUE(first.stored);
  for (int i = 0; i < 3; ++i) {
    const Outcome again = bench.run(deposit, keyed("K", "request", renderings));
    ASSERT_TRUE(again.stored);
    EXPECT_EQ(again.stored->body, first.stored->body);
    EXPECT_EQ(again.stored->status, first.stored->status);
    EXPECT_EQ(again.stored->content_type, first.stored->content_type);
  }
  bench.restart();
  EXPECT_EQ(bench.run(deposit, keyed("K", "request", renderings)).stored->body, first.stored->body);
  EXPECT_EQ(bench.money().available, before + 5);
  EXPECT_EQ(renderings, 1);
}

TEST(Idempotent, AlsoWithinOneBatch) {
  Bench bench;
  int renderings = 0;
  const core::Deposit deposit{Bench::kMerchant, *core::Money::from_paise(5), "x"};
  const std::int64_t before = bench.money().available;
  Bench::Outcomes outcomes;
  for (int i = 0; i < 5; ++i) bench.queue(deposit, outcomes, keyed("K", "request", renderings));
  bench.engine->run_batch();
  ASSERT_EQ(outcomes.size(), 5U);
  for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome.stored->body, "taken #1");
  EXPECT_EQ(bench.money().available, before + 5);
}

TEST(Idempotent, TheKeyWithAnotherRequestIsRefused) {
  Bench bench;
  int renderings = 0;
  const core::Deposit deposit{Bench::kMerchant, *core::Money::from_paise(5), "x"};
  EXPECT_EQ(answer_of(bench.run(deposit, keyed("K", "request", renderings)).reply), "taken");
  const std::int64_t after = bench.money().available;
  const Outcome other = bench.run(deposit, keyed("K", "another request", renderings));
  EXPECT_EQ(answer_of(other.reply), "idempotency_key_reused");
  EXPECT_FALSE(other.stored);
  EXPECT_EQ(bench.money().available, after);
  EXPECT_EQ(bench.run(deposit, keyed("K", "request", renderings)).stored->body, "taken #1");
}

TEST(Idempotent, ARefusalIsRepeatedToo) {
  Bench bench;
  int renderings = 0;
  const core::CancelLink cancel{
      Bench::kMerchant, {{}, "R1"}, core::CancelRule::before_claim, "house"};
  EXPECT_EQ(bench.run(cancel, keyed("K", "request", renderings)).stored->body, "link_not_found #1");
  bench.create(Bench::request("R1"));
  EXPECT_EQ(bench.run(cancel, keyed("K", "request", renderings)).stored->body, "link_not_found #1");
}

TEST(Idempotent, ACommitThatFailedKeepsNoReply) {
  Bench bench;
  int renderings = 0;
  const core::Deposit deposit{Bench::kMerchant, *core::Money::from_paise(5), "x"};
  bench.store->before_commit([]() -> core::Result<void> { return fail(Code::store_unavailable); });
  const Outcome failed = bench.run(deposit, keyed("K", "request", renderings));
  EXPECT_EQ(answer_of(failed.reply), "store_unavailable");
  EXPECT_FALSE(failed.stored);
  bench.store->before_commit({});
  EXPECT_EQ(bench.run(deposit, keyed("K", "request", renderings)).stored->body, "taken #2");
}

TEST(Restart, IdsRiseAlsoWhenTheClockHasGoneBack) {
  Bench bench;
  core::LinkId last = bench.create(Bench::request());
  for (int i = 0; i < 5; ++i) {
    bench.clock.set(bench.clock.now() - std::chrono::hours(1));
    bench.restart();
    const core::LinkId next = bench.create(Bench::request());
    EXPECT_GT(next, last);
    last = next;
  }
}

TEST(Restart, NoIdIsUsedAgainAfterACommitThatFailed) {
  Bench bench;
  bench.store->before_commit([]() -> core::Result<void> { return fail(Code::store_unavailable); });
  for (int i = 0; i < 10; ++i) bench.ask(Bench::request());
  bench.store->before_commit({});
  const core::LinkId first = bench.create(Bench::request());
  EXPECT_GT(bench.create(Bench::request()), first);
}

TEST(Life, ALinkIsMadeClaimedAndPaidThroughTheEngine) {
  Bench bench;
  bench.listen();
  const core::LinkId id = bench.create(Bench::request());
  bench.claim(id);
  EXPECT_EQ(bench.link(id).state, core::LinkState::processing);
  EXPECT_EQ(bench.money().held, 10'000);
  const std::vector<core::Task> pay = bench.outbox(core::TaskKind::pay);
  ASSERT_EQ(pay.size(), 1U);
  core::BankSaid said;
  said.merchant = Bench::kMerchant;
  said.payout = pay[0].payout;
  said.task = pay[0].id;
  said.outcome = core::BankOutcome::settled;
  said.utr = "UTR1";
  Bench::Outcomes outcomes;
  for (int i = 0; i < 3; ++i) bench.queue(said, outcomes);
  bench.engine->run_batch();
  EXPECT_EQ(bench.link(id).state, core::LinkState::processed);
  EXPECT_EQ(bench.money().paid, 10'000);
  EXPECT_TRUE(bench.outbox(core::TaskKind::pay).empty());
  EXPECT_EQ(bench.outbox(core::TaskKind::announce).size(), 3U)
      << "issued, processing, processed: once each";
  bench.check_ledger();
}

TEST(Life, TheOutboxIsPointedOutAfterTheCommitThatWroteIt) {
  Bench bench;
  int told = 0;
  bench.engine->on_outbox([&] {
    ++told;
    EXPECT_FALSE(bench.outbox(core::TaskKind::announce).empty()) << "it is stored by then";
  });
  bench.listen();
  bench.deposit(1);
  EXPECT_EQ(told, 0);
  bench.create(Bench::request());
  EXPECT_EQ(told, 1);
  bench.store->before_commit([]() -> core::Result<void> { return fail(Code::store_unavailable); });
  bench.ask(Bench::request());
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace disburse::engine
