// What a store and its readers have in common.
//
// Threads: constant but for what is atomic.
#pragma once

#include <atomic>

#include "store/postgres/connection.hpp"
#include "store/vault.hpp"
#include "sys/clock.hpp"

namespace disburse::store::postgres {

struct Shared {
  Shared(Target where, Vault seals, const sys::Clock& real)
      : target(std::move(where)), vault(std::move(seals)), clock(real) {}

  Target target;
  ConnectionOptions connection;
  Vault vault;
  const sys::Clock& clock;  // a real one: leases end by it
  core::Duration patience{0};
  std::uint64_t holder = 0;  // this store among all that work on the database
  bool spread = false;       // over several machines (Citus), where no statement locks rows of all
  std::atomic<std::int64_t> owners = 0;
  // A number for one who takes leases; nobody else's.
  std::int64_t next_owner() { return static_cast<std::int64_t>(holder >> 1) + ++owners; }
  std::atomic<bool> reached = true;  // false from a lost connection until one is made again
};

// Waits before something is tried again; never less than a moment.
void pause(core::Duration wait);

}  // namespace disburse::store::postgres
