// How the texts of statements that take rows as arrays are put together.
//
// Threads: values only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/postgres/statements.hpp"

namespace disburse::store::postgres {

// Rows of some columns of a table, as the first parameters of a statement.
class RowArrays {
 public:
  // `more`: columns that come again behind them, as they were loaded, under the name was_x.
  RowArrays(std::string_view table, const std::string& columns, const std::string& more = {});

  // "unnest($1::bigint[], $2::text[]) as n (a, b)"
  const std::string& source() const { return source_; }
  // "$9::bigint": the nth parameter behind the arrays.
  std::string parameter(std::size_t nth, std::string_view type) const;

 private:
  std::string source_;
  std::size_t arrays_ = 0;
};

// "t.a as ..": columns with the name of their table before each.
std::string of(std::string_view alias, const std::string& columns);

// The statement `changing`, which ends in "returning 1", as one that fails with version_conflict
// unless it has changed `count` rows.
std::string counted(const std::string& changing, const std::string& count);

Statement insert(const std::string& table, const std::string& columns);
// `kept`: columns that stay as they are in a row that is there.
Statement put(const std::string& table, const std::string& columns, const std::string& keys,
              const std::string& kept = {});
// Over rows that are there, and that have in `was` what was loaded; then how many.
Statement again(const std::string& table, const std::string& columns, const std::string& keys,
                const std::string& was = {});
Versioned versioned(const std::string& table, const std::string& columns, const std::string& keys,
                    const std::string& kept = {});

}  // namespace disburse::store::postgres
