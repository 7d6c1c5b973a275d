// A point in time, in milliseconds since the Unix epoch, UTC. Durations are std::chrono types
// everywhere. Nothing in core/ reads a clock: the time is a parameter (see sys/clock.hpp).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace disburse::core {

using Duration = std::chrono::milliseconds;
using namespace std::chrono_literals;

class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant from_ms(std::int64_t ms) { return Instant(ms); }
  static constexpr Instant from_seconds(std::int64_t seconds) { return Instant(seconds * 1000); }
  constexpr std::int64_t ms() const { return ms_; }
  // Whole seconds, rounded down.
  constexpr std::int64_t seconds() const { return ms_ >= 0 ? ms_ / 1000 : -((-ms_ + 999) / 1000); }

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant at, Duration by) {
    return Instant(at.ms_ + by.count());
  }
  friend constexpr Instant operator-(Instant at, Duration by) {
    return Instant(at.ms_ - by.count());
  }
  friend constexpr Duration operator-(Instant a, Instant b) { return Duration(a.ms_ - b.ms_); }

 private:
  constexpr explicit Instant(std::int64_t ms) : ms_(ms) {}
  std::int64_t ms_ = 0;
};

}  // namespace disburse::core
