#include "core/ledger.hpp"

#include <gtest/gtest.h>

#include "core/keys_fixture.hpp"

namespace disburse::core {
namespace {

using enum LedgerMove;

constexpr LedgerMove kMoves[] = {deposit, hold, release, settle, reverse};

Balances with(std::int64_t available, std::int64_t held, std::int64_t paid) {
  Balances balances;
  balances.deposited = available + held + paid;
  balances.available = available;
  balances.held = held;
  balances.paid = paid;
  return balances;
}

TEST(Ledger, EachMoveTakesFromOneAccountAndGivesToAnother) {
  struct Row {
    LedgerMove move;
    Balances after;
  };
  const Row rows[] = {{deposit, with(110, 100, 100)},
                      {hold, with(90, 110, 100)},
                      {release, with(110, 90, 100)},
                      {settle, with(100, 90, 110)},
                      {reverse, with(110, 100, 90)}};
  for (const Row& row : rows) {
    Balances expected = row.after;
    expected.version = 1;
    const Result<Balances> got = after(with(100, 100, 100), row.move, 10_paise);
    ASSERT_TRUE(got) << name(row.move);
    EXPECT_EQ(*got, expected) << name(row.move);
  }
}

TEST(Ledger, AvailableNeverGoesBelowZero) {
  EXPECT_TRUE(after(with(100, 0, 0), hold, 100_paise));
  EXPECT_EQ(after(with(100, 0, 0), hold, 101_paise).error().code, Code::balance_too_low);
}

TEST(Ledger, HeldAndPaidNeverGoBelowZeroAndThatIsOurMistake) {
  for (const LedgerMove move : {release, settle}) {
    EXPECT_EQ(after(with(500, 100, 500), move, 101_paise).error().code, Code::ledger_would_break);
  }
  EXPECT_EQ(after(with(500, 500, 100), reverse, 101_paise).error().code, Code::ledger_would_break);
}

TEST(Ledger, NoAccountGoesAboveTheLargestSum) {
  const Money most = *Money::from_paise(Money::kMaxPaise);
  EXPECT_TRUE(after(Balances{}, deposit, most));
  EXPECT_EQ(after(with(1, 0, 0), deposit, most).error().code, Code::amount_too_large);
}

TEST(Ledger, TheAccountsOfAllMovesTogetherCoverTheLife) {
  EXPECT_EQ(accounts_of(deposit).from, LedgerAccount::funding);
  EXPECT_EQ(accounts_of(deposit).to, LedgerAccount::available);
  EXPECT_EQ(accounts_of(hold).to, accounts_of(release).from);
  EXPECT_EQ(accounts_of(hold).from, accounts_of(release).to);
  EXPECT_EQ(accounts_of(settle).to, accounts_of(reverse).from);
}

TEST(Ledger, TheSumIsZeroAfterAnyMoves) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
  ToyRandom random(seed);
  Balances balances;
  std::uint32_t taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    const LedgerMove move = kMoves[random.below(5)];
    const Money amount = *Money::from_paise(static_cast<std::int64_t>(random.below(1'000)));
    const Result<Balances> next = after(balances, move, amount);
    if (!next) continue;
    balances = *next;
    ++taken;
    ASSERT_EQ(balances.deposited, balances.available + balances.held + balances.paid);
    ASSERT_GE(balances.available, 0);
    ASSERT_GE(balances.held, 0);
    ASSERT_GE(balances.paid, 0);
    ASSERT_EQ(balances.version, taken);
  }
  EXPECT_GT(taken, 1'000U);
}

TEST(Ledger, AllThatEverCameInIsCounted) {
  const Result<Balances> more = after(with(100, 20, 3), deposit, 7_paise);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->deposited, 130);
  EXPECT_EQ(more->available, 107);
}

}  // namespace
}  // namespace disburse::core
