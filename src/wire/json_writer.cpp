#include <array>
#include <charconv>

#include "wire/json.hpp"

namespace disburse::wire {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// Bytes that are copied as they are: ASCII but for control characters, the quote and the backslash.
constexpr std::array<bool, 256> plain_bytes() {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}
constexpr std::array<bool, 256> kPlain = plain_bytes();

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0;
}

// What the second byte of a sequence may be depends on the first (Unicode, table 3-7): no overlong
// forms, no surrogates, nothing beyond U+10FFFF.
bool is_second(std::uint8_t first, std::uint8_t second) {
  switch (first) {
    case 0xe0:
      return second >= 0xa0 && second <= 0xbf;
    case 0xed:
      return second >= 0x80 && second <= 0x9f;
    case 0xf0:
      return second >= 0x90 && second <= 0xbf;
    case 0xf4:
      return second >= 0x80 && second <= 0x8f;
    default:
      return second >= 0x80 && second <= 0xbf;
  }
}

// Length of the UTF-8 sequence at i, which is not ASCII; 0 when it is none.
std::size_t sequence_length(std::string_view text, std::size_t i) {
  const std::uint8_t first = byte_at(text, i);
  const std::size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                             : first >= 0xe0 && first <= 0xef ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4
                                                              : 0;
  if (length == 0 || !is_second(first, byte_at(text, i + 1))) return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((byte_at(text, i + k) & 0xc0) != 0x80) return 0;
  }
  return length;
}

void append_escape(std::string& out, std::uint8_t byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (byte) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
  }
}

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc()) out.append(digits.data(), end);
}

void append_quoted(std::string& out, std::string_view plain) {
  const std::size_t begin = out.size();
  out.resize(begin + plain.size() + 2);
  char* const text = out.data() + begin;
  text[0] = '"';
  plain.copy(text + 1, plain.size());
  text[plain.size() + 1] = '"';
}

}  // namespace

void append_json_string(std::string& out, std::string_view value) {
  std::size_t i = 0;
  while (i < value.size() && kPlain[byte_at(value, i)]) ++i;
  if (i == value.size()) return append_quoted(out, value);  // almost always

  out += '"';
  std::size_t copied = 0;  // all before is in out
  while (i < value.size()) {
    const std::uint8_t byte = byte_at(value, i);
    if (kPlain[byte]) {
      ++i;
      continue;
    }
    const std::size_t length = byte < 0x80 ? 0 : sequence_length(value, i);
    if (length > 0) {
      i += length;
      continue;
    }
    out.append(value, copied, i - copied);
    if (byte < 0x80) {
      append_escape(out, byte);
    } else {
      out += kReplacement;
    }
    copied = ++i;
  }
  out.append(value, copied, value.size() - copied);
  out += '"';
}

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  separate();
  append_json_string(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  separate();
  append_number(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
  separate();
  append_number(out_, value);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace disburse::wire
