#include "store/sqlite/log_index.hpp"

#include <sqlite3.h>

#include "store/sqlite/schema.hpp"

namespace disburse::store {
namespace {

// Both are part of SQLite's file format: the index comes in regions, each for so many pages.
constexpr int kRegionBytes = 32 << 10;
constexpr std::int64_t kPagesInRegion = 4'096;

constexpr int kRegions = static_cast<int>(2 * kKeptLogBytes / (kPageSize * kPagesInRegion));

}  // namespace

void reserve_log_index(Connection& connection) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_FILE_POINTER,
                       static_cast<void*>(&file));
  if (file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < 2) return;
  // Through SQLite: opening the file by its name, and closing it, would end SQLite's locks on it.
  for (int region = 0; region < kRegions; ++region) {
    volatile void* mapped = nullptr;
    if (file->pMethods->xShmMap(file, region, kRegionBytes, 1, &mapped) != SQLITE_OK) return;
  }
}

}  // namespace disburse::store
