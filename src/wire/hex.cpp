#include "wire/hex.hpp"

#include <cstdint>

namespace disburse::wire {

std::string hex_encode(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(bytes.size() * 2, '\0');
  char* out = text.data();
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
  return text;
}

core::Result<std::string> hex_decode(std::string_view text) {
  if (text.size() % 2 != 0) return core::fail(core::Code::malformed_request, {}, "hex: length");
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return core::fail(core::Code::malformed_request, {}, "hex: digit");
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

}  // namespace disburse::wire
