// The store in one SQLite file: the default, with nothing to install.
//
// Write-ahead log, synchronous=FULL: a commit that was answered survives kill -9 and power loss.
// One connection writes; every Reader has its own; a thread copies the log (upkeep.hpp).
// After an I/O error in a commit the store is poisoned and takes no call any more: after a failed
// fsync nobody knows what the disk has. A full or read-only disk refuses that batch only: the next
// one is tried, and the thread tries by itself, so it recovers without anybody's help.
//
// Threads: the Store one, each Reader one. Readers go before the Store.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "store/migrations.hpp"
#include "store/sqlite/upkeep_plan.hpp"
#include "store/store.hpp"
#include "sys/crypto.hpp"
#include "sys/random.hpp"

namespace disburse::store {

struct SqliteOptions {
  std::filesystem::path path;    // made when it is not there, readable by its owner alone
  const sys::SecretKey& master;  // seals what is secret or personal; read while opening only
  sys::Random& random;           // for keys and nonces; stays
  std::vector<Migration> migrations = store::migrations();
  std::string vfs = {};  // a registered SQLite file layer; empty: the system's
  UpkeepPlan upkeep = {};
};

// configuration_invalid: not ours, newer than this program, migrated otherwise, or made under
// another master key. store_unavailable: the disk or another process.
core::Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace disburse::store
