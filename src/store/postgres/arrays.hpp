// What is sent with a statement, in PostgreSQL's binary form. Rows are sent column by column, as
// one array each, so that a statement is the same for one row and for five hundred.
//
// Threads: values only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/money.hpp"
#include "store/rows.hpp"
#include "store/tables.hpp"
#include "sys/bytes.hpp"

namespace disburse::store::postgres {

// PostgreSQL holds no zero byte in a text, and nothing but UTF-8: what else a stranger sends is
// replaced, so that it can be looked for, and is not found.
std::string storable(std::string_view text);

// Rows as arrays: bind() takes the values of a row in order, next_row() ends it.
class Arrays {
 public:
  explicit Arrays(std::vector<ColumnType> types);

  Arrays& bind(std::int64_t value);
  Arrays& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  Arrays& bind(std::uint32_t value) { return bind(std::int64_t{value}); }
  Arrays& bind(int value) { return bind(std::int64_t{value}); }
  Arrays& bind(bool value) { return bind(std::int64_t{value ? 1 : 0}); }
  Arrays& bind(core::Instant value) { return bind(value.ms()); }
  Arrays& bind(core::Money value) { return bind(value.paise()); }
  Arrays& bind(core::MerchantId value) { return bind(std::int64_t{value.value}); }
  template <class Tag>
  Arrays& bind(core::Id<Tag> value) {
    return bind(value.value);
  }
  template <class Enum>
  requires std::is_enum_v<Enum> Arrays& bind(Enum value) {
    return bind(static_cast<std::int64_t>(value));
  }
  Arrays& bind(std::optional<core::Instant> value) { return value ? bind(value->ms()) : null(); }
  Arrays& bind(std::string_view text);
  Arrays& bind(const std::string& text) { return bind(std::string_view(text)); }
  Arrays& bind(const char* text) = delete;
  Arrays& bind(Blob blob);
  Arrays& bind(const sys::Bytes& blob) { return bind(Blob{sys::ByteView(blob).text()}); }
  Arrays& bind_copy(Blob blob) { return bind(blob); }
  Arrays& null();
  template <class... Values>
  Arrays& bind_all(Values&&... values) {
    (bind(std::forward<Values>(values)), ...);
    return *this;
  }
  void next_row();

  std::int64_t rows() const { return rows_; }
  bool empty() const { return rows_ == 0; }

 private:
  friend class Params;
  struct ColumnBytes {
    ColumnType type;
    std::string bytes;
    bool has_null = false;
  };
  std::string& next(ColumnType type, std::size_t size);

  std::vector<ColumnBytes> columns_;
  std::size_t at_ = 0;
  std::int64_t rows_ = 0;
};

// The parameters of one statement, in order.
class Params {
 public:
  Params() = default;

  Params& number(std::int64_t value);
  Params& number(std::uint64_t value) { return number(static_cast<std::int64_t>(value)); }
  Params& number(core::MerchantId value) { return number(std::int64_t{value.value}); }
  template <class Tag>
  Params& number(core::Id<Tag> value) {
    return number(value.value);
  }
  Params& text(std::string_view value);
  Params& bytes(std::string_view value);
  Params& arrays(Arrays&& rows);

  std::size_t count() const { return values_.size(); }
  const std::vector<unsigned>& types() const { return types_; }
  const std::vector<std::string>& values() const { return values_; }

 private:
  std::vector<unsigned> types_;  // PostgreSQL's numbers of the types
  std::vector<std::string> values_;
};

}  // namespace disburse::store::postgres
