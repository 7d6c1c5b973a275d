// A disk in memory as a SQLite file layer, as bad as POSIX allows: what was not synced may be kept,
// lost or torn by sectors, in any order, when the power goes; it can crash at any call, fail to
// sync, fail to read, and be full.
//
// Promise: everything is said by the seed and the calls made. A sync that fails leaves bytes that
// can be read, are on no disk, and are written by no later sync: so do real kernels.
// Threads: one, with all connections (a store whose upkeep has no thread of its own).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sys/random.hpp"

struct sqlite3_vfs;

namespace disburse::store {

// What is there when the machine starts again.
enum class Left : std::uint8_t {
  everything,        // kill -9: the kernel goes on, and still has what was not synced
  what_was_synced,   // a power cut that loses the rest
  what_was_written,  // a power cut just after the kernel had written the rest
  by_chance          // a power cut: each write, cut, new name and removal for itself
};

class SimulatedDisk {
 public:
  static constexpr std::size_t kSector = 512;
  struct File;
  struct OpenFile;

  explicit SimulatedDisk(std::uint64_t seed);
  SimulatedDisk(const SimulatedDisk&) = delete;
  SimulatedDisk& operator=(const SimulatedDisk&) = delete;
  ~SimulatedDisk();

  // For SqliteOptions::vfs.
  const std::string& name() const { return name_; }

  // ---- accidents: at the n-th call from now on. 1 is the next one, 0 is never.
  std::uint64_t crash_at = 0;  // of writes, cuts, syncs, new and removed files
  std::uint64_t fail_sync_at = 0;
  std::uint64_t fail_read_at = 0;
  bool full = false;  // files cannot grow
  bool lies = false;  // a sync says yes and does nothing: for the proof that it would be found
  void forget_accidents();
  // Every call fails from now on, until restart().
  void crash() { crashed_ = true; }
  bool crashed() const { return crashed_; }
  // The machine, or only the program, starts again; it has no file open any more.
  void restart(Left left);

  std::uint64_t calls() const { return calls_; }    // of those that crash_at counts
  std::uint64_t struck() const { return struck_; }  // accidents so far

  // ---- what the file layer calls; the answers are SQLite's result codes
  int open(const char* path, int flags, OpenFile& file);
  void close(OpenFile& file);
  int remove(const char* path, bool sync_folder);
  bool is_there(std::string_view path) const;
  int read(OpenFile& file, void* out, std::size_t size, std::size_t at);
  int write(OpenFile& file, std::string_view bytes, std::size_t at);
  int cut(OpenFile& file, std::size_t size);
  int sync(OpenFile& file);

 private:
  using FilePtr = std::shared_ptr<File>;  // owners: its names now, its durable names, its openers
  struct NameChange {
    std::string name;
    FilePtr file;  // null: removed
  };
  using Names = std::map<std::string, FilePtr, std::less<>>;

  bool refuses();
  bool strikes(std::uint64_t& at);
  void rename(const std::string& name, FilePtr file);
  void sync_names();
  void settle(File& file, Left left);

  std::string name_;
  sys::SeededRandom random_;
  std::unique_ptr<sqlite3_vfs> layer_;
  Names names_;
  Names durable_names_;
  std::vector<NameChange> name_changes_;
  std::map<const OpenFile*, FilePtr> open_files_;
  bool crashed_ = false;
  std::uint64_t calls_ = 0;
  std::uint64_t struck_ = 0;
};

}  // namespace disburse::store
