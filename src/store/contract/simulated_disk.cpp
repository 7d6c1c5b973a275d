// The disk itself: what is read, what is durable, and what comes of the rest.
#include "store/contract/simulated_disk.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstring>

#include "store/contract/simulated_file.hpp"

namespace disburse::store {
namespace {

using Change = SimulatedDisk::File::Change;

void put(std::string& into, std::string_view bytes, std::size_t at) {
  if (into.size() < at + bytes.size()) into.resize(at + bytes.size(), '\0');
  std::copy(bytes.begin(), bytes.end(), into.begin() + static_cast<std::ptrdiff_t>(at));
}

void carry_out(std::string& into, const Change& change) {
  if (change.is_cut)
    into.resize(change.at, '\0');
  else
    put(into, change.bytes, change.at);
}

// Sectors of the disk are written whole; a write is not.
void tear(std::string& into, const Change& change, sys::Random& random) {
  std::size_t done = 0;
  while (done < change.bytes.size()) {
    const std::size_t at = change.at + done;
    const std::size_t left_in_sector = SimulatedDisk::kSector - at % SimulatedDisk::kSector;
    const std::size_t size = std::min(left_in_sector, change.bytes.size() - done);
    if (random.below(2) == 0) put(into, std::string_view(change.bytes).substr(done, size), at);
    done += size;
  }
  // The file may have grown though its bytes were not written.
  const std::size_t end = change.at + change.bytes.size();
  if (into.size() < end && random.below(2) == 0) into.resize(end, '\0');
}

void carry_out_by_chance(std::string& into, const Change& change, sys::Random& random) {
  const std::uint64_t fate = random.below(3);
  if (fate == 0) return;
  if (fate == 1 || change.is_cut) return carry_out(into, change);
  tear(into, change, random);
}

// Several disks may be there at a time.
std::string next_name() {
  static std::atomic<std::uint64_t> number = 0;
  return "disburse-simulated-disk-" + std::to_string(++number);
}

// SQLite draws the salts of its logs from a generator of its own; it too begins with the seed.
void seed_sqlite(std::uint64_t seed) {
  const int never_zero = static_cast<int>(seed % 1'000'000'007) + 1;
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, never_zero, nullptr);
}

}  // namespace

void SimulatedDisk::File::change(Change change) {
  carry_out(now, change);
  changes.push_back(std::move(change));
}

SimulatedDisk::SimulatedDisk(std::uint64_t seed)
    : name_(next_name()), random_(seed), layer_(make_simulated_layer(*this, name_)) {
  seed_sqlite(seed);
}

SimulatedDisk::~SimulatedDisk() { sqlite3_vfs_unregister(layer_.get()); }

void SimulatedDisk::forget_accidents() {
  crash_at = fail_sync_at = fail_read_at = 0;
  full = false;
}

bool SimulatedDisk::strikes(std::uint64_t& at) {
  if (at == 0 || --at > 0) return false;
  ++struck_;
  return true;
}

bool SimulatedDisk::refuses() {
  if (crashed_) return true;
  ++calls_;
  crashed_ = strikes(crash_at);
  return crashed_;
}

// ---- names --------------------------------------------------------------------------------------

void SimulatedDisk::rename(const std::string& name, FilePtr file) {
  if (file == nullptr)
    names_.erase(name);
  else
    names_[name] = file;
  name_changes_.push_back({name, std::move(file)});
}

void SimulatedDisk::sync_names() {
  durable_names_ = names_;
  name_changes_.clear();
}

int SimulatedDisk::open(const char* path, int flags, OpenFile& file) {
  if (crashed_) return SQLITE_CANTOPEN;
  file.disk = this;
  const std::string name = path == nullptr ? "" : path;
  const auto known = names_.find(name);
  FilePtr found = known == names_.end() ? nullptr : known->second;
  if (found == nullptr) {
    if ((flags & SQLITE_OPEN_CREATE) == 0 || refuses()) return SQLITE_CANTOPEN;
    found = std::make_shared<File>();
    if (path != nullptr) rename(name, found);
    // The store makes its database durably before SQLite opens it.
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) sync_names();
  }
  constexpr int kLogs = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
  file.syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & kLogs) != 0;
  file.file = found.get();
  open_files_.emplace(&file, std::move(found));
  return SQLITE_OK;
}

void SimulatedDisk::close(OpenFile& file) { open_files_.erase(&file); }

int SimulatedDisk::remove(const char* path, bool sync_folder) {
  if (refuses()) return SQLITE_IOERR_DELETE;
  if (!names_.contains(path)) return SQLITE_IOERR_DELETE_NOENT;
  rename(path, nullptr);
  if (sync_folder && !lies) sync_names();
  return SQLITE_OK;
}

bool SimulatedDisk::is_there(std::string_view path) const {
  const auto known = names_.find(path);
  return known != names_.end() && !known->second->now.empty();
}

// ---- bytes --------------------------------------------------------------------------------------

int SimulatedDisk::read(OpenFile& file, void* out, std::size_t size, std::size_t at) {
  if (crashed_ || strikes(fail_read_at)) return SQLITE_IOERR_READ;
  const std::string& bytes = file.file->now;
  const std::size_t there = at < bytes.size() ? std::min(size, bytes.size() - at) : 0;
  auto* const to = static_cast<char*>(out);
  std::memcpy(to, bytes.data() + std::min(at, bytes.size()), there);
  std::memset(to + there, 0, size - there);
  return there == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int SimulatedDisk::write(OpenFile& open_file, std::string_view bytes, std::size_t at) {
  File& file = *open_file.file;
  const bool was_alive = !crashed_;
  if (refuses()) {
    // The kernel may have got it, or the beginning of it.
    const std::size_t size = was_alive ? random_.below(2) * random_.below(bytes.size() + 1) : 0;
    if (size > 0) file.change({.at = at, .bytes = std::string(bytes.substr(0, size))});
    return SQLITE_IOERR_WRITE;
  }
  if (full && at + bytes.size() > file.now.size()) {
    ++struck_;
    const std::size_t room = file.now.size() > at ? file.now.size() - at : 0;
    if (room > 0) file.change({.at = at, .bytes = std::string(bytes.substr(0, room))});
    return SQLITE_FULL;
  }
  file.change({.at = at, .bytes = std::string(bytes)});
  return SQLITE_OK;
}

int SimulatedDisk::cut(OpenFile& file, std::size_t size) {
  if (refuses()) return SQLITE_IOERR_TRUNCATE;
  file.file->change({.is_cut = true, .at = size});
  return SQLITE_OK;
}

int SimulatedDisk::sync(OpenFile& open_file) {
  if (refuses()) return SQLITE_IOERR_FSYNC;
  if (lies) return SQLITE_OK;
  File& file = *open_file.file;
  if (strikes(fail_sync_at)) {
    for (const Change& change : file.changes) carry_out_by_chance(file.durable, change, random_);
    file.changes.clear();
    return SQLITE_IOERR_FSYNC;
  }
  for (const Change& change : file.changes) carry_out(file.durable, change);
  file.changes.clear();
  if (std::exchange(open_file.syncs_folder, false)) sync_names();
  return SQLITE_OK;
}

// ---- power --------------------------------------------------------------------------------------

void SimulatedDisk::settle(File& file, Left left) {
  for (const Change& change : file.changes) {
    if (left == Left::what_was_written) carry_out(file.durable, change);
    if (left == Left::by_chance) carry_out_by_chance(file.durable, change, random_);
  }
  file.changes.clear();
  file.now = file.durable;
}

void SimulatedDisk::restart(Left left) {
  assert(open_files_.empty());
  crashed_ = false;
  if (left == Left::everything) return;
  for (const NameChange& change : name_changes_) {
    const bool kept =
        left == Left::what_was_written || (left == Left::by_chance && random_.below(2) == 0);
    if (!kept) continue;
    if (change.file == nullptr)
      durable_names_.erase(change.name);
    else
      durable_names_[change.name] = change.file;
  }
  names_ = durable_names_;
  name_changes_.clear();
  for (const auto& [name, file] : names_) settle(*file, left);
}

}  // namespace disburse::store
