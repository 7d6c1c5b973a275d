#include "sys/clock.hpp"

#include <gtest/gtest.h>

namespace disburse::sys {
namespace {

using core::Instant;
using namespace std::chrono_literals;

TEST(RealClock, is_past_2024_and_does_not_stand_still_for_ever) {
  EXPECT_GT(RealClock().now(), Instant::from_seconds(1'704'067'200));
}

TEST(SandboxClock, runs_with_the_real_one_from_where_it_was_moved_to) {
  SandboxClock clock;
  const Instant before = RealClock().now();
  clock.advance(1h);
  EXPECT_GE(clock.now(), before + 1h);
  EXPECT_LT(clock.now(), before + 1h + 1min);
  EXPECT_EQ(SandboxClock(clock.offset()).offset(), 1h);
}

TEST(ManualClock, stands_still_until_it_is_moved) {
  ManualClock clock(Instant::from_ms(1000));
  EXPECT_EQ(clock.now(), Instant::from_ms(1000));
  clock.advance(250ms);
  EXPECT_EQ(clock.now(), Instant::from_ms(1250));
  clock.set(Instant::from_ms(2000));
  EXPECT_EQ(clock.now(), Instant::from_ms(2000));
  EXPECT_EQ(clock.elapsed(), 1000ms);
  clock.set(Instant::from_ms(5));
  EXPECT_EQ(clock.now(), Instant::from_ms(5));
  EXPECT_EQ(clock.elapsed(), 1000ms) << "which never goes back";
}

TEST(ManualClock, a_jump_takes_no_time) {
  ManualClock clock(Instant::from_ms(1000));
  clock.advance(250ms);
  clock.jump(-1h);
  EXPECT_EQ(clock.now(), Instant::from_ms(1250) - 1h);
  EXPECT_EQ(clock.elapsed(), 250ms);
}

TEST(SandboxClock, moving_it_takes_no_time) {
  SandboxClock clock;
  const auto before = clock.elapsed();
  clock.advance(1h);
  EXPECT_LT(clock.elapsed() - before, 1h);
}

}  // namespace
}  // namespace disburse::sys
