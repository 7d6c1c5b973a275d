// The numbered migrations of the SQL stores: one text for every engine (migrations/0001_first.sql
// tells the rules). A store remembers the checksum of each that it has taken.
//
// Threads: constants.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sys/crypto.hpp"

namespace disburse::store {

struct Migration {
  std::uint32_t number = 0;  // 1, 2, 3 ... without gaps
  std::string name;          // "0001_first.sql"
  std::string sql;

  sys::Digest checksum() const { return sys::sha256(sql); }
};

// In order. The file's name begins with its number.
std::vector<Migration> migrations();

}  // namespace disburse::store
