// Hexadecimal text: written in lower case, read in either.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace disburse::wire {

std::string hex_encode(std::string_view bytes);
core::Result<std::string> hex_decode(std::string_view text);  // odd lengths are refused

// The value of one digit in either case, or -1.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace disburse::wire
