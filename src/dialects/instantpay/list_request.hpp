// What a list call asks for. The provider puts it as JSON into the body of a GET; since a proxy may
// drop that, the same fields are also read from the query string, and the body wins.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/link.hpp"
#include "wire/http.hpp"

namespace disburse::dialects::instantpay {

struct ListAsked {
  std::vector<core::LinkState> states;  // empty: all
  std::string contact;
  std::string link_id;
  std::string reference;  // not the provider's: finds links that other dialects made
  std::uint32_t page = 1;
  std::uint32_t size = 0;
};

core::Result<ListAsked> read_list(const wire::Request& request);

}  // namespace disburse::dialects::instantpay
