// PostgreSQL's binary form of numbers, texts and arrays of them: the same since version 7.4, and
// what its own array_recv() reads.
#include "store/postgres/arrays.hpp"

#include <cassert>

namespace disburse::store::postgres {
namespace {

// Numbers of types, from PostgreSQL's catalogue (pg_type.dat).
constexpr unsigned kBytea = 17, kInt8 = 20, kText = 25;
constexpr unsigned kByteaArray = 1001, kTextArray = 1009, kInt8Array = 1016;

constexpr std::size_t kHeader = 20;  // of an array with one dimension

void put_32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
}

void put_64(std::string& out, std::uint64_t value) {
  put_32(out, static_cast<std::uint32_t>(value >> 32));
  put_32(out, static_cast<std::uint32_t>(value));
}

unsigned element_of(ColumnType type) {
  switch (type) {
    case ColumnType::number:
      return kInt8;
    case ColumnType::text:
      return kText;
    case ColumnType::bytes:
      return kBytea;
  }
  return 0;
}

unsigned array_of(ColumnType type) {
  switch (type) {
    case ColumnType::number:
      return kInt8Array;
    case ColumnType::text:
      return kTextArray;
    case ColumnType::bytes:
      return kByteaArray;
  }
  return 0;
}

// How long the UTF-8 sequence is that begins here; 0: it is none.
std::size_t sequence_at(std::string_view text, std::size_t at) {
  const auto byte = [&text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xc0U) != 0x80) return 0;
  }
  const unsigned second = byte(at + 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool too_high = first == 0xf4 && second > 0x8f;
  return overlong || surrogate || too_high ? 0 : size;
}

bool is_storable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = sequence_at(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

}  // namespace

std::string storable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = sequence_at(text, at);
    out += size == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(at, size);
    at += size == 0 ? 1 : size;
  }
  return out;
}

// ---- rows ---------------------------------------------------------------------------------------

Arrays::Arrays(std::vector<ColumnType> types) {
  columns_.reserve(types.size());
  for (const ColumnType type : types) columns_.push_back({type, std::string(kHeader, '\0')});
}

std::string& Arrays::next(ColumnType type, std::size_t size) {
  assert(at_ < columns_.size() && columns_[at_].type == type);
  std::string& bytes = columns_[at_++].bytes;
  put_32(bytes, static_cast<std::uint32_t>(size));
  return bytes;
}

Arrays& Arrays::bind(std::int64_t value) {
  put_64(next(ColumnType::number, 8), static_cast<std::uint64_t>(value));
  return *this;
}

Arrays& Arrays::bind(std::string_view text) {
  if (!is_storable(text)) {
    const std::string other = storable(text);
    next(ColumnType::text, other.size()) += other;
    return *this;
  }
  next(ColumnType::text, text.size()) += text;
  return *this;
}

Arrays& Arrays::bind(Blob blob) {
  next(ColumnType::bytes, blob.bytes.size()) += blob.bytes;
  return *this;
}

Arrays& Arrays::null() {
  assert(at_ < columns_.size());
  columns_[at_].has_null = true;
  put_32(columns_[at_++].bytes, 0xffffffffU);
  return *this;
}

void Arrays::next_row() {
  assert(at_ == columns_.size());
  at_ = 0;
  ++rows_;
}

// ---- parameters ---------------------------------------------------------------------------------

Params& Params::number(std::int64_t value) {
  types_.push_back(kInt8);
  put_64(values_.emplace_back(), static_cast<std::uint64_t>(value));
  return *this;
}

Params& Params::text(std::string_view value) {
  types_.push_back(kText);
  values_.push_back(storable(value));
  return *this;
}

Params& Params::bytes(std::string_view value) {
  types_.push_back(kBytea);
  values_.emplace_back(value);
  return *this;
}

Params& Params::arrays(Arrays&& rows) {
  for (Arrays::ColumnBytes& column : rows.columns_) {
    std::string header;
    put_32(header, rows.rows_ == 0 ? 0 : 1);  // dimensions
    put_32(header, column.has_null ? 1 : 0);
    put_32(header, element_of(column.type));
    put_32(header, static_cast<std::uint32_t>(rows.rows_));
    put_32(header, 1);  // the first index
    const std::size_t used = rows.rows_ == 0 ? 12 : kHeader;
    column.bytes.replace(0, kHeader, header, 0, used);
    types_.push_back(array_of(column.type));
    values_.push_back(std::move(column.bytes));
  }
  return *this;
}

}  // namespace disburse::store::postgres
