// A file of the simulated disk: its bytes as they are read, its bytes as the disk has them, and the
// changes between the two.
//
// Threads: one.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/contract/simulated_disk.hpp"

namespace disburse::store {

// What SQLite's processes tell each other about a file. It is no part of the disk.
struct FileLocks {
  static constexpr std::size_t kSlots = SQLITE_SHM_NLOCK;
  static constexpr int kRegionBytes = 32 * 1024;

  std::uint64_t shared = 0;
  const void* reserved = nullptr;  // the open files that have them
  const void* pending = nullptr;
  const void* exclusive = nullptr;

  // The index of the log, in memory that is gone when nobody has it open.
  std::uint64_t mapped = 0;
  std::vector<std::unique_ptr<std::array<std::uint64_t, kRegionBytes / 8>>> regions;
  std::array<std::uint64_t, kSlots> readers{};
  std::array<const void*, kSlots> writer{};
};

struct SimulatedDisk::File {
  struct Change {
    bool is_cut = false;
    std::size_t at = 0;  // of a cut: the new size
    std::string bytes = {};
  };
  std::string now;
  std::string durable;
  std::vector<Change> changes;
  FileLocks locks;

  void change(Change change);
};

// SQLite gives the memory for it, and knows its first member only.
struct SimulatedDisk::OpenFile {
  sqlite3_file base;
  SimulatedDisk* disk;
  File* file;
  bool syncs_folder;  // with its first sync, as SQLite's own layer does for a new log
  int level;          // SQLITE_LOCK_…
  bool mapped;
  std::uint32_t slots_shared;  // bits
  std::uint32_t slots_alone;

  FileLocks& locks() const { return file->locks; }
};

// The file layer's table of calls (simulated_disk_layer.cpp).
std::unique_ptr<sqlite3_vfs> make_simulated_layer(SimulatedDisk& disk, const std::string& name);

}  // namespace disburse::store
