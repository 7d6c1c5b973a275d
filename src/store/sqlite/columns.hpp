// The statements that write a table's columns, in SQLite's words.
//
// Threads: values only.
#pragma once

#include "store/columns.hpp"

namespace disburse::store {

// "insert into t (columns) values (?1, ?2, ...)"
std::string insert_into(const std::string& table, const std::string& columns);
// "a = ?1, b = ?2", numbered as in the columns; what is in `but` is left out.
std::string set_columns(const std::string& columns, const std::string& but);

}  // namespace disburse::store
