// The store in PostgreSQL: many processes over one database.
//
// A batch is three round trips whatever its size: load, with the rows that it may change locked in
// the order of their keys; the writes with the commit; and, where nothing is to be written, the end
// of the transaction. What another process has changed since it was loaded, where it could not be
// locked, is version_conflict.
//
// A lost connection is opened again within a few seconds, or the call fails with store_unavailable.
// A commit whose answer was lost is looked for (table writer): it was done, or it never will be.
//
// Threads: the Store one, each Reader one; lease_nodes() and its like any. Readers go before the
// Store.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/migrations.hpp"
#include "store/store.hpp"
#include "sys/clock.hpp"
#include "sys/crypto.hpp"
#include "sys/random.hpp"

namespace disburse::store {

struct PostgresOptions {
  std::string url;               // postgresql://..., with what libpq takes, and prepared=off
  const sys::SecretKey& master;  // seals what is secret or personal; read while opening only
  sys::Random& random;           // for keys and nonces; stays
  std::vector<Migration> migrations = store::migrations();
  bool migrate = true;  // false: a database that lacks a migration is refused
  // "sandbox" or "live": whoever serves the store. The first one decides, and another one is
  // refused. "copying": to fill it from another one; until that is finished nobody else gets in.
  std::string mode = {};
  const sys::Clock& clock = real_clock();
  // How long a call waits for the database before it is store_unavailable; longer than a lock is
  // waited for.
  core::Duration patience = std::chrono::seconds(4);
  // Sees every statement that is sent: for tests. Called from every thread that uses the store.
  std::function<void(std::string_view)> watch = {};

  static const sys::Clock& real_clock();
};

// configuration_invalid: the URL, or a database that is not ours, newer than this program, migrated
// otherwise, or made under another master key. store_unavailable: it cannot be reached.
core::Result<std::unique_ptr<Store>> open_postgres(const PostgresOptions& options);

}  // namespace disburse::store
