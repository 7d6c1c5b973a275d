#include "store/sqlite/columns.hpp"

#include <algorithm>
#include <vector>

namespace disburse::store {
namespace {

std::vector<std::string> names_of(const std::string& columns) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (begin < columns.size()) {
    const std::size_t end = std::min(columns.find(", ", begin), columns.size());
    names.push_back(columns.substr(begin, end - begin));
    begin = end + 2;
  }
  return names;
}

}  // namespace

std::string insert_into(const std::string& table, const std::string& columns) {
  std::string values;
  const std::size_t count = names_of(columns).size();
  for (std::size_t i = 1; i <= count; ++i) {
    values += (i == 1 ? "?" : ", ?") + std::to_string(i);
  }
  return "insert into " + table + " (" + columns + ") values (" + values + ")";
}

std::string set_columns(const std::string& columns, const std::string& but) {
  std::string out;
  std::size_t number = 0;
  const std::vector<std::string> left_out = names_of(but);
  for (const std::string& name : names_of(columns)) {
    ++number;
    if (std::find(left_out.begin(), left_out.end(), name) != left_out.end()) continue;
    out += (out.empty() ? "" : ", ") + name + " = ?" + std::to_string(number);
  }
  return out;
}

}  // namespace disburse::store
