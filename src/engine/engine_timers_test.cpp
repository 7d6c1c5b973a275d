// Timers, queued payouts, overload, stopping.
#include <thread>

#include "engine/engine_fixture.hpp"

namespace disburse::engine {
namespace {

using core::Code;
using core::fail;
using core::LinkState;

std::size_t count_in(const Bench& bench, LinkState state) {
  core::ListLinks list;
  list.merchant = Bench::kMerchant;
  list.filter.states = {state};
  list.want_total = true;
  return static_cast<std::size_t>(*bench.reader->list_links(list, core::Instant{})->total);
}

// Links that all expire at the same instant.
void make_links(Bench& bench, int count, core::Duration life) {
  core::CreateLink create = Bench::request();
  create.expires_at = bench.clock.now() + life;
  Bench::Outcomes outcomes;
  for (int i = 0; i < count; ++i) bench.queue(create, outcomes);
  while (bench.engine->run_batch()) {
  }
  ASSERT_EQ(outcomes.size(), static_cast<std::size_t>(count));
}

TEST(Timers, TenThousandAtOnceDoNotStallRequests) {
  constexpr int kLinks = 10'000;
  Bench bench;
  make_links(bench, kLinks, std::chrono::hours(1));
  bench.clock.advance(std::chrono::hours(1));
  const auto timers = [&] { return bench.engine->counts().timers; };
  std::uint64_t before = timers();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(bench.ask(Bench::request()), "taken") << "answered by the very next batch";
    EXPECT_EQ(timers() - before, bench.options.timers_per_batch);
    before = timers();
  }
  while (bench.engine->run_batch()) {
    EXPECT_LE(timers() - before, bench.options.batch) << "alone, a whole batch";
    before = timers();
  }
  EXPECT_EQ(count_in(bench, LinkState::expired), static_cast<std::size_t>(kLinks));
  EXPECT_EQ(timers(), static_cast<std::uint64_t>(kLinks)) << "each ran once";
}

TEST(Timers, OneRunsWhenItIsDueAndNotBefore) {
  Bench bench;
  make_links(bench, 1, std::chrono::hours(1));
  EXPECT_FALSE(bench.engine->run_batch());
  bench.clock.advance(std::chrono::hours(1) - std::chrono::milliseconds(1));
  EXPECT_FALSE(bench.engine->run_batch());
  bench.clock.advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(bench.engine->run_batch());
  EXPECT_EQ(count_in(bench, LinkState::expired), 1U);
  EXPECT_FALSE(bench.engine->run_batch());
}

TEST(Timers, OneThatIsEarlierThanTheRestIsSeen) {
  Bench bench;
  make_links(bench, 1, std::chrono::hours(10));
  EXPECT_FALSE(bench.engine->run_batch());
  make_links(bench, 1, std::chrono::hours(1));
  bench.clock.advance(std::chrono::hours(1));
  EXPECT_TRUE(bench.engine->run_batch());
  EXPECT_EQ(count_in(bench, LinkState::expired), 1U);
}

TEST(Timers, TheyRunAfterARestart) {
  Bench bench;
  make_links(bench, 3, std::chrono::hours(1));
  bench.clock.advance(std::chrono::hours(2));
  bench.restart();
  EXPECT_TRUE(bench.engine->run_batch());
  EXPECT_EQ(count_in(bench, LinkState::expired), 3U);
}

TEST(Timers, ACancelInTheSameBatchComesFirst) {
  Bench bench;
  core::CreateLink create = Bench::request();
  create.expires_at = bench.clock.now() + std::chrono::hours(1);
  const core::LinkId id = bench.create(create);
  bench.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(bench.ask(core::CancelLink{Bench::kMerchant, {id, {}}, {}, "house"}), "link_expired");
  EXPECT_EQ(bench.link(id).state, LinkState::expired);
}

TEST(Timers, OneThatTheRulesRefuseWaitsAMinute) {
  Bench bench;
  core::CreateLink create = Bench::request();
  create.expires_at = bench.clock.now() + std::chrono::hours(1);
  const core::LinkId id = bench.create(create);
  // A link whose contact is missing cannot be decided on.
  core::Changes broken;
  broken.links.push_back(bench.link(id));
  broken.links[0].contact = core::ContactId{1};
  ++broken.links[0].version;
  ASSERT_TRUE(bench.store->commit(broken));
  bench.clock.advance(std::chrono::hours(1));
  EXPECT_TRUE(bench.engine->run_batch());
  EXPECT_EQ(bench.engine->counts().refused, 1U);
  EXPECT_FALSE(bench.engine->run_batch()) << "it is not tried again at once";
  bench.clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(bench.engine->run_batch());
}

TEST(Timers, AStoreThatTakesNoWritesIsNotAskedInALoop) {
  Bench bench;
  make_links(bench, 1, std::chrono::hours(1));
  bench.clock.advance(std::chrono::hours(1));
  int commits = 0;
  bench.store->before_commit([&]() -> core::Result<void> {
    ++commits;
    return fail(Code::store_unavailable);
  });
  for (int i = 0; i < 100; ++i) bench.engine->run_batch();
  EXPECT_EQ(commits, 1) << "the next try has to wait";
  EXPECT_EQ(bench.ask(Bench::request()), "store_unavailable") << "requests are still tried";
  bench.store->before_commit({});
  bench.clock.advance(std::chrono::seconds(2));
  EXPECT_TRUE(bench.engine->run_batch());
  EXPECT_EQ(count_in(bench, LinkState::expired), 1U);
}

core::LinkId queued_link(Bench& bench, bool verify = false) {
  core::CreateLink create = Bench::request();
  create.amount = *core::Money::from_paise(1'000'000'00 + 500);
  create.verify_beneficiary = verify;
  const core::LinkId id = bench.create(create);
  bench.clock.advance(std::chrono::seconds(31));
  bench.claim(id);
  EXPECT_EQ(bench.money().held, 0);
  EXPECT_TRUE(bench.outbox(core::TaskKind::pay).empty());
  return id;
}

TEST(Queue, ADepositWakesThePayoutsThatWaitForIt) {
  Bench bench;
  queued_link(bench);
  bench.deposit(500);
  EXPECT_TRUE(bench.engine->run_batch()) << "the next batch tries them, whatever the clock says";
  EXPECT_EQ(bench.outbox(core::TaskKind::pay).size(), 1U);
  EXPECT_EQ(bench.money().held, 1'000'000'00 + 500);
  bench.check_ledger();
  EXPECT_FALSE(bench.engine->run_batch());
}

TEST(Queue, ADepositThatIsNotEnoughLeavesThemWaiting) {
  Bench bench;
  queued_link(bench);
  bench.deposit(499);
  bench.engine->run_batch();
  EXPECT_TRUE(bench.outbox(core::TaskKind::pay).empty());
  bench.deposit(1);
  bench.engine->run_batch();
  EXPECT_EQ(bench.outbox(core::TaskKind::pay).size(), 1U);
}

TEST(Queue, TheTimerFindsMoneyTooAndSendsOnce) {
  Bench bench;
  queued_link(bench);
  queued_link(bench);
  bench.deposit(500);
  bench.clock.advance(core::limits::kQueuedRecheck);
  // The woken ones and the due timers are the same: in one batch, whoever comes second does
  // nothing.
  while (bench.engine->run_batch()) {
  }
  EXPECT_EQ(bench.outbox(core::TaskKind::pay).size(), 1U);
  bench.check_ledger();
}

TEST(Queue, AFundedPayoutIsVerifiedFirst) {
  Bench bench;
  queued_link(bench, true);
  bench.deposit(500);
  bench.engine->run_batch();
  EXPECT_TRUE(bench.outbox(core::TaskKind::pay).empty());
  const std::vector<core::Task> verify = bench.outbox(core::TaskKind::verify);
  ASSERT_EQ(verify.size(), 1U);
  EXPECT_EQ(bench.ask(core::AccountVerified{Bench::kMerchant, verify[0].payout, verify[0].id,
                                            core::AccountVerified::Answer::exists, "RAHUL KUMAR"}),
            "taken");
  EXPECT_EQ(bench.outbox(core::TaskKind::pay).size(), 1U);
  bench.check_ledger();
}

TEST(Overload, WhatIsTooMuchIsRefusedAtOnceAndTheRestIsAnswered) {
  EngineOptions options;
  options.queue = 3;
  Bench bench(options);
  Bench::Outcomes outcomes;
  for (int i = 0; i < 5; ++i) bench.queue(Bench::request(), outcomes);
  ASSERT_EQ(outcomes.size(), 2U) << "refused without waiting for a batch";
  EXPECT_EQ(answer_of(outcomes[0].reply), "overloaded");
  EXPECT_EQ(bench.engine->waiting(), 3U);
  bench.engine->run_batch();
  ASSERT_EQ(outcomes.size(), 5U);
  EXPECT_EQ(answer_of(outcomes[4].reply), "taken");
  EXPECT_EQ(bench.ask(Bench::request()), "taken");
}

TEST(Stop, WhatWasAcceptedIsWorkedOffAndNothingMoreIsTaken) {
  Bench bench;
  Bench::Outcomes outcomes;
  for (int i = 0; i < 1'000; ++i) bench.queue(Bench::request(), outcomes);
  bench.engine->stop();
  bench.queue(Bench::request(), outcomes);
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(answer_of(outcomes[0].reply), "draining");
  bench.engine->run();
  ASSERT_EQ(outcomes.size(), 1'001U);
  for (std::size_t i = 1; i < outcomes.size(); ++i)
    EXPECT_EQ(answer_of(outcomes[i].reply), "taken");
}

TEST(Stop, TimersThatAreDueDoNotKeepItFromStopping) {
  EngineOptions options;
  options.batch = 8;
  Bench bench(options);
  make_links(bench, 200, std::chrono::hours(1));
  bench.clock.advance(std::chrono::hours(1));
  bench.engine->stop();
  bench.engine->run();
  EXPECT_LE(bench.engine->counts().timers, 16U) << "they are stored, and due after the restart";
  bench.restart();
  while (bench.engine->run_batch()) {
  }
  EXPECT_EQ(count_in(bench, LinkState::expired), 200U);
}

TEST(Threads, EveryRequestOfEveryThreadIsAnsweredOnce) {
  Bench bench;
  std::thread running([&bench] { bench.engine->run(); });
  std::atomic<int> answered{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&bench, &answered] {
      for (int i = 0; i < 500; ++i) {
        bench.engine->submit(Request{Bench::request(), [&answered](Outcome outcome) {
                                       EXPECT_EQ(answer_of(outcome.reply), "taken");
                                       ++answered;
                                     }});
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  bench.engine->stop();
  running.join();
  EXPECT_EQ(answered, 2'000);
  EXPECT_EQ(count_in(bench, LinkState::issued), 2'000U);
}

TEST(Threads, WhatWasEnqueuedIsTakenUpTogetherAtTheNudge) {
  Bench bench;
  std::thread running([&bench] { bench.engine->run(); });
  const std::uint64_t batches = bench.engine->counts().batches;
  std::atomic<int> answered{0};
  // The engine looks by itself once a second, so in one round of many it may be early.
  constexpr int kRounds = 20;
  constexpr int kEach = 50;
  for (int round = 1; round <= kRounds; ++round) {
    for (int i = 0; i < kEach; ++i)
      bench.engine->enqueue({Bench::request(), [&answered](const Outcome&) { ++answered; }});
    bench.engine->nudge();
    while (answered < round * kEach) std::this_thread::yield();
  }
  bench.engine->stop();
  running.join();
  EXPECT_EQ(answered, kRounds * kEach);
  EXPECT_LT(bench.engine->counts().batches - batches, kRounds * kEach / 2);
}

TEST(Threads, AWokenEngineSeesThatTheClockWasMoved) {
  Bench bench;
  make_links(bench, 1, std::chrono::hours(1));
  std::thread running([&bench] { bench.engine->run(); });
  bench.clock.advance(std::chrono::hours(1));
  bench.engine->wake();
  for (int i = 0; i < 2'000 && bench.engine->counts().timers == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  bench.engine->stop();
  running.join();
  EXPECT_EQ(count_in(bench, LinkState::expired), 1U);
}

}  // namespace
}  // namespace disburse::engine
