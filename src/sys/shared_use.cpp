#include "sys/shared_use.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace disburse::sys {
namespace {

core::Result<void> lock(int folder, int how) {
  while (::flock(folder, how) != 0) {
    if (errno == EINTR) continue;
    return core::fail(core::Code::io_failed, {}, std::generic_category().message(errno));
  }
  return {};
}

}  // namespace

// The folder and not a file in it: closing any descriptor of a database's file would end the locks
// that SQLite has on it.
core::Result<SharedUse> SharedUse::of(const Path& folder) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0)
    return core::fail(core::Code::io_failed, {}, std::generic_category().message(errno));
  SharedUse use(opened, false);
  use.alone_ = lock(opened, LOCK_EX | LOCK_NB).has_value();
  if (!use.alone_) CHECK(lock(opened, LOCK_SH));
  return use;
}

SharedUse::SharedUse(SharedUse&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)), alone_(other.alone_) {}

SharedUse::~SharedUse() {
  if (folder_ >= 0) ::close(folder_);
}

core::Result<void> SharedUse::share() {
  alone_ = false;
  return lock(folder_, LOCK_SH);
}

}  // namespace disburse::sys
