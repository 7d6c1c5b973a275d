// Reading the migrations' CREATE TABLE statements, which keep one column a line.
#include "store/tables.hpp"

#include <algorithm>
#include <cassert>

#include "store/migrations.hpp"

namespace disburse::store {
namespace {

constexpr std::string_view kCreate = "create table ";
constexpr std::string_view kKey = "  primary key (";

std::string_view take_word(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  const std::size_t end = std::min(line.find_first_of(" ,", begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

ColumnType type_named(std::string_view sql) {
  if (sql == "TEXT") return ColumnType::text;
  if (sql == "BYTEA") return ColumnType::bytes;
  assert(sql == "BIGINT" || sql == "SMALLINT");
  return ColumnType::number;
}

Column read_column(std::string_view line) {
  Column column;
  column.name = take_word(line);
  column.sql_type = take_word(line);
  column.type = type_named(column.sql_type);
  column.not_null = line.find("not null") != std::string_view::npos;
  return column;
}

void read_line(std::string_view line, std::vector<Table>& all, bool& inside) {
  if (line.starts_with(kCreate)) {
    line.remove_prefix(kCreate.size());
    all.push_back({.name = std::string(take_word(line)), .columns = {}, .key = {}});
    inside = true;
  } else if (inside && line.starts_with(")")) {
    inside = false;
  } else if (inside && line.starts_with(kKey)) {
    line.remove_prefix(kKey.size());
    all.back().key = names_in(line.substr(0, line.find(')')));
  } else if (inside) {
    all.back().columns.push_back(read_column(line));
  }
}

std::vector<Table> read_tables() {
  std::vector<Table> all;
  for (const Migration& migration : migrations()) {
    bool inside = false;
    std::string_view rest = migration.sql;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      read_line(rest.substr(0, end), all, inside);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return all;
}

}  // namespace

const std::vector<Table>& tables() {
  static const std::vector<Table> all = read_tables();
  return all;
}

const Table& table_named(std::string_view name) {
  const auto found = std::find_if(tables().begin(), tables().end(),
                                  [name](const Table& table) { return table.name == name; });
  assert(found != tables().end());
  return *found;
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(", "), list.size());
    names.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return names;
}

std::vector<ColumnType> types_of(const Table& table, const std::vector<std::string>& columns) {
  std::vector<ColumnType> types;
  for (const std::string& name : columns) {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&name](const Column& column) { return column.name == name; });
    assert(found != table.columns.end());
    types.push_back(found->type);
  }
  return types;
}

}  // namespace disburse::store
