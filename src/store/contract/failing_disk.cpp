#include "store/contract/failing_disk.hpp"

#include <sqlite3.h>

#include <cassert>
#include <fstream>
#include <memory>
#include <sstream>

namespace disburse::store {
namespace {

// SQLite allocates szOsFile bytes for it; the system's own file lies behind it.
struct File {
  sqlite3_file base;
  FailingDisk* disk;
  const char* path;  // SQLite keeps it as long as the file is open
  bool database;     // not its log
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* as_file(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return as_file(file)->real(); }

std::string bytes_of(const char* path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(out).str();
}

int close_file(sqlite3_file* file) {
  if (real(file)->pMethods == nullptr) return SQLITE_OK;
  return real(file)->pMethods->xClose(real(file));
}
int read_file(sqlite3_file* file, void* out, int size, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), out, size, at);
}
int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  if (as_file(file)->disk->fail_writes) return SQLITE_IOERR_WRITE;
  if (as_file(file)->disk->full) return SQLITE_FULL;
  if (as_file(file)->disk->full_for_the_database && as_file(file)->database) return SQLITE_FULL;
  return real(file)->pMethods->xWrite(real(file), bytes, size, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return real(file)->pMethods->xTruncate(real(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
  File& self = *as_file(file);
  if (self.disk->fail_syncs) return SQLITE_IOERR_FSYNC;
  if (self.disk->fail_database_syncs && self.database) return SQLITE_IOERR_FSYNC;
  const int code = self.real()->pMethods->xSync(self.real(), flags);
  if (code == SQLITE_OK && self.path != nullptr) {
    self.disk->synced(self.path, bytes_of(self.path));
  }
  return code;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_reserved(sqlite3_file* file, int* out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int control_file(sqlite3_file* file, int what, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), what, argument);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  const bool full = as_file(file)->disk->full_for_the_index;
  const int code = real(file)->pMethods->xShmMap(real(file), page, size, full ? 0 : extend, out);
  return code == SQLITE_OK && *out == nullptr && extend != 0 ? SQLITE_IOERR_SHMSIZE : code;
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods kMethods = {
    2,         close_file,  read_file,      write_file,   truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_reserved, control_file, sector_size,   characteristics, shm_map,
    shm_lock,  shm_barrier, shm_unmap,      nullptr,      nullptr};

sqlite3_vfs* system_layer() {
  sqlite3_initialize();
  return sqlite3_vfs_find(nullptr);
}

FailingDisk* disk_of(sqlite3_vfs* layer) { return static_cast<FailingDisk*>(layer->pAppData); }

int open_file(sqlite3_vfs* layer, const char* path, sqlite3_file* file, int flags, int* out) {
  File& self = *as_file(file);
  self.disk = disk_of(layer);
  self.path = path;
  self.database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  self.real()->pMethods = nullptr;
  self.base.pMethods = &kMethods;
  return system_layer()->xOpen(system_layer(), path, self.real(), flags, out);
}

int delete_file(sqlite3_vfs* layer, const char* path, int sync_folder) {
  disk_of(layer)->removed(path);
  return system_layer()->xDelete(system_layer(), path, sync_folder);
}

}  // namespace

struct FailingDisk::Layer {
  sqlite3_vfs vfs;
};

FailingDisk::FailingDisk() : name_("disburse-failing-disk") {
  layer_ = std::make_unique<Layer>(Layer{*system_layer()});
  layer_->vfs.zName = name_.c_str();
  layer_->vfs.pAppData = this;
  layer_->vfs.pNext = nullptr;
  layer_->vfs.szOsFile = static_cast<int>(sizeof(File)) + system_layer()->szOsFile;
  layer_->vfs.xOpen = open_file;
  layer_->vfs.xDelete = delete_file;
  sqlite3_vfs_register(&layer_->vfs, 0);
}

FailingDisk::~FailingDisk() { sqlite3_vfs_unregister(&layer_->vfs); }

void FailingDisk::synced(const std::string& path, std::string bytes) {
  const std::lock_guard guard(lock_);
  ++syncs;
  kept_[path] = std::move(bytes);
}

void FailingDisk::removed(const std::string& path) {
  const std::lock_guard guard(lock_);
  kept_.erase(path);
}

void FailingDisk::cut_power(const std::filesystem::path& into) const {
  const std::lock_guard guard(lock_);
  std::filesystem::create_directories(into);
  for (const auto& [path, bytes] : kept_) {
    std::ofstream(into / std::filesystem::path(path).filename(), std::ios::binary) << bytes;
  }
}

}  // namespace disburse::store
