// A SQLite file layer over the system's that fails when it is told to, and remembers what a power
// cut would leave: real SQLite, real files, a bad disk.
//
// Threads: the switches any; SQLite calls from the threads of its connections.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace disburse::store {

class FailingDisk {
 public:
  FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;
  ~FailingDisk();

  // For SqliteOptions::vfs.
  const std::string& name() const { return name_; }

  std::atomic<bool> fail_syncs = false;             // EIO, of every file
  std::atomic<bool> fail_database_syncs = false;    // of the database only, not of its log
  std::atomic<bool> fail_writes = false;            // EIO
  std::atomic<bool> full = false;                   // ENOSPC
  std::atomic<bool> full_for_the_database = false;  // and not for its log
  std::atomic<bool> full_for_the_index = false;     // of the log: it grows no more
  std::atomic<int> syncs = 0;

  // Puts the files into another folder as they would be after a power cut at this moment, when the
  // disk has kept nothing but what was synced.
  void cut_power(const std::filesystem::path& into) const;

  // What the file layer tells.
  void synced(const std::string& path, std::string bytes);
  void removed(const std::string& path);

 private:
  struct Layer;
  std::string name_;
  std::unique_ptr<Layer> layer_;
  mutable std::mutex lock_;
  std::map<std::string, std::string> kept_;
};

}  // namespace disburse::store
