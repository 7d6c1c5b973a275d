// Encodings of bytes as text: what is decoded is encoded to the same text again, and the other way
// round.
#include <algorithm>
#include <string>

#include "core/recipient.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"
#include "wire/base64.hpp"
#include "wire/hex.hpp"
#include "wire/html.hpp"
#include "wire/json.hpp"
#include "wire/url.hpp"

namespace disburse::fuzz {
namespace {

using Encode = std::string (*)(std::string_view);
using Decode = core::Result<std::string> (*)(std::string_view);

void check_encoding(Encode encode, Decode decode, std::string_view bytes) {
  const auto back = decode(encode(bytes));
  require(back && *back == bytes, "encoded bytes come back", bytes);
}

// One text for one value: what is accepted is what the encoder writes.
void check_strict(Encode encode, Decode decode, std::string_view text) {
  const auto bytes = decode(text);
  if (bytes) require(encode(*bytes) == text, "each value has one text", text);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

void check_hex(std::string_view text) {
  const auto bytes = wire::hex_decode(text);
  if (bytes) require(wire::hex_encode(*bytes) == lower(text), "hex is read in either case", text);
}

void check_html(std::string_view text) {
  const std::string escaped = wire::escape_html(text);
  require(escaped.find_first_of("<>\"'") == std::string::npos, "nothing escapes from a page", text);
  for (std::size_t at = 0; (at = escaped.find('&', at)) != std::string::npos; ++at) {
    const std::size_t end = escaped.find(';', at);
    require(end != std::string::npos && end - at <= 6, "every & begins an entity", text);
  }
}

void check_json_string(std::string_view text) {
  std::string json;
  wire::append_json_string(json, text);
  const auto read = wire::parse_json(json);
  require(read && read->root().is_string(), "every text can be written as JSON", json);
  std::string visible = json;
  std::replace(visible.begin(), visible.end(), '\x7f', ' ');  // which JSON may have
  require(core::is_clean_text(visible), "JSON has no control characters and is UTF-8", json);
  // JSON has every control character escaped, so only what is not UTF-8 may differ.
  std::string again;
  wire::append_json_string(again, read->root().text());
  require(again == json, "a JSON text that was read is written again", json);
  if (core::is_clean_text(text))
    require(read->root().text() == text, "a clean text comes back from JSON", text);
}

}  // namespace

void fuzz_text(std::string_view input) {
  check_encoding(wire::base64_encode, wire::base64_decode, input);
  check_encoding(wire::base64url_encode, wire::base64url_decode, input);
  check_encoding(wire::hex_encode, wire::hex_decode, input);
  check_encoding(wire::percent_encode, wire::percent_decode, input);
  check_strict(wire::base64_encode, wire::base64_decode, input);
  check_strict(wire::base64url_encode, wire::base64url_decode, input);
  check_hex(input);
  check_html(input);
  check_json_string(input);
}

}  // namespace disburse::fuzz
