// What the fuzz targets share: how a promise is checked, and how bytes become choices.
//
// A promise that does not hold ends the program: libFuzzer keeps the input, and so does the short
// form (driver.hpp).
// Threads: one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace disburse::fuzz {

// Says what was promised, and what was seen, and aborts.
[[noreturn]] void broken(std::string_view promise, std::string_view seen = {});

inline void require(bool holds, std::string_view promise, std::string_view seen = {}) {
  if (!holds) broken(promise, seen);
}

// Choices taken from the front of an input; zeros when it is used up.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  // Below the bound, which is not zero.
  std::uint32_t below(std::uint32_t bound) { return byte() % bound; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | byte();
    return value;
  }
  // What stands before the next zero byte, or everything.
  std::string_view text() {
    const std::size_t end = rest_.find('\0');
    const std::string_view found = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    return found;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace disburse::fuzz
