// Copying table by table, in the order of the keys, so that what is there is always the beginning.
#include "store/raw.hpp"

namespace disburse::store {

using core::Code;
using core::fail;
using core::Result;

namespace {

constexpr const char* kCopying = "copying";

// The rows of these are the store's own business.
bool is_copied(const Table& table) {
  return table.name != "store_state" && table.name != "writer" && table.name != "node_lease";
}

RawRow key_of(const Table& table, const RawRow& row) {
  RawRow key;
  for (const std::string& name : table.key) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == name) key.push_back(row[i]);
    }
  }
  return key;
}

Result<void> claim(RawTables& to) {
  const std::string mode = TRY(to.mode());
  if (mode == kCopying) return {};
  if (!mode.empty()) return fail(Code::configuration_invalid, "to", "is in use: mode " + mode);
  for (const Table& table : tables()) {
    if (!is_copied(table)) continue;
    const std::uint64_t count = TRY(to.count(table));
    if (count != 0) return fail(Code::configuration_invalid, "to", "is not empty");
  }
  return to.set_mode(kCopying);
}

Result<void> copy_table(RawTables& from, RawTables& to, const Table& table,
                        const std::function<void(const CopyProgress&)>& tell,
                        std::uint32_t rows_at_once) {
  CopyProgress progress{table, TRY(to.count(table)), TRY(from.count(table))};
  std::optional<RawRow> after = TRY(to.last_key(table));
  tell(progress);
  while (true) {
    const std::vector<RawRow> rows = TRY(from.read(table, after, rows_at_once));
    if (rows.empty()) break;
    CHECK(to.write(table, rows));
    after = key_of(table, rows.back());
    progress.rows += rows.size();
    tell(progress);
  }
  const std::uint64_t there = TRY(to.count(table));
  const std::uint64_t wanted = TRY(from.count(table));
  if (there == wanted) return {};
  return fail(Code::version_conflict, {},
              "of " + table.name + " there are " + std::to_string(there) + " rows and not " +
                  std::to_string(wanted) + ": was the source in use?");
}

}  // namespace

Result<void> copy_rows(RawTables& from, RawTables& to,
                       const std::function<void(const CopyProgress&)>& tell,
                       std::uint32_t rows_at_once) {
  CHECK(claim(to));
  for (const Table& table : tables()) {
    if (is_copied(table)) CHECK(copy_table(from, to, table, tell, rows_at_once));
  }
  return {};
}

Result<void> finish_copy(RawTables& from, RawTables& to) {
  CHECK(to.raise_marks(TRY(from.marks())));
  return to.set_mode("");
}

}  // namespace disburse::store
