// URLs: percent encoding (RFC 3986), and the parts of an http or https URL.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"

namespace disburse::wire {

// Everything but A-Z a-z 0-9 - . _ ~ becomes %XX, so the result is safe in a query and in a
// segment.
std::string percent_encode(std::string_view text);

// "%41" is "A"; a "%" without two digits after it is refused. "+" stays "+": only forms make it a
// blank (form.hpp).
core::Result<std::string> percent_decode(std::string_view text);

struct Url {
  bool secure = false;     // https
  std::string host;        // in lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;  // as written, else 80 or 443
  std::string path;        // begins with "/"; still percent-encoded
  std::string query;       // after "?", still percent-encoded; empty when there is none

  std::string_view scheme() const { return secure ? "https" : "http"; }
  std::string origin() const;  // "https://example.com:8443"; the usual port is left out
};

// Absolute http and https URLs only. A user name or password before the host is refused: it would
// end up in logs. A fragment is dropped.
core::Result<Url> parse_url(std::string_view text);

// Adds query pairs, percent-encoded, before a fragment if there is one.
std::string with_query(std::string_view url,
                       std::span<const std::pair<std::string, std::string>> pairs);

}  // namespace disburse::wire
