#include "sys/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "sys/crash_point.hpp"

namespace disburse::sys {

namespace {

using core::Code;
using core::fail;
using core::Result;

tl::unexpected<core::Error> failed(std::string_view what, const Path& path, int reason) {
  return fail(
      Code::io_failed, {},
      std::string(what) + " " + path.string() + ": " + std::generic_category().message(reason));
}

// Closes what it opened. A close that can report a lost write is done by hand first.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

Result<void> write_all(const Descriptor& file, ByteView bytes, const Path& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("writing", path, errno);
    bytes = bytes.from(static_cast<std::size_t>(count));
  }
  return {};
}

// A rename is on the disk only when its folder is.
Result<void> sync_folder(const Path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return failed("opening", folder, errno);
  if (::fsync(opened.number()) != 0) return failed("syncing", folder, errno);
  return {};
}

Path folder_of(const Path& path) { return path.has_parent_path() ? path.parent_path() : Path("."); }

Result<void> write_new(const Path& path, ByteView bytes, Mode mode) {
  const auto bits = static_cast<mode_t>(mode);
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, bits));
  if (!file) return failed("creating", path, errno);
  if (::fchmod(file.number(), bits) != 0) return failed("chmod of", path, errno);  // past the umask
  CHECK(write_all(file, bytes, path));
  if (::fsync(file.number()) != 0) return failed("syncing", path, errno);
  if (!file.close()) return failed("closing", path, errno);
  return {};
}

Result<void> put_in_place(const Path& temporary, const Path& path, Existing existing) {
  if (existing == Existing::replace) {
    if (::rename(temporary.c_str(), path.c_str()) != 0) return failed("renaming to", path, errno);
    return {};
  }
  // Unlike rename, link refuses a name that is taken.
  if (::link(temporary.c_str(), path.c_str()) != 0) return failed("creating", path, errno);
  ::unlink(temporary.c_str());
  return {};
}

}  // namespace

Result<std::string> RealFiles::read_file(const Path& path) const {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return failed("opening", path, errno);
  std::string text;
  std::array<char, 16384> buffer;
  while (true) {
    const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("reading", path, errno);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Result<void> RealFiles::write_file_durably(const Path& path, ByteView bytes, Mode mode,
                                           Existing existing) {
  // Names differ between threads and between programs, so that two writers do not share a file.
  static std::atomic<unsigned> serial = 0;
  Path temporary = path;
  temporary += ".new-" + std::to_string(::getpid()) + "-" + std::to_string(++serial);

  Result<void> written = write_new(temporary, bytes, mode);
  crash_point(CrashPoint::file_written);
  if (written) written = put_in_place(temporary, path, existing);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  crash_point(CrashPoint::file_in_place);
  return sync_folder(folder_of(path));
}

Result<void> RealFiles::make_directories(const Path& path, Mode mode) {
  Path so_far;
  for (const Path& part : path) {
    so_far /= part;
    if (::mkdir(so_far.c_str(), static_cast<mode_t>(mode)) == 0) {
      CHECK(sync_folder(folder_of(so_far)));
    } else if (errno != EEXIST) {
      return failed("creating", so_far, errno);
    }
  }
  if (std::error_code error; !std::filesystem::is_directory(path, error)) {
    return failed("creating", path, ENOTDIR);
  }
  return {};
}

bool RealFiles::exists(const Path& path) const {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

Result<Mode> RealFiles::mode(const Path& path) const {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return failed("looking at", path, errno);
  return static_cast<Mode>(status.st_mode & 0777);
}

Result<void> RealFiles::remove(const Path& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return failed("removing", path, errno);
  }
  return sync_folder(folder_of(path));
}

Result<std::vector<std::string>> RealFiles::list(const Path& folder) const {
  std::error_code error;
  std::vector<std::string> names;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return failed("listing", folder, error.value());
  std::sort(names.begin(), names.end());
  return names;
}

Result<SecretKey> load_or_create_key(Files& files, Random& random, const Path& path) {
  if (!files.exists(path)) {
    const SecretKey key = SecretKey::generate(random);
    const Result<void> written =
        files.write_file_durably(path, key.expose(), Mode::owner_only, Existing::refuse);
    // Somebody else may have made it meanwhile: then theirs is the key.
    if (!written && !files.exists(path)) return tl::unexpected(written.error());
  }
  const Mode mode = TRY(files.mode(path));
  if ((static_cast<unsigned>(mode) & 077) != 0) {
    return fail(Code::configuration_invalid, "key-file",
                path.string() + " can be read by others than its owner: chmod 600");
  }
  std::string bytes = TRY(files.read_file(path));
  Result<SecretKey> key = SecretKey::from_bytes(bytes);
  wipe(bytes);
  if (!key) {
    return fail(Code::configuration_invalid, "key-file", path.string() + " has not 32 bytes");
  }
  return key;
}

}  // namespace disburse::sys
