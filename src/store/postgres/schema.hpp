// Makes a database a store of ours: the migrations, each once, and the checks that refuse a
// database that is newer than this program, was migrated otherwise, or is sealed under another key.
//
// Promise: any number of programs may start at once; one of them does the work. After each
// migration the tables are what its text says, or nothing of it is there.
// Errors: configuration_invalid for what an operator must put right; store_unavailable.
// Threads: the connection's.
#pragma once

#include <span>

#include "store/migrations.hpp"
#include "store/postgres/connection.hpp"
#include "store/vault.hpp"

namespace disburse::store::postgres {

enum class Migrate : std::uint8_t { yes, no };

// Whether the tables are spread over several machines (Citus).
core::Result<bool> prepare_schema(Connection& connection, std::span<const Migration> migrations,
                                  const Vault& vault, Migrate migrate);

}  // namespace disburse::store::postgres
