// Reads a statement of the PostgreSQL store and tells what in it the schema's rules forbid
// (store/migrations/0001_first.sql): what not every engine does that the store is to run on, and
// what would have the database decide that the program must.
//
// Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace disburse::store {

// Empty: nothing. Otherwise what, in words.
std::string forbidden_in(std::string_view sql);

}  // namespace disburse::store
