// Where the database is: the store's URL, taken apart into what libpq is told for each host.
//
// Threads: values only.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace disburse::store::postgres {

struct Target {
  // One list of libpq's keywords and values for each host of the URL, tried in this order.
  using Keywords = std::vector<std::pair<std::string, std::string>>;
  std::vector<Keywords> hosts;
  // False with "?prepared=off" in the URL: nothing is kept in a session, so that a pooler may give
  // every transaction another one (PgBouncer in transaction mode).
  bool keeps_session = true;
  std::string name;  // for messages: host and database, without password
};

// configuration_invalid, field "store": the URL cannot be read.
core::Result<Target> parse_target(std::string_view url);

}  // namespace disburse::store::postgres
