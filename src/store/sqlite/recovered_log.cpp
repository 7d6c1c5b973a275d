#include "store/sqlite/recovered_log.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace disburse::store {
namespace {

using core::fail;
using core::Result;

// SQLite's own file layer takes less than 128 KiB at once: its largest page is half of that.
constexpr sqlite3_int64 kAtOnce = 64 << 10;

Result<void> check(int code) {
  if (code == SQLITE_OK) return {};
  return fail(meaning_of(code), {}, "the write-ahead log: sqlite " + std::to_string(code));
}

Result<void> write_again(sqlite3_file* log) {
  sqlite3_int64 size = 0;
  CHECK(check(log->pMethods->xFileSize(log, &size)));
  if (size == 0) return {};
  std::string bytes;
  for (sqlite3_int64 at = 0; at < size; at += kAtOnce) {
    const auto count = static_cast<int>(std::min(kAtOnce, size - at));
    bytes.resize(static_cast<std::size_t>(count));
    CHECK(check(log->pMethods->xRead(log, bytes.data(), count, at)));
    CHECK(check(log->pMethods->xWrite(log, bytes.data(), count, at)));
  }
  return check(log->pMethods->xSync(log, SQLITE_SYNC_NORMAL));
}

}  // namespace

Result<void> make_log_durable(Connection& connection) {
  CHECK(connection.execute("begin immediate"));
  sqlite3_file* log = nullptr;
  sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER,
                       static_cast<void*>(&log));
  const bool is_open = log != nullptr && log->pMethods != nullptr;
  const Result<void> written = is_open ? write_again(log) : Result<void>();
  const Result<void> ended = connection.execute("rollback");
  return written ? ended : written;
}

}  // namespace disburse::store
