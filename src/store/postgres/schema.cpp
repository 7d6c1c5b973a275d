#include "store/postgres/schema.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "core/ids.hpp"
#include "store/postgres/statements.hpp"

namespace disburse::store::postgres {
namespace {

using core::Code;
using core::fail;
using core::Result;

constexpr core::Duration kPatience = std::chrono::seconds(60);  // another may be at work
constexpr unsigned kNodes = 62;  // 1 to 62: 0 and 63 are for stores that one process works on

tl::unexpected<core::Error> refuse(std::string why) {
  return fail(Code::configuration_invalid, "store", std::move(why));
}

Result<void> check_server(Connection& connection, Deadline deadline) {
  Answer answer = TRY(connection.run(kServer, {}, deadline));
  if (!answer.next()) return fail(Code::internal_error, {}, "the server does not say what it is");
  if (answer.text() != "UTF8") return refuse("the database's encoding is not UTF8");
  if (answer.text() == "off")
    return refuse("synchronous_commit is off in the database: nothing would be durable");
  return {};
}

// How many migrations the store has had; refused when they are not the ones of this program.
Result<std::size_t> check_history(Answer& answer, std::span<const Migration> migrations) {
  std::size_t count = 0;
  while (answer.next()) {
    const std::uint32_t number = answer.u32();
    const std::string name = answer.text();
    if (count >= migrations.size() || number != migrations[count].number) {
      return refuse("the store was made by a newer version: it has had " + name);
    }
    if (answer.bytes() != sys::ByteView(migrations[count].checksum()).text())
      return refuse("the store has had another " + name + " than this program's");
    ++count;
  }
  return count;
}

// One statement each: what is sent with parameters, or in a pipeline, is one.
std::vector<std::string> statements_in(std::string_view sql) {
  std::string text;
  while (!sql.empty()) {
    const std::size_t end = std::min(sql.find('\n'), sql.size());
    const std::string_view line = sql.substr(0, end);
    if (!line.starts_with("--")) (text += line) += '\n';
    sql.remove_prefix(std::min(end + 1, sql.size()));
  }
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(';', begin), text.size());
    std::string one = text.substr(begin, end - begin);
    if (one.find_first_not_of(" \n") != std::string::npos) out.push_back(std::move(one));
    begin = end + 1;
  }
  return out;
}

std::string type_told(const std::string& sql_type) {
  std::string lower = sql_type;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// The check after a migration: every table of the schema is there, with these columns and no
// others.
Result<void> check_tables(Connection& connection, Deadline deadline) {
  Answer answer = TRY(connection.run(kColumnsThere, {}, deadline));
  std::map<std::string, std::set<std::string>> there;
  while (answer.next()) {
    const std::string table = answer.text();
    std::string column = answer.text() + " ";
    column += answer.text();
    there[table].insert(column + (answer.flag() ? " not null" : ""));
  }
  for (const Table& table : tables()) {
    std::set<std::string> columns;
    for (const Column& column : table.columns) {
      columns.insert(column.name + " " + type_told(column.sql_type) +
                     (column.not_null ? " not null" : ""));
    }
    if (there[table.name] != columns)
      return refuse("the table " + table.name + " is not what its migration makes");
  }
  return {};
}

// The one difference between engines. What belongs to no merchant is small and everywhere.
Result<void> spread_tables(Connection& connection, Deadline deadline) {
  for (const Table& table : tables()) {
    const std::string& first = table.key.front();
    Params params;
    params.text(table.name);
    const bool small = table.name == "merchant" || (first != "merchant_id" && first != "writer_id");
    if (!small) params.text(first);
    const Answer done =
        TRY(connection.run(small ? kReference : kDistribute, std::move(params), deadline));
  }
  return {};
}

Result<void> take(Connection& connection, const Migration& migration, Deadline deadline) {
  for (std::string& sql : statements_in(migration.sql)) connection.queue_text(std::move(sql), {});
  const std::vector<Answer> made = TRY(connection.round_trip(deadline));
  const sys::Digest checksum = migration.checksum();
  Params params;
  params.number(std::int64_t{migration.number}).text(migration.name);
  params.bytes(sys::ByteView(checksum).text());
  const Answer noted = TRY(connection.run(kAddMigration, std::move(params), deadline));
  return {};
}

Result<void> begin_state(Connection& connection, const Vault& vault, Deadline deadline) {
  Params state;
  state.bytes(vault.key_check());
  connection.queue(kAddState, std::move(state));
  Arrays nodes({ColumnType::number});
  for (unsigned node = 1; node <= kNodes; ++node) {
    nodes.bind(node);
    nodes.next_row();
  }
  Params params;
  params.arrays(std::move(nodes));
  connection.queue(kAddNodes, std::move(params));
  const std::vector<Answer> done = TRY(connection.round_trip(deadline));
  return {};
}

Result<std::size_t> history(Connection& connection, std::span<const Migration> migrations,
                            Deadline deadline) {
  Answer had = TRY(connection.run(kReadMigrations, {}, deadline));
  return check_history(had, migrations);
}

// In one transaction, with the row locked that everybody locks who wants to do this.
Result<void> take_missing(Connection& connection, std::span<const Migration> migrations,
                          const Vault& vault, bool spread, Deadline deadline) {
  connection.queue(kBegin);
  connection.queue(kLockMigrations);
  const std::vector<Answer> begun = TRY(connection.round_trip(deadline));
  const std::size_t had = TRY(history(connection, migrations, deadline));
  for (const Migration& migration : migrations.subspan(had)) {
    CHECK(take(connection, migration, deadline));
    if (migration.number == 1) CHECK(begin_state(connection, vault, deadline));
    if (migration.number == 1 && spread) CHECK(spread_tables(connection, deadline));
  }
  CHECK(check_tables(connection, deadline));
  const Answer done = TRY(connection.run(kCommit, {}, deadline));
  return {};
}

Result<bool> is_there(Connection& connection, const std::string& table, Deadline deadline) {
  Params params;
  params.text(table);
  return TRY(connection.run(kTableThere, std::move(params), deadline)).next();
}

// Two that make the first table at the same moment: one of them fails, and finds it made.
Result<void> make_first_table(Connection& connection, Deadline deadline) {
  for (bool again = true;; again = false) {
    connection.queue(kMakeMigrations);
    connection.queue(kAddLockRow);
    const auto made = connection.round_trip(deadline);
    if (made) return {};
    if (!again || made.error().code == Code::store_unavailable) return tl::unexpected(made.error());
  }
}

Result<void> check_key(Connection& connection, const Vault& vault, Deadline deadline) {
  Answer answer = TRY(connection.run(kReadKeyCheck, {}, deadline));
  if (!answer.next()) return fail(Code::internal_error, {}, "store_state has no row");
  if (answer.bytes() == vault.key_check()) return {};
  return fail(Code::configuration_invalid, "key-file",
              "the store was made under another master key");
}

Result<bool> prepare(Connection& connection, std::span<const Migration> migrations,
                     const Vault& vault, Migrate migrate, Deadline deadline) {
  CHECK(check_server(connection, deadline));
  const bool spread = TRY(connection.run(kCitusThere, {}, deadline)).next();
  const bool begun = TRY(is_there(connection, "schema_migration", deadline));
  if (!begun && migrate == Migrate::no)
    return refuse("the database has no tables: disburse migrate");
  if (!begun) {
    if (TRY(is_there(connection, "link", deadline)))
      return refuse("the database is another program's: it has a table named link");
    CHECK(make_first_table(connection, deadline));
  }
  const std::size_t had = TRY(history(connection, migrations, deadline));
  if (had < migrations.size()) {
    if (migrate == Migrate::no)
      return refuse("the database lacks " + migrations[had].name + ": disburse migrate");
    CHECK(take_missing(connection, migrations, vault, spread, deadline));
  }
  CHECK(check_key(connection, vault, deadline));
  return spread;
}

}  // namespace

Result<bool> prepare_schema(Connection& connection, std::span<const Migration> migrations,
                            const Vault& vault, Migrate migrate) {
  const Deadline deadline = Deadline::in(kPatience);
  Result<bool> done = prepare(connection, migrations, vault, migrate, deadline);
  if (!done && connection.in_transaction()) {
    // The first error is the one to tell.
    const auto undone = connection.run(kRollback, {}, deadline);
    if (!undone) return done;
  }
  return done;
}

}  // namespace disburse::store::postgres
