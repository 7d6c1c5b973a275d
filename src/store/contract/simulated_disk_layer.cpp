// The simulated disk's table of calls for SQLite, with the locks that its connections take.
#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "store/contract/simulated_disk.hpp"
#include "store/contract/simulated_file.hpp"

namespace disburse::store {
namespace {

using OpenFile = SimulatedDisk::OpenFile;

OpenFile& as_open(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
SimulatedDisk& disk_of(sqlite3_vfs* layer) { return *static_cast<SimulatedDisk*>(layer->pAppData); }

// ---- locks --------------------------------------------------------------------------------------

bool is_others(const void* owner, const OpenFile& self) {
  return owner != nullptr && owner != &self;
}

int lock_file(sqlite3_file* file, int level) {
  OpenFile& self = as_open(file);
  FileLocks& locks = self.locks();
  if (self.level >= level) return SQLITE_OK;
  if (is_others(locks.pending, self) || is_others(locks.exclusive, self)) return SQLITE_BUSY;
  if (self.level == SQLITE_LOCK_NONE) {
    ++locks.shared;
    self.level = SQLITE_LOCK_SHARED;
  }
  if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
  if (is_others(locks.reserved, self)) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_RESERVED) {
    locks.reserved = &self;
    self.level = level;
    return SQLITE_OK;
  }
  locks.pending = &self;
  self.level = SQLITE_LOCK_PENDING;
  if (locks.shared > 1) return SQLITE_BUSY;
  locks.exclusive = &self;
  self.level = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level) {
  OpenFile& self = as_open(file);
  FileLocks& locks = self.locks();
  if (self.level <= level) return SQLITE_OK;
  for (const void** lock : {&locks.reserved, &locks.pending, &locks.exclusive}) {
    if (*lock == &self) *lock = nullptr;
  }
  if (level == SQLITE_LOCK_NONE) --locks.shared;
  self.level = level;
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* out) {
  const FileLocks& locks = as_open(file).locks();
  *out = locks.reserved != nullptr || locks.pending != nullptr || locks.exclusive != nullptr;
  return SQLITE_OK;
}

// ---- the index of the log -----------------------------------------------------------------------

int map_index(sqlite3_file* file, int number, int size, int extend, void volatile** out) {
  OpenFile& self = as_open(file);
  FileLocks& locks = self.locks();
  assert(size == FileLocks::kRegionBytes);
  if (!std::exchange(self.mapped, true)) ++locks.mapped;
  const auto index = static_cast<std::size_t>(number);
  *out = nullptr;
  if (index >= locks.regions.size() && extend == 0) return SQLITE_OK;
  while (index >= locks.regions.size()) {
    locks.regions.push_back(
        std::make_unique<std::array<std::uint64_t, FileLocks::kRegionBytes / 8>>());
    locks.regions.back()->fill(0);
  }
  *out = locks.regions[index]->data();
  return SQLITE_OK;
}

void let_go(OpenFile& self, std::size_t slot) {
  FileLocks& locks = self.locks();
  const std::uint32_t bit = 1U << slot;
  if ((self.slots_shared & bit) != 0) --locks.readers[slot];
  if (locks.writer[slot] == &self) locks.writer[slot] = nullptr;
  self.slots_shared &= ~bit;
}

int lock_index(sqlite3_file* file, int offset, int count, int flags) {
  OpenFile& self = as_open(file);
  FileLocks& locks = self.locks();
  const auto first = static_cast<std::size_t>(offset);
  const std::size_t end = first + static_cast<std::size_t>(count);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (std::size_t slot = first; slot < end; ++slot) let_go(self, slot);
    return SQLITE_OK;
  }
  const bool alone = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (std::size_t slot = first; slot < end; ++slot) {
    const std::uint64_t own = (self.slots_shared >> slot) & 1U;
    if (is_others(locks.writer[slot], self)) return SQLITE_BUSY;
    if (alone && locks.readers[slot] > own) return SQLITE_BUSY;
  }
  for (std::size_t slot = first; slot < end; ++slot) {
    if (alone) {
      locks.writer[slot] = &self;
    } else if ((self.slots_shared & (1U << slot)) == 0) {
      self.slots_shared |= 1U << slot;
      ++locks.readers[slot];
    }
  }
  return SQLITE_OK;
}

void barrier(sqlite3_file*) {}

int unmap_index(sqlite3_file* file, int) {
  OpenFile& self = as_open(file);
  if (!std::exchange(self.mapped, false)) return SQLITE_OK;
  for (std::size_t slot = 0; slot < FileLocks::kSlots; ++slot) let_go(self, slot);
  FileLocks& locks = self.locks();
  if (--locks.mapped == 0) locks.regions.clear();
  return SQLITE_OK;
}

// ---- files --------------------------------------------------------------------------------------

int close_file(sqlite3_file* file) {
  OpenFile& self = as_open(file);
  unlock_file(file, SQLITE_LOCK_NONE);
  unmap_index(file, 0);
  self.disk->close(self);
  return SQLITE_OK;
}
// SQLite's own layer takes no more at once.
constexpr int kMostAtOnce = 0x1ffff;

int read_file(sqlite3_file* file, void* out, int size, sqlite3_int64 at) {
  assert(size <= kMostAtOnce);
  return as_open(file).disk->read(as_open(file), out, static_cast<std::size_t>(size),
                                  static_cast<std::size_t>(at));
}
int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  assert(size <= kMostAtOnce);
  const std::string_view all(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return as_open(file).disk->write(as_open(file), all, static_cast<std::size_t>(at));
}
int cut_file(sqlite3_file* file, sqlite3_int64 size) {
  return as_open(file).disk->cut(as_open(file), static_cast<std::size_t>(size));
}
int sync_file(sqlite3_file* file, int) { return as_open(file).disk->sync(as_open(file)); }
int file_size(sqlite3_file* file, sqlite3_int64* out) {
  if (as_open(file).disk->crashed()) return SQLITE_IOERR_FSTAT;
  *out = static_cast<sqlite3_int64>(as_open(file).file->now.size());
  return SQLITE_OK;
}
int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
// What SQLite's own layer says of a disk of which it knows nothing.
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods kMethods = {
    2,          close_file,  read_file,      write_file,   cut_file,    sync_file,       file_size,
    lock_file,  unlock_file, check_reserved, control_file, sector_size, characteristics, map_index,
    lock_index, barrier,     unmap_index,    nullptr,      nullptr};

// ---- the layer ----------------------------------------------------------------------------------

int open_file(sqlite3_vfs* layer, const char* path, sqlite3_file* file, int flags, int* out) {
  OpenFile& self = as_open(file) = OpenFile{};
  const int code = disk_of(layer).open(path, flags, self);
  if (code == SQLITE_OK) self.base.pMethods = &kMethods;
  if (out != nullptr) *out = flags;
  return code;
}
int delete_file(sqlite3_vfs* layer, const char* path, int sync_folder) {
  return disk_of(layer).remove(path, sync_folder != 0);
}
int access_file(sqlite3_vfs* layer, const char* path, int, int* out) {
  *out = disk_of(layer).is_there(path) ? 1 : 0;
  return disk_of(layer).crashed() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}
int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}
// Nobody waits: another connection of the same thread will not let go meanwhile.
int wait_a_while(sqlite3_vfs*, int microseconds) { return microseconds; }
int time_of_day(sqlite3_vfs*, sqlite3_int64* out) {
  *out = sqlite3_int64{212'000'000'000'000};  // milliseconds of a day in 2006, in Julian days
  return SQLITE_OK;
}

}  // namespace

std::unique_ptr<sqlite3_vfs> make_simulated_layer(SimulatedDisk& disk, const std::string& name) {
  sqlite3_initialize();
  auto layer = std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find(nullptr));
  layer->iVersion = 2;
  layer->zName = name.c_str();
  layer->pAppData = &disk;
  layer->pNext = nullptr;
  layer->szOsFile = static_cast<int>(sizeof(OpenFile));
  layer->xOpen = open_file;
  layer->xDelete = delete_file;
  layer->xAccess = access_file;
  layer->xFullPathname = full_path;
  layer->xSleep = wait_a_while;
  layer->xCurrentTimeInt64 = time_of_day;
  const int code = sqlite3_vfs_register(layer.get(), 0);
  assert(code == SQLITE_OK);
  static_cast<void>(code);
  return layer;
}

}  // namespace disburse::store
