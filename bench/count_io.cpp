// Loaded before the C library (LD_PRELOAD), counts what a program and its children write and sync:
// into the file that COUNT_IO names, three 64-bit numbers: syncs, writes, bytes written. The
// sandbox's log and sockets are not counted: only positioned writes are, which is how databases
// write.
//
// Threads: any; the counters are shared by all processes.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

struct Counters {
  std::atomic<std::uint64_t> syncs;
  std::atomic<std::uint64_t> writes;
  std::atomic<std::uint64_t> bytes;
};

Counters* map_counters() {
  static Counters nowhere{};
  const char* path = std::getenv("COUNT_IO");
  if (path == nullptr) return &nowhere;
  const int file = ::open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
  if (file < 0 || ::ftruncate(file, sizeof(Counters)) != 0) return &nowhere;
  void* shared = ::mmap(nullptr, sizeof(Counters), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  return shared == MAP_FAILED ? &nowhere : static_cast<Counters*>(shared);
}

Counters& counters() {
  static Counters* const shared = map_counters();
  return *shared;
}

ssize_t wrote(ssize_t count) {
  if (count > 0) {
    counters().writes.fetch_add(1, std::memory_order_relaxed);
    counters().bytes.fetch_add(static_cast<std::uint64_t>(count), std::memory_order_relaxed);
  }
  return count;
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int fsync(int file) {
  static const auto call = real<int (*)(int)>("fsync");
  counters().syncs.fetch_add(1, std::memory_order_relaxed);
  return call(file);
}

int fdatasync(int file) {
  static const auto call = real<int (*)(int)>("fdatasync");
  counters().syncs.fetch_add(1, std::memory_order_relaxed);
  return call(file);
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t at) {
  static const auto call = real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return wrote(call(file, bytes, count, at));
}

ssize_t pwrite(int file, const void* bytes, size_t count, off_t at) {
  static const auto call = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return wrote(call(file, bytes, count, at));
}

ssize_t pwritev(int file, const struct iovec* parts, int count, off_t at) {
  static const auto call = real<ssize_t (*)(int, const struct iovec*, int, off_t)>("pwritev");
  return wrote(call(file, parts, count, at));
}
}
