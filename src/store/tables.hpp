// The tables of the schema, read from the migrations themselves, so that there is no second list of
// columns that could say otherwise.
//
// Threads: constants.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace disburse::store {

enum class ColumnType : std::uint8_t { number, text, bytes };

struct Column {
  std::string name;
  ColumnType type = ColumnType::number;
  std::string sql_type;  // "SMALLINT"
  bool not_null = true;
};

struct Table {
  std::string name;
  std::vector<Column> columns;   // in the schema's order
  std::vector<std::string> key;  // the columns of its primary key
};

// Every table that the migrations make, in their order; not schema_migration, which is the stores'
// own.
const std::vector<Table>& tables();
const Table& table_named(std::string_view name);

// "a, b, c" as names.
std::vector<std::string> names_in(std::string_view list);
// The types of some of a table's columns.
std::vector<ColumnType> types_of(const Table& table, const std::vector<std::string>& columns);

}  // namespace disburse::store
