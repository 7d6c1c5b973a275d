// A second reader of JSON, written from RFC 8259 for one purpose: to disagree with the first where
// that is wrong. Recursive, slow, and without any code of the first.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace disburse::fuzz {

struct PlainLimits {
  std::size_t depth = 32;
  std::size_t nodes = 50'000;
};

// The value as one text: its kind, its length and its content, members in the order sent. None when
// it is not JSON or beyond the limits.
std::optional<std::string> read_json_plainly(std::string_view text, PlainLimits limits);

// The pieces that such a text is made of.
std::string plain_scalar(char kind, std::string_view text);

}  // namespace disburse::fuzz
