// Makes a SQLite file a store of ours: settings of the connection, migrations, and the checks that
// refuse a file that is somebody else's, newer than this program, or sealed under another key.
//
// Errors: configuration_invalid for all of those; store_unavailable where the disk fails.
// Threads: the connection's.
#pragma once

#include <span>

#include "store/migrations.hpp"
#include "store/sqlite/connection.hpp"
#include "store/vault.hpp"

namespace disburse::store {

// "Dsbs" in the file's header, so that file(1) and SQLite's own tools can tell whose it is.
inline constexpr int kApplicationId = 0x44736273;

// 4 KiB: a create changes some pages of which it fills a part only, and the log takes whole pages.
inline constexpr int kPageSize = 4096;
inline constexpr int kWriterCacheKib = 64 * 1024;
inline constexpr int kReaderCacheKib = 8 * 1024;
// No memory mapping: a failing disk would then be a signal instead of an error.
inline constexpr int kMappedBytes = 0;
// How long a connection waits for another process; within this one nobody waits for SQLite's locks.
inline constexpr int kBusyMs = 5'000;
// After it has been copied into the database the log is overwritten, not cut off, up to this size:
// a file that keeps its size has less to sync.
inline constexpr std::int64_t kKeptLogBytes = std::int64_t{64} << 20;

core::Result<void> set_up_writer(Connection& connection);
core::Result<void> set_up_reader(Connection& connection);
// Takes the migrations that the store has not had, each with its checksum, in one transaction.
core::Result<void> migrate(Connection& connection, std::span<const Migration> migrations,
                           const Vault& vault);

}  // namespace disburse::store
