#include "sys/clock.hpp"

#include <cassert>
#include <chrono>

namespace disburse::sys {

core::Instant RealClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return core::Instant::from_ms(std::chrono::floor<std::chrono::milliseconds>(since_epoch).count());
}

core::Duration RealClock::elapsed() const {
  const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::floor<std::chrono::milliseconds>(since_start);
}

core::Duration SandboxClock::elapsed() const { return RealClock().elapsed(); }

core::Instant SandboxClock::now() const { return RealClock().now() + offset(); }

void SandboxClock::advance(core::Duration by) {
  assert(by.count() >= 0);
  offset_ms_.fetch_add(by.count());
}

}  // namespace disburse::sys
