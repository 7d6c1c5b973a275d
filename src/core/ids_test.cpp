#include "core/ids.hpp"

#include <gtest/gtest.h>

#include "core/keys_fixture.hpp"

namespace disburse::core {
namespace {

constexpr Instant kNow = Instant::from_seconds(1'705'293'000);

std::uint64_t make(IdMaker& maker, Instant now) { return maker.make<LinkId>(now).value; }

TEST(Ids, TheyRiseWithinABurstAndFitIn56Bits) {
  IdMaker maker(63);
  std::uint64_t last = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t id = make(maker, kNow);
    ASSERT_GT(id, last);
    ASSERT_LT(id, 1ULL << IdMaker::kIdBits);
    last = id;
  }
}

TEST(Ids, TheyRiseAlsoWhenTheClockGoesBack) {
  IdMaker maker;
  const std::uint64_t first = make(maker, kNow);
  const std::uint64_t second = make(maker, kNow - 24h);
  const std::uint64_t third = make(maker, Instant{});
  EXPECT_GT(second, first);
  EXPECT_GT(third, second);
  EXPECT_GT(make(maker, kNow + 1ms), third);
}

TEST(Ids, TheyRiseUnderAnyWalkOfTheClock) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
  ToyRandom random(seed);
  IdMaker maker(5);
  Instant now = kNow;
  std::uint64_t last = 0;
  for (int i = 0; i < 50'000; ++i) {
    now = now + Duration(static_cast<std::int64_t>(random.below(2'001)) - 1'000);
    const std::uint64_t id = make(maker, now);
    ASSERT_GT(id, last);
    last = id;
  }
}

TEST(Ids, AnIdTellsItsMillisecond) {
  IdMaker maker(9);
  EXPECT_EQ(made_at(make(maker, kNow)), kNow);
  EXPECT_EQ(made_at(make(maker, kNow + 1ms)), kNow + 1ms);
  // 1,024 ids a millisecond; the next one is taken from the millisecond to come.
  for (int i = 0; i < 1'023; ++i) make(maker, kNow + 1ms);
  EXPECT_EQ(made_at(make(maker, kNow + 1ms)), kNow + 2ms);
}

TEST(Ids, TimesBeforeTheEpochGiveIdsAllTheSame) {
  IdMaker maker;
  EXPECT_NE(make(maker, Instant::from_ms(-5)), 0U);
}

TEST(Ids, NoIdIsMadeAgainAfterARestart) {
  IdMaker before(3);
  std::uint64_t last = 0;
  for (int i = 0; i < 5'000; ++i) last = make(before, kNow);
  IdMaker after(3);
  after.start_above(last);
  EXPECT_GT(make(after, kNow - 1h), last);
}

TEST(Ids, AStartIsAboveWhatAnyNodeMadeInTheSameMillisecond) {
  for (const unsigned made_by : {0U, 1U, 63U}) {
    for (const unsigned goes_on : {0U, 1U, 62U, 63U}) {
      IdMaker before(made_by);
      const std::uint64_t last = make(before, kNow);
      IdMaker after(goes_on);
      after.start_above(last);
      EXPECT_GT(make(after, kNow), last) << made_by << " then " << goes_on;
    }
  }
}

TEST(Ids, AStartBelowWhatWasMadeChangesNothing) {
  IdMaker maker;
  const std::uint64_t id = make(maker, kNow);
  maker.start_above(17);
  EXPECT_GT(make(maker, kNow), id);
}

TEST(Ids, TwoNodesNeverMakeTheSameId) {
  IdMaker one(1);
  IdMaker two(2);
  for (int i = 0; i < 3'000; ++i) ASSERT_NE(make(one, kNow), make(two, kNow));
}

}  // namespace
}  // namespace disburse::core
