// Small lists and records packed into one column: what is never searched for needs no column of its
// own.
//
// Numbers are LEB128, texts their length and bytes. The order is the format: fields are added at
// the end only.
// Threads: values only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace disburse::store {

class Packer {
 public:
  Packer& number(std::uint64_t value);
  Packer& text(std::string_view value);
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what a Packer wrote. After the first thing that cannot be read every value is empty, and
// finish() tells.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number();
  std::string text();
  bool at_end() const { return rest_.empty(); }
  core::Result<void> finish() const;

 private:
  std::string_view rest_;
  bool good_ = true;
};

using TextPairs = std::vector<std::pair<std::string, std::string>>;

// Empty lists are no bytes at all.
std::string pack_texts(const std::vector<std::string>& texts);
core::Result<std::vector<std::string>> unpack_texts(std::string_view bytes);
std::string pack_pairs(const TextPairs& pairs);
core::Result<TextPairs> unpack_pairs(std::string_view bytes);

}  // namespace disburse::store
