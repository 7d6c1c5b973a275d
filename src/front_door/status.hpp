// Health and metrics, for load balancers and Prometheus.
// Threads: the routes run on the socket thread.
#pragma once

#include <functional>
#include <string>

#include "engine/door.hpp"
#include "front_door/front_door.hpp"
#include "wire/server.hpp"

namespace disburse::front_door {

struct RelayCounts {
  std::uint64_t carried = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t refused = 0;
  std::uint64_t leases_lost = 0;
  std::uint64_t in_flight = 0;
};

struct StatusParts {
  const engine::Door& engine;
  std::function<wire::ServerCounters()> server;
  std::function<RelayCounts()> relay;
  std::function<bool()> draining;
  std::function<std::uint64_t()> round_trips;  // of the engines to the store
  std::string metrics_token;                   // empty: metrics are for loopback callers only
};

// GET /health/live, /health/ready (503 while draining or while the store refuses writes), /metrics.
void add_status(FrontDoor& door, StatusParts parts);

}  // namespace disburse::front_door
