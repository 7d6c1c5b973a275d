#include "store/postgres/answer.hpp"

#include <libpq-fe.h>

namespace disburse::store::postgres {

void Answer::Clear::operator()(pg_result* result) const { PQclear(result); }

Answer::Answer(Result result) : result_(std::move(result)), count_(PQntuples(result_.get())) {}

bool Answer::next() {
  column_ = 0;
  good_ = true;
  return ++row_ < count_;
}

bool Answer::is_null() const { return PQgetisnull(result_.get(), row_, column_) == 1; }

std::string_view Answer::peek(int columns) const {
  const int column = column_ + columns;
  const auto size = static_cast<std::size_t>(PQgetlength(result_.get(), row_, column));
  return {PQgetvalue(result_.get(), row_, column), size};
}

std::string_view Answer::bytes() {
  const std::string_view value = peek(0);
  ++column_;
  return value;
}

// SMALLINT, INTEGER, BIGINT or BOOLEAN: big end first, as wide as the column.
std::int64_t Answer::i64() {
  const bool none = is_null();
  const std::string_view value = bytes();
  if (none) return 0;
  if (value.empty() || value.size() > 8) {
    good_ = false;
    return 0;
  }
  std::uint64_t bits = (static_cast<unsigned char>(value[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : value) bits = (bits << 8) | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(bits);
}

std::uint32_t Answer::u32() {
  const std::int64_t value = i64();
  if (value < 0 || value > std::int64_t{0xffffffff}) good_ = false;
  return static_cast<std::uint32_t>(value);
}

std::optional<core::Instant> Answer::maybe_instant() {
  const bool none = is_null();
  const core::Instant value = instant();
  return none ? std::nullopt : std::optional(value);
}

core::Money Answer::money() {
  const core::Result<core::Money> money = core::Money::from_paise(i64());
  if (!money) good_ = false;
  return money ? *money : core::Money{};
}

core::Result<void> Answer::readable() const {
  if (good_) return {};
  return core::fail(core::Code::internal_error, {}, "a row holds what it cannot");
}

}  // namespace disburse::store::postgres
