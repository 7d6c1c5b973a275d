#include "store/sqlite/sqlite_raw.hpp"

#include "store/sqlite/columns.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/schema.hpp"

namespace disburse::store {
namespace {

using core::Result;

const Sql kMode{"select coalesce(mode, '') from store_state where one = 1"};
const Sql kSetMode{"update store_state set mode = nullif(?1, '') where one = 1"};
const Sql kMarks{"select last_id, id_early_ms, id_late_ms from store_state where one = 1"};
const Sql kRaiseMarks{
    "update store_state set last_id = max(last_id, ?1), id_early_ms = max(id_early_ms, ?2), "
    "id_late_ms = max(id_late_ms, ?3) where one = 1"};

std::string list(const std::vector<std::string>& names, const std::string& behind = {}) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name + behind;
  return out;
}

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

void bind_value(Run& run, const RawValue& value, ColumnType type) {
  if (std::holds_alternative<std::monostate>(value))
    run.null();
  else if (type == ColumnType::number)
    run.bind(std::get<std::int64_t>(value));
  else if (type == ColumnType::text)
    run.bind(std::string_view(std::get<std::string>(value)));
  else
    run.bind(Blob{std::get<std::string>(value)});
}

RawValue read_value(Run& run, ColumnType type) {
  if (run.is_null()) {
    run.bytes();
    return {};
  }
  if (type == ColumnType::number) return run.i64();
  return run.text();
}

class SqliteRaw final : public RawTables {
 public:
  explicit SqliteRaw(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

  Result<std::uint64_t> count(const Table& table) override {
    const std::int64_t count = TRY(connection_->read_number("select count(*) from " + table.name));
    return static_cast<std::uint64_t>(count);
  }
  Result<std::vector<RawRow>> read(const Table& table, const std::optional<RawRow>& after,
                                   std::uint32_t limit) override;
  Result<std::optional<RawRow>> last_key(const Table& table) override;
  Result<void> write(const Table& table, const std::vector<RawRow>& rows) override;
  Result<std::string> mode() override {
    Run run = TRY(connection_->run(kMode));
    return TRY(run.next()) ? run.text() : std::string();
  }
  Result<void> set_mode(const std::string& mode) override {
    Run run = TRY(connection_->run(kSetMode));
    run.bind(mode);
    CHECK(run.finish());
    return {};
  }
  Result<Marks> marks() override {
    Run run = TRY(connection_->run(kMarks));
    if (!TRY(run.next())) return Marks{};
    return Marks{run.i64(), run.i64(), run.i64()};
  }
  Result<void> raise_marks(const Marks& marks) override {
    Run run = TRY(connection_->run(kRaiseMarks));
    run.bind_all(marks.last_id, marks.early_ms, marks.late_ms);
    CHECK(run.finish());
    return {};
  }

 private:
  Result<void> write_all(const Table& table, const std::vector<RawRow>& rows);

  std::unique_ptr<Connection> connection_;
};

Result<std::vector<RawRow>> SqliteRaw::read(const Table& table, const std::optional<RawRow>& after,
                                            std::uint32_t limit) {
  std::string sql = "select " + list(names_of(table)) + " from " + table.name;
  if (after) {
    std::string holes;
    for (std::size_t i = 0; i < table.key.size(); ++i) holes += i == 0 ? "?" : ", ?";
    sql += " where (" + list(table.key) + ") > (" + holes + ")";
  }
  Run run = TRY(connection_->run_text(sql + " order by " + list(table.key) + " limit ?"));
  const std::vector<ColumnType> types = types_of(table, table.key);
  for (std::size_t i = 0; after && i < types.size(); ++i) bind_value(run, (*after)[i], types[i]);
  run.bind(limit);
  std::vector<RawRow> rows;
  while (TRY(run.next())) {
    RawRow& row = rows.emplace_back();
    for (const Column& column : table.columns) row.push_back(read_value(run, column.type));
  }
  return rows;
}

Result<std::optional<RawRow>> SqliteRaw::last_key(const Table& table) {
  Run run = TRY(connection_->run_text("select " + list(table.key) + " from " + table.name +
                                      " order by " + list(table.key, " desc") + " limit 1"));
  if (!TRY(run.next())) return std::optional<RawRow>{};
  RawRow key;
  for (const ColumnType type : types_of(table, table.key)) key.push_back(read_value(run, type));
  return std::optional(std::move(key));
}

Result<void> SqliteRaw::write_all(const Table& table, const std::vector<RawRow>& rows) {
  Run run = TRY(connection_->run_text(insert_into(table.name, list(names_of(table)))));
  for (const RawRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) bind_value(run, row[i], table.columns[i].type);
    CHECK(run.finish());
    run.again();
  }
  return {};
}

Result<void> SqliteRaw::write(const Table& table, const std::vector<RawRow>& rows) {
  CHECK(connection_->execute("begin immediate"));
  Result<void> done = write_all(table, rows);
  if (done) done = connection_->execute("commit");
  if (!done && connection_->in_transaction()) CHECK(connection_->execute("rollback"));
  return done;
}

}  // namespace

Result<std::unique_ptr<RawTables>> open_raw_sqlite(const std::filesystem::path& path) {
  auto connection = TRY(Connection::open(path, OpenAs::writer, {}));
  CHECK(set_up_writer(*connection));
  return std::make_unique<SqliteRaw>(std::move(connection));
}

}  // namespace disburse::store
