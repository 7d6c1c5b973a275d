#include "wire/base64.hpp"

#include <array>
#include <cstdint>

namespace disburse::wire {

using core::Code;
using core::fail;
using core::Result;

namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t kNoLetter = 0xff;
using LetterTable = std::array<std::uint8_t, 256>;

constexpr LetterTable letters_of(std::string_view alphabet) {
  LetterTable table{};
  table.fill(kNoLetter);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr LetterTable kStandardLetters = letters_of(kStandard);
constexpr LetterTable kUrlLetters = letters_of(kUrl);

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group =
        byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
    for (const int shift : {18, 12, 6, 0}) text += alphabet[group >> shift & 63];
  }
  const std::size_t left = bytes.size() - i;
  if (left == 0) return text;
  const std::uint32_t group =
      byte_at(bytes, i) << 16 | (left == 2 ? byte_at(bytes, i + 1) << 8 : 0);
  text += alphabet[group >> 18 & 63];
  text += alphabet[group >> 12 & 63];
  if (left == 2) text += alphabet[group >> 6 & 63];
  if (padded) text.append(3 - left, '=');
  return text;
}

Result<std::string> decode(std::string_view text, const LetterTable& letters) {
  // One letter more than whole groups holds no whole byte.
  if (text.size() % 4 == 1) return fail(Code::malformed_request, {}, "base64: length");
  std::string bytes(text.size() * 3 / 4, '\0');
  char* out = bytes.data();
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::uint8_t letter = letters[static_cast<std::uint8_t>(c)];
    if (letter == kNoLetter) return fail(Code::malformed_request, {}, "base64: letter");
    group = group << 6 | letter;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *out++ = static_cast<char>(group >> bits & 0xff);
  }
  // Left-over bits must be zero: else two texts would mean the same bytes.
  if ((group & ((1U << bits) - 1)) != 0) return fail(Code::malformed_request, {}, "base64: bits");
  return bytes;
}

}  // namespace

std::string base64_encode(std::string_view bytes) { return encode(bytes, kStandard, true); }
std::string base64url_encode(std::string_view bytes) { return encode(bytes, kUrl, false); }

Result<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Code::malformed_request, {}, "base64: padding");
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  return decode(text, kStandardLetters);
}

Result<std::string> base64url_decode(std::string_view text) { return decode(text, kUrlLetters); }

}  // namespace disburse::wire
