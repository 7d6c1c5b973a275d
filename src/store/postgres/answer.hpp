// The answer to one statement: its rows, read column by column from the first to the last.
//
// Promise: what cannot be in a column shows in readable(), and reads as zero.
// Threads: one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/money.hpp"
#include "store/rows.hpp"

struct pg_result;

namespace disburse::store::postgres {

class Answer {
 public:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  using Result = std::unique_ptr<pg_result, Clear>;
  explicit Answer(Result result);

  // The next row; false: there is none.
  bool next();
  std::int64_t rows() const { return count_; }

  std::int64_t i64();
  std::uint64_t u64() { return static_cast<std::uint64_t>(i64()); }
  std::uint32_t u32();
  bool flag() { return i64() != 0; }
  std::string text() { return std::string(bytes()); }
  std::string_view bytes();                  // while the answer is there
  bool is_null() const;                      // of the column that comes next; does not move on
  std::string_view peek(int columns) const;  // the bytes of the column that comes so much later
  void skip(std::size_t columns) { column_ += static_cast<int>(columns); }
  core::Instant instant() { return core::Instant::from_ms(i64()); }
  std::optional<core::Instant> maybe_instant();
  core::Money money();
  core::MerchantId merchant() { return core::MerchantId{u32()}; }
  template <class AnyId>
  AnyId id() {
    return AnyId{u64()};
  }
  // A stored enum; `last` is its highest number.
  template <class Enum>
  Enum number(Enum last) {
    const std::int64_t value = i64();
    if (value < 0 || value > static_cast<std::int64_t>(last)) good_ = false;
    return good_ ? static_cast<Enum>(value) : Enum{};
  }
  // internal_error when a column of the row held what cannot be there.
  core::Result<void> readable() const;

 private:
  Result result_;
  int count_ = 0;
  int row_ = -1;
  int column_ = 0;
  bool good_ = true;
};

// The first row, read by `read`; none when there is no row.
template <class Read>
auto read_one(Answer& answer, Read read)
    -> core::Result<std::optional<typename std::invoke_result_t<Read, Answer&>::value_type>> {
  using Row = typename std::invoke_result_t<Read, Answer&>::value_type;
  if (!answer.next()) return std::optional<Row>{};
  return std::optional<Row>(TRY(read(answer)));
}

// All rows, behind those that are there.
template <class Read, class Row>
core::Result<void> read_into(Answer& answer, Read read, std::vector<Row>& rows) {
  rows.reserve(rows.size() + static_cast<std::size_t>(answer.rows()));
  while (answer.next()) rows.push_back(TRY(read(answer)));
  return {};
}

}  // namespace disburse::store::postgres
