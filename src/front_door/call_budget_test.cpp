// Buckets of calls. Threads: one.
#include "front_door/call_budget.hpp"

#include <gtest/gtest.h>

namespace disburse::front_door {
namespace {

using namespace std::chrono_literals;
constexpr core::CredentialId kKey{1};

TEST(CallBudget, ASecondsCallsMayComeAtOnceAndThenAsFastAsTheBucketFills) {
  CallBudget budget(10);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.take(kKey, 5s)) << i;
  EXPECT_FALSE(budget.take(kKey, 5s));
  EXPECT_FALSE(budget.take(kKey, 5s + 99ms));
  EXPECT_TRUE(budget.take(kKey, 5s + 100ms));
  EXPECT_FALSE(budget.take(kKey, 5s + 100ms));
}

TEST(CallBudget, ALongPauseSavesUpNoMoreThanASecondsCalls) {
  CallBudget budget(3);
  EXPECT_TRUE(budget.take(kKey, 1s));
  int taken = 0;
  while (budget.take(kKey, 24h * 3650)) ++taken;
  EXPECT_EQ(taken, 3);
}

TEST(CallBudget, EachCredentialHasABucketOfItsOwn) {
  CallBudget budget(1);
  EXPECT_TRUE(budget.take(kKey, 1s));
  EXPECT_FALSE(budget.take(kKey, 1s));
  EXPECT_TRUE(budget.take(core::CredentialId{2}, 1s));
}

TEST(CallBudget, WithoutALimitNothingIsRefused) {
  CallBudget budget(0);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(budget.take(kKey, 1s));
}

TEST(CallBudget, ItsMemoryIsBounded) {
  CallBudget budget(1);
  EXPECT_TRUE(budget.take(kKey, 1s));
  for (std::uint64_t i = 2; i <= kBuckets + 1; ++i) {
    ASSERT_TRUE(budget.take(core::CredentialId{i}, 1s));
  }
  EXPECT_TRUE(budget.take(kKey, 1s)) << "forgotten, and full again";
}

}  // namespace
}  // namespace disburse::front_door
