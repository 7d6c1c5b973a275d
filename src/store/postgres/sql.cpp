#include "store/postgres/sql.hpp"

#include <algorithm>

namespace disburse::store::postgres {
namespace {

std::string_view array_type(ColumnType type) {
  switch (type) {
    case ColumnType::number:
      return "bigint[]";
    case ColumnType::text:
      return "text[]";
    case ColumnType::bytes:
      return "bytea[]";
  }
  return {};
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// "a = n.a, b = n.b" without what is in `but`.
std::string assignments(const std::string& columns, std::string_view from,
                        const std::vector<std::string>& but) {
  std::string out;
  for (const std::string& name : names_in(columns)) {
    if (contains(but, name)) continue;
    out += (out.empty() ? "" : ", ") + name + " = " + std::string(from) + "." + name;
  }
  return out;
}

// "t.a = n.a and t.b = n.b"
std::string same(const std::string& keys, std::string_view prefix = {}) {
  std::string out;
  for (const std::string& name : names_in(keys)) {
    out += (out.empty() ? "" : " and ") + ("t." + name) + " = n." + std::string(prefix) + name;
  }
  return out;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::string& b) {
  for (std::string& name : names_in(b)) a.push_back(std::move(name));
  return a;
}

}  // namespace

RowArrays::RowArrays(std::string_view table, const std::string& columns, const std::string& more) {
  std::vector<std::string> names = names_in(columns);
  std::vector<ColumnType> types = types_of(table_named(table), names);
  const std::vector<std::string> again = names_in(more);
  const std::vector<ColumnType> again_types = types_of(table_named(table), again);
  types.insert(types.end(), again_types.begin(), again_types.end());
  for (const std::string& name : again) names.push_back("was_" + name);
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    source_ += (i == 0 ? "unnest($" : ", $") + std::to_string(i + 1) + "::";
    source_ += array_type(types[i]);
    list += (i == 0 ? "" : ", ") + names[i];
  }
  source_ += ") as n (" + list + ")";
  arrays_ = names.size();
}

std::string RowArrays::parameter(std::size_t nth, std::string_view type) const {
  return "$" + std::to_string(arrays_ + nth + 1) + "::" + std::string(type);
}

std::string of(std::string_view alias, const std::string& columns) {
  std::string out;
  for (const std::string& name : names_in(columns)) {
    out += (out.empty() ? "" : ", ") + std::string(alias) + "." + name;
  }
  return out;
}

std::string counted(const std::string& changing, const std::string& count) {
  return "with done as (" + changing + ") select cast(case when count(*) = " + count +
         " then '0' else 'version_conflict' end as bigint) from done";
}

Statement insert(const std::string& table, const std::string& columns) {
  return {"insert into " + table + " as t (" + columns + ") select n.* from " +
          RowArrays(table, columns).source()};
}

Statement put(const std::string& table, const std::string& columns, const std::string& keys,
              const std::string& kept) {
  return {insert(table, columns).text + " on conflict (" + keys + ") do update set " +
          assignments(columns, "excluded", joined(names_in(keys), kept))};
}

Statement again(const std::string& table, const std::string& columns, const std::string& keys,
                const std::string& was) {
  const RowArrays rows(table, columns, was);
  const std::string unchanged = was.empty() ? "" : " and " + same(was, "was_");
  return {counted("update " + table + " as t set " +
                      assignments(columns, "n", joined(names_in(keys), "merchant_id")) + " from " +
                      rows.source() + " where " + same(keys) + unchanged + " returning 1",
                  rows.parameter(0, "bigint"))};
}

Versioned versioned(const std::string& table, const std::string& columns, const std::string& keys,
                    const std::string& kept) {
  const RowArrays rows(table, columns);
  return {insert(table, columns),
          {counted("update " + table + " as t set " +
                       assignments(columns, "n", joined(names_in(keys), kept)) + " from " +
                       rows.source() + " where " + same(keys) +
                       " and t.version = n.version - 1 returning 1",
                   rows.parameter(0, "bigint"))}};
}

}  // namespace disburse::store::postgres
