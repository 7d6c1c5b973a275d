// When the write-ahead log is copied into the database, and who does it.
//
// Threads: values only.
#pragma once

namespace disburse::store {

struct UpkeepPlan {
  // The log is copied each time it has grown by this, and begun anew at the second size.
  int copy_pages = 4'000;      // 16 MiB
  int restart_pages = 12'000;  // 48 MiB: below kKeptLogBytes
  // Without one the commits do it themselves: for tests that must repeat.
  bool own_thread = true;
};

}  // namespace disburse::store
