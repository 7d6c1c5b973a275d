#include "store/postgres/postgres_raw.hpp"

#include "store/postgres/link_list.hpp"
#include "store/postgres/sql.hpp"

namespace disburse::store::postgres {
namespace {

using core::Result;

constexpr core::Duration kPatience = std::chrono::seconds(120);  // a count reads a whole table

std::string list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// The key's columns, texts byte by byte whatever the database's locale says.
std::string order_of(const Table& table, std::string_view behind = {}) {
  const std::vector<ColumnType> types = types_of(table, table.key);
  std::string out;
  for (std::size_t i = 0; i < types.size(); ++i) {
    out += (i == 0 ? "" : ", ") + table.key[i];
    if (types[i] == ColumnType::text) out += " collate \"C\"";
    out += behind;
  }
  return out;
}

std::string columns_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return list(names);
}

RawValue read_value(Answer& answer, ColumnType type) {
  if (answer.is_null()) {
    answer.skip(1);
    return {};
  }
  if (type == ColumnType::number) return answer.i64();
  return answer.text();
}

void bind_value(Arrays& to, const RawValue& value, ColumnType type) {
  if (std::holds_alternative<std::monostate>(value))
    to.null();
  else if (type == ColumnType::number)
    to.bind(std::get<std::int64_t>(value));
  else if (type == ColumnType::text)
    to.bind(std::string_view(std::get<std::string>(value)));
  else
    to.bind(Blob{std::get<std::string>(value)});
}

void add_value(Composed& to, const RawValue& value, ColumnType type) {
  if (type == ColumnType::number)
    to.number(std::get<std::int64_t>(value));
  else if (type == ColumnType::text)
    to.text(std::get<std::string>(value));
  else
    to.bytes(std::get<std::string>(value));
}

class PostgresRaw final : public RawTables {
 public:
  explicit PostgresRaw(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  Result<std::uint64_t> count(const Table& table) override {
    Composed sql;
    Answer answer = TRY(run(sql.add("select count(*) from ").add(table.name)));
    return answer.next() ? answer.u64() : 0;
  }
  Result<std::vector<RawRow>> read(const Table& table, const std::optional<RawRow>& after,
                                   std::uint32_t limit) override;
  Result<std::optional<RawRow>> last_key(const Table& table) override;
  Result<void> write(const Table& table, const std::vector<RawRow>& rows) override;
  Result<std::string> mode() override {
    Answer answer = TRY(connection_->run(kReadMode, {}, Deadline::in(kPatience)));
    return answer.next() ? answer.text() : std::string();
  }
  Result<void> set_mode(const std::string& mode) override {
    Composed sql;
    sql.add("update store_state set mode = nullif(").text(mode).add(", '') where one = 1");
    const Answer done = TRY(run(sql));
    return {};
  }
  Result<Marks> marks() override;
  Result<void> raise_marks(const Marks& marks) override;

 private:
  Result<Answer> run(Composed& sql) {
    Params params = sql.take_params();
    connection_->queue_text(sql.take_text(), std::move(params));
    std::vector<Answer> answers = TRY(connection_->round_trip(Deadline::in(kPatience)));
    return std::move(answers.back());
  }

  std::unique_ptr<Connection> connection_;
};

Result<std::vector<RawRow>> PostgresRaw::read(const Table& table,
                                              const std::optional<RawRow>& after,
                                              std::uint32_t limit) {
  Composed sql;
  sql.add("select ").add(columns_of(table)).add(" from ").add(table.name);
  const std::vector<ColumnType> types = types_of(table, table.key);
  if (after) {
    sql.add(" where (").add(order_of(table)).add(") > (");
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (i > 0) sql.add(", ");
      add_value(sql, (*after)[i], types[i]);
    }
    sql.add(")");
  }
  sql.add(" order by ").add(order_of(table)).add(" limit ").number(limit);
  Answer answer = TRY(run(sql));
  std::vector<RawRow> rows;
  while (answer.next()) {
    RawRow& row = rows.emplace_back();
    for (const Column& column : table.columns) row.push_back(read_value(answer, column.type));
  }
  return rows;
}

Result<std::optional<RawRow>> PostgresRaw::last_key(const Table& table) {
  Composed sql;
  sql.add("select ").add(list(table.key)).add(" from ").add(table.name).add(" order by ");
  Answer answer = TRY(run(sql.add(order_of(table, " desc")).add(" limit 1")));
  if (!answer.next()) return std::optional<RawRow>{};
  RawRow key;
  for (const ColumnType type : types_of(table, table.key)) key.push_back(read_value(answer, type));
  return std::optional(std::move(key));
}

Result<void> PostgresRaw::write(const Table& table, const std::vector<RawRow>& rows) {
  Arrays arrays = arrays_for(table.name, columns_of(table));
  for (const RawRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) bind_value(arrays, row[i], table.columns[i].type);
    arrays.next_row();
  }
  Params params;
  params.arrays(std::move(arrays));
  connection_->queue_text(insert(table.name, columns_of(table)).text, std::move(params));
  const std::vector<Answer> done = TRY(connection_->round_trip(Deadline::in(kPatience)));
  return {};
}

Result<RawTables::Marks> PostgresRaw::marks() {
  connection_->queue(kStartState);
  connection_->queue(kDrift);
  std::vector<Answer> answers = TRY(connection_->round_trip(Deadline::in(kPatience)));
  Marks marks;
  if (answers[0].next()) marks.last_id = answers[0].i64();
  if (answers[1].next()) {
    marks.early_ms = answers[1].i64();
    marks.late_ms = answers[1].i64();
  }
  return marks;
}

Result<void> PostgresRaw::raise_marks(const Marks& marks) {
  Composed sql;
  sql.add("update store_state set last_id = greatest(last_id, ").number(marks.last_id);
  sql.add("), id_early_ms = greatest(id_early_ms, ").number(marks.early_ms);
  sql.add("), id_late_ms = greatest(id_late_ms, ").number(marks.late_ms);
  const Answer done = TRY(run(sql.add(") where one = 1")));
  return {};
}

}  // namespace
}  // namespace disburse::store::postgres

namespace disburse::store {

core::Result<std::unique_ptr<RawTables>> open_raw_postgres(const std::string& url) {
  const postgres::Target target = TRY(postgres::parse_target(url));
  auto connection =
      TRY(postgres::Connection::open(target, {}, postgres::Deadline::in(postgres::kPatience)));
  return std::make_unique<postgres::PostgresRaw>(std::move(connection));
}

}  // namespace disburse::store
