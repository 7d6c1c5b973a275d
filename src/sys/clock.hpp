// What time it is. The only place of the program that reads the system's clock; everything else is
// given a Clock, or an Instant as a parameter, so that the simulator and the sandbox can move time.
//
// Threads: now() from any; advance() and set() too, each change is seen whole.
#pragma once

#include <atomic>
#include <cstdint>

#include "core/time.hpp"

namespace disburse::sys {

// A time of day, which may jump, and the time that has really passed since some fixed moment, which
// may not: what is waited for is measured by the second, what is promised by the first.
struct Moment {
  core::Instant time;
  core::Duration elapsed{};
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual core::Instant now() const = 0;
  // Never goes back, and keeps the pace of real time whatever happens to now().
  virtual core::Duration elapsed() const = 0;
  Moment moment() const { return {now(), elapsed()}; }
};

// The system's clock. It can be set back by an operator or NTP; who needs rising values
// (core::IdMaker) sees to it.
class RealClock final : public Clock {
 public:
  core::Instant now() const override;
  core::Duration elapsed() const override;
};

// The system's clock and what was added to it by POST /sandbox/clock. It only moves forward.
class SandboxClock final : public Clock {
 public:
  // The offset that an earlier run had reached, so that a restart does not go back in time.
  explicit SandboxClock(core::Duration offset = core::Duration::zero())
      : offset_ms_(offset.count()) {}

  core::Instant now() const override;
  core::Duration elapsed() const override;
  core::Duration offset() const { return core::Duration(offset_ms_.load()); }
  void advance(core::Duration by);  // by is not negative

 private:
  std::atomic<std::int64_t> offset_ms_;
};

// Stands still until it is moved: for tests and the simulator.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(
      core::Instant start = core::Instant::from_seconds(1'705'293'000))  // 2024-01-15T10:00+05:30
      : now_ms_(start.ms()) {}

  core::Instant now() const override { return core::Instant::from_ms(now_ms_.load()); }
  core::Duration elapsed() const override { return core::Duration(elapsed_ms_.load()); }
  // Time passes. by is not negative.
  void advance(core::Duration by) {
    now_ms_.fetch_add(by.count());
    elapsed_ms_.fetch_add(by.count());
  }
  // Time passes until now; where that lies in the past, the clock is set back.
  void set(core::Instant now) {
    const core::Duration by = now - this->now();
    by < core::Duration::zero() ? jump(by) : advance(by);
  }
  // Somebody sets the clock, forwards or backwards, in no time.
  void jump(core::Duration by) { now_ms_.fetch_add(by.count()); }

 private:
  std::atomic<std::int64_t> now_ms_;
  std::atomic<std::int64_t> elapsed_ms_{0};
};

}  // namespace disburse::sys
