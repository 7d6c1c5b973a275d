// Files, as much of them as Disburse needs outside its store: keys, sandbox.json, exports.
//
// Every failure is Code::io_failed with the path and the system's reason in `detail`.
// Threads: any; two writers of one path: the later one stays, never a mixture.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "sys/bytes.hpp"
#include "sys/crypto.hpp"
#include "sys/random.hpp"

namespace disburse::sys {

using Path = std::filesystem::path;

// The nine permission bits.
enum class Mode : std::uint16_t { owner_only = 0600, owner_folder = 0700, readable = 0644 };

enum class Existing : std::uint8_t { replace, refuse };

class Files {
 public:
  virtual ~Files() = default;

  virtual core::Result<std::string> read_file(const Path& path) const = 0;
  // After this returns, a power cut leaves the whole new file; before, the whole old one.
  virtual core::Result<void> write_file_durably(const Path& path, ByteView bytes,
                                                Mode mode = Mode::owner_only,
                                                Existing existing = Existing::replace) = 0;
  virtual core::Result<void> make_directories(const Path& path, Mode mode = Mode::owner_folder) = 0;
  virtual bool exists(const Path& path) const = 0;
  virtual core::Result<Mode> mode(const Path& path) const = 0;
  virtual core::Result<void> remove(
      const Path& path) = 0;  // of a file that is not there: nothing to do
  virtual core::Result<std::vector<std::string>> list(
      const Path& folder) const = 0;  // names, sorted
};

class RealFiles final : public Files {
 public:
  core::Result<std::string> read_file(const Path& path) const override;
  core::Result<void> write_file_durably(const Path& path, ByteView bytes,
                                        Mode mode = Mode::owner_only,
                                        Existing existing = Existing::replace) override;
  core::Result<void> make_directories(const Path& path, Mode mode = Mode::owner_folder) override;
  bool exists(const Path& path) const override;
  core::Result<Mode> mode(const Path& path) const override;
  core::Result<void> remove(const Path& path) override;
  core::Result<std::vector<std::string>> list(const Path& folder) const override;
};

// The server's master key: 32 bytes, made at the first start, readable by its owner alone. A file
// that others may read, or of another size, is configuration_invalid: it is not a secret any more,
// or not ours. Two servers that start at once end with the same key.
core::Result<SecretKey> load_or_create_key(Files& files, Random& random, const Path& path);

}  // namespace disburse::sys
