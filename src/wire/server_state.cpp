#include "wire/server_state.hpp"

#include <algorithm>
#include <utility>

namespace disburse::wire {

namespace {

// A quarter of the shortest timeout, so that none is much longer than it says.
std::chrono::milliseconds tick_for(const ServerLimits& limits) {
  const auto shortest = std::min({limits.idle_timeout, limits.header_timeout, limits.body_timeout,
                                  limits.write_timeout, limits.linger});
  return std::clamp(shortest / 4, std::chrono::milliseconds(1), std::chrono::milliseconds(250));
}

}  // namespace

ServerState::ServerState(ServerOptions given, Handler handle)
    : options(std::move(given)),
      handler(std::move(handle)),
      tick_length(tick_for(options.limits)) {}

std::uint64_t ServerState::tick_after(std::chrono::milliseconds time) const {
  const auto ticks = (time + tick_length - std::chrono::milliseconds(1)) / tick_length;
  return tick + static_cast<std::uint64_t>(ticks) + 1;  // the present tick is partly over
}

}  // namespace disburse::wire
