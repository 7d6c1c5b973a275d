#include "sys/clock.hpp"

#include <cassert>
#include <chrono>

namespace disburse::sys {

core::Instant RealClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return core::Instant::from_ms(std::chrono::floor<std::chrono::milliseconds>(since_epoch).count());
}

core::Instant SandboxClock::now() const { return RealClock().now() + offset(); }

void SandboxClock::advance(core::Duration by) {
  assert(by.count() >= 0);
  offset_ms_.fetch_add(by.count());
}

}  // namespace disburse::sys
