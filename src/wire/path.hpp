// Request targets and route patterns.
//
// Threads: pure functions; PathCaptures is a value of one thread.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace disburse::wire {

// Splits a request target into a path and a query. "//" in the path becomes "/", one trailing "/"
// is dropped ("/" itself stays), and of an absolute-form target ("http://host/path") only the path
// is kept. Nothing is decoded: an encoded slash must not become a separator. `path` is overwritten,
// so that a connection uses one string again and again; `query` is a view into `target`.
// False when the target is neither a path, nor absolute, nor "*".
[[nodiscard]] bool normalise_target(std::string_view target, std::string& path,
                                    std::string_view& query);

// What the {names} of a pattern stood for, percent-decoded. Views into the path where nothing had
// to be decoded, else into this object: it is not copied, and lives as long as its values.
class PathCaptures {
 public:
  static constexpr std::size_t kMostCaptures = 6;

  PathCaptures() = default;
  PathCaptures(const PathCaptures&) = delete;
  PathCaptures& operator=(const PathCaptures&) = delete;

  std::size_t size() const { return size_; }
  std::string_view operator[](std::size_t index) const { return values_[index]; }
  std::string_view get(std::string_view name) const;  // empty when the pattern has no such name

 private:
  friend bool match_path(std::string_view pattern, std::string_view path, PathCaptures& captures);
  bool add(std::string_view name, std::string_view encoded, std::size_t path_bytes);

  std::array<std::string_view, kMostCaptures> names_;
  std::array<std::string_view, kMostCaptures> values_;
  std::size_t size_ = 0;
  std::string decoded_;  // reserved once for the whole path, so that views into it stay
};

// Matches a normalised path against a pattern like "/v1/things/{id}/cancel". A {name} takes
// exactly one segment that is not empty; everything else is compared byte for byte. False also when
// a captured segment is not valid percent-encoding. `captures` is overwritten.
[[nodiscard]] bool match_path(std::string_view pattern, std::string_view path,
                              PathCaptures& captures);

}  // namespace disburse::wire
