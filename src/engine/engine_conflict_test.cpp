// Two that change the same rows: whoever comes late decides again.
#include <utility>

#include "engine/engine_fixture.hpp"

namespace disburse::engine {
namespace {

using core::Code;
using core::fail;

TEST(Conflict, ABatchIsDecidedAgainAfterAnother) {
  Bench bench;
  int commits = 0;
  bench.store->before_commit([&]() -> core::Result<void> {
    if (++commits <= 2) return fail(Code::version_conflict);
    return {};
  });
  const core::LinkId id = bench.create(Bench::request());
  EXPECT_EQ(commits, 3);
  EXPECT_EQ(bench.link(id).version, 1U);
}

TEST(Conflict, AfterEnoughTriesTheCallersAreTold) {
  Bench bench;
  int commits = 0;
  bench.store->before_commit([&]() -> core::Result<void> {
    ++commits;
    return fail(Code::version_conflict);
  });
  EXPECT_EQ(bench.ask(Bench::request()), "version_conflict");
  EXPECT_EQ(commits, 1 + static_cast<int>(bench.options.conflict_retries));
  EXPECT_TRUE(bench.engine->takes_writes());
}

TEST(Conflict, TwoEnginesOverOneStoreLoseNothing) {
  Bench bench;
  EngineOptions other_options;
  other_options.node = 1;
  Engine other(*bench.store, bench.clock, bench.random, bench.hash, other_options);
  ASSERT_TRUE(other.start());
  const std::int64_t before = bench.money().available;
  bool meddled = false;
  Bench::Outcomes others;
  // Just before the first engine commits, the second changes the same balances.
  bench.store->before_commit([&]() -> core::Result<void> {
    if (std::exchange(meddled, true)) return {};
    other.submit(Request{core::Deposit{Bench::kMerchant, *core::Money::from_paise(7), "other"},
                         [&others](Outcome outcome) { others.push_back(std::move(outcome)); }});
    other.run_batch();
    return {};
  });
  bench.deposit(5);
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(answer_of(others[0].reply), "taken");
  EXPECT_EQ(bench.money().available, before + 12);
  bench.check_ledger();
}

TEST(Conflict, OperatorsOfTwoProcessesDoNotForkTheAuditChain) {
  Bench bench;
  EngineOptions other_options;
  other_options.node = 1;
  Engine other(*bench.store, bench.clock, bench.random, bench.hash, other_options);
  ASSERT_TRUE(other.start());
  const auto issue = [](std::string name) {
    core::Credential row;
    row.merchant = Bench::kMerchant;
    row.dialect = "house";
    row.kind = "key";
    row.name = std::move(name);
    return core::IssueCredential{std::move(row), "operator:test"};
  };
  core::CreateMerchant create;
  create.name = "Second";
  std::vector<core::Command> others{issue("theirs"), create};
  Bench::Outcomes told;
  // Just before the first engine commits, the second acts too: no row of the two is the same.
  bench.store->before_commit([&]() -> core::Result<void> {
    if (others.empty()) return {};
    other.submit(Request{others.back(), [&told](Outcome got) { told.push_back(std::move(got)); }});
    others.pop_back();
    other.run_batch();
    return {};
  });
  const Outcome mine = bench.run(create);
  EXPECT_EQ(bench.ask(issue("ours")), "taken");
  bench.store->before_commit({});
  ASSERT_EQ(told.size(), 2U);
  for (const Outcome& outcome : told) EXPECT_EQ(answer_of(outcome.reply), "taken");
  EXPECT_EQ(bench.audit().size(), 2U + 4U);
  EXPECT_TRUE(bench.audit_is_chained());
  EXPECT_NE(std::get<core::MerchantView>(*mine.reply).merchant.id,
            std::get<core::MerchantView>(*told[0].reply).merchant.id)
      << "a merchant's number is given once";
}

}  // namespace
}  // namespace disburse::engine
