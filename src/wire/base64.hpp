// Base64 (RFC 4648), with the standard and the URL alphabet.
//
// Decoding is strict: one text for one value. Blanks, wrong padding, letters of the other alphabet
// and left-over bits that are not zero are refused.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace disburse::wire {

std::string base64_encode(std::string_view bytes);     // "+/", padded with "="
std::string base64url_encode(std::string_view bytes);  // "-_", without padding

core::Result<std::string> base64_decode(std::string_view text);     // padding required
core::Result<std::string> base64url_decode(std::string_view text);  // padding refused

}  // namespace disburse::wire
