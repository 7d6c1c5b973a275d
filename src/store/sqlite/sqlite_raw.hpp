// A SQLite store's rows as they are. Of a store that has been opened before, and so is up to date.
//
// Threads: one.
#pragma once

#include <filesystem>

#include "store/raw.hpp"

namespace disburse::store {

core::Result<std::unique_ptr<RawTables>> open_raw_sqlite(const std::filesystem::path& path);

}  // namespace disburse::store
