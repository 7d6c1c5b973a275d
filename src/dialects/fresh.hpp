// Texts of fresh random bytes, for new credentials in the shapes that providers use.
// Threads: one object, one thread.
#pragma once

#include <cassert>
#include <string>

#include "core/public_id.hpp"
#include "dialects/dialect.hpp"
#include "wire/hex.hpp"

namespace disburse::dialects {

class Fresh {
 public:
  explicit Fresh(FreshBytes bytes) : bytes_(bytes) {}

  // Each byte is used once.
  std::string bytes(std::size_t count) {
    assert(used_ + count <= bytes_.size());
    std::string out(bytes_.begin() + static_cast<std::ptrdiff_t>(used_),
                    bytes_.begin() + static_cast<std::ptrdiff_t>(used_ + count));
    used_ += count;
    return out;
  }
  std::string hex(std::size_t digits) { return wire::hex_encode(bytes(digits / 2)); }
  // 128 bits for each 21 digits, of which the last 21 digits are kept.
  std::string base62(std::size_t digits) {
    std::string out;
    while (out.size() < digits) {
      unsigned __int128 value = 0;
      for (const char byte : bytes(16)) value = (value << 8) | static_cast<unsigned char>(byte);
      out += core::base62(value, 21);
    }
    return out.substr(0, digits);
  }

 private:
  FreshBytes bytes_;
  std::size_t used_ = 0;
};

// The credential of a kind; never asked for one that is not there.
inline const NewCredential* credential_of(std::span<const NewCredential> credentials,
                                          std::string_view kind) {
  for (const NewCredential& credential : credentials) {
    if (credential.kind == kind) return &credential;
  }
  return nullptr;
}

}  // namespace disburse::dialects
