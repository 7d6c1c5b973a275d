// What happened, one line each: the last ones are printed with a violation, and all of them are
// hashed, so that two runs can be compared.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace disburse::sim {

class Trace {
 public:
  static constexpr std::size_t kLinesKept = 60;

  void say(std::string line) {
    hash_in(line);
    lines_.push_back(std::move(line));
    if (lines_.size() > kLinesKept) lines_.pop_front();
  }
  // Counts for the hash and is not printed.
  void hash_in(std::string_view text) {
    for (const char c : text) {  // FNV-1a
      hash_ ^= static_cast<unsigned char>(c);
      hash_ *= 0x100'0000'01b3U;
    }
  }
  std::uint64_t hash() const { return hash_; }
  const std::deque<std::string>& lines() const { return lines_; }

 private:
  std::uint64_t hash_ = 0xcbf2'9ce4'8422'2325U;
  std::deque<std::string> lines_;
};

}  // namespace disburse::sim
