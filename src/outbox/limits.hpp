// The relay's limits, by name.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/time.hpp"
#include "store/store.hpp"

namespace disburse::outbox {

struct Limits {
  std::uint32_t loaded_per_poll = 256;  // new tasks; known ones are loaded beside them and skipped
  std::size_t in_flight = 2'048;        // calls open in all
  std::size_t per_endpoint = 4;         // so a receiver that hangs holds few of them
  std::size_t per_rail = 64;
  std::size_t per_channel = 32;
  std::size_t waiting = 50'000;  // loaded tasks that wait for their endpoint, rail or channel
  // Where tasks are leased: so many wait in one lane, and the leases of the others end by
  // themselves, so that a receiver that hangs does not fill this relay with what it never carries.
  std::size_t leased_per_lane = 512;
  std::size_t unasked = 10'000;  // words of banks that wait for the engine; more are dropped

  // After these a call counts as not answered. What comes later from a rail is still passed on.
  core::Duration rail = std::chrono::seconds(30);
  core::Duration notice = std::chrono::seconds(60);
  // Beyond the dialect's own limit. The HTTP client keeps that one, but only from when it begins,
  // and a host that many endpoints share makes some wait; so this is for a client that never
  // answers at all.
  core::Duration delivery_slack = std::chrono::minutes(15);

  // When the engine takes a command not: again after the first, doubling; then the task rests, and
  // is carried from the beginning.
  std::uint32_t submits = 5;
  core::Duration first_resubmit = std::chrono::milliseconds(50);
  core::Duration rest = std::chrono::seconds(10);
  core::Duration after_read_error = std::chrono::seconds(1);
  // How often to look for what falls due while older tasks are still open: they hide it.
  core::Duration look_again = std::chrono::milliseconds(200);
  // How often leases are renewed. A lease that could not be renewed for its whole length is lost.
  core::Duration keep_leases = store::kTaskLease / 3;
};

}  // namespace disburse::outbox
