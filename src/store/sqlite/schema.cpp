#include "store/sqlite/schema.hpp"

#include <sqlite3.h>

#include "sys/crash_point.hpp"

namespace disburse::store {
namespace {

using core::Code;
using core::fail;
using core::Result;

std::string pragma(std::string_view name, std::int64_t value) {
  return "pragma " + std::string(name) + " = " + std::to_string(value);
}

Result<void> set_up(Connection& connection, int cache_kib) {
  CHECK(connection.execute(pragma("busy_timeout", kBusyMs)));
  // A negative size is in KiB.
  CHECK(connection.execute(pragma("cache_size", -cache_kib)));
  CHECK(connection.execute(pragma("mmap_size", kMappedBytes)));
  // The schema holds no functions or views that a tampered file could call.
  CHECK(connection.execute("pragma trusted_schema = off; pragma temp_store = memory"));
  return {};
}

// The first row of a pragma that answers in words.
Result<std::string> answer(Connection& connection, const std::string& sql) {
  Run run = TRY(connection.run_text(sql));
  return TRY(run.next()) ? run.text() : std::string();
}

Result<void> check_owner(Connection& connection) {
  const std::int64_t owner = TRY(connection.read_number("pragma application_id"));
  if (owner == kApplicationId) return {};
  const std::int64_t things = TRY(connection.read_number("select count(*) from sqlite_master"));
  if (owner == 0 && things == 0) {
    // Before the first table: the page size cannot be changed later in a file with a log.
    CHECK(connection.execute(pragma("page_size", kPageSize)));
    return connection.execute(pragma("application_id", kApplicationId));
  }
  return fail(Code::configuration_invalid, "store", "the database is another program's");
}

const Sql kCreateMigrations{
    "create table if not exists schema_migration (number BIGINT not null, name TEXT not null, "
    "checksum BYTEA not null, primary key (number))"};
const Sql kReadMigrations{"select number, name, checksum from schema_migration order by number"};
const Sql kInsertMigration{
    "insert into schema_migration (number, name, checksum) values (?1, ?2, ?3)"};
const Sql kInsertState{
    "insert into store_state (one, last_id, id_early_ms, id_late_ms, key_check, probes) "
    "values (1, 0, 0, 0, ?1, 0)"};
const Sql kReadKeyCheck{"select key_check from store_state where one = 1"};

// How many migrations the store has had; refused when they are not the ones of this program.
Result<std::size_t> check_history(Connection& connection, std::span<const Migration> migrations) {
  Run run = TRY(connection.run(kReadMigrations));
  std::size_t count = 0;
  while (TRY(run.next())) {
    const std::uint32_t number = run.u32();
    const std::string name = run.text();
    if (count >= migrations.size() || number != migrations[count].number) {
      return fail(Code::configuration_invalid, "store",
                  "the store was made by a newer version: it has had " + name);
    }
    if (run.text() != sys::ByteView(migrations[count].checksum()).text()) {
      return fail(Code::configuration_invalid, "store",
                  "the store has had another " + name + " than this program's");
    }
    ++count;
  }
  return count;
}

// SQLite's own switch: a table without a row number of its own is one tree in the primary key's
// order.
// Statements that only a store of several processes needs are left out.
std::string for_sqlite(std::string sql) {
  for (std::size_t at = sql.find("\n/* shared */"); at != std::string::npos;) {
    sql.erase(at + 1, sql.find(';', at) - at);
    at = sql.find("\n/* shared */");
  }
  constexpr std::string_view kMark = "/* clustered */";
  for (std::size_t at = sql.find(") /* clus"); at != std::string::npos;) {
    sql.replace(at + 2, kMark.size(), "without rowid");
    at = sql.find(") /* clus", at);
  }
  return sql;
}

Result<void> take(Connection& connection, const Migration& migration) {
  CHECK(connection.execute(for_sqlite(migration.sql)));
  const sys::Digest checksum = migration.checksum();
  Run run = TRY(connection.run(kInsertMigration));
  run.bind_all(migration.number, migration.name, Blob{sys::ByteView(checksum).text()});
  CHECK(run.finish());
  return {};
}

Result<void> check_key(Connection& connection, const Vault& vault) {
  Run run = TRY(connection.run(kReadKeyCheck));
  if (!TRY(run.next())) return fail(Code::internal_error, {}, "store_state has no row");
  if (run.text() == vault.key_check()) return {};
  return fail(Code::configuration_invalid, "key-file",
              "the store was made under another master key");
}

Result<void> take_all(Connection& connection, std::span<const Migration> migrations,
                      const Vault& vault) {
  {
    Run run = TRY(connection.run(kCreateMigrations));
    CHECK(run.finish());
  }
  const std::size_t had = TRY(check_history(connection, migrations));
  for (const Migration& migration : migrations.subspan(had)) {
    CHECK(take(connection, migration));
  }
  if (had == 0) {
    Run run = TRY(connection.run(kInsertState));
    run.bind(Blob{vault.key_check()});
    CHECK(run.finish());
  }
  return check_key(connection, vault);
}

}  // namespace

Result<void> set_up_writer(Connection& connection) {
  CHECK(set_up(connection, kWriterCacheKib));
  CHECK(check_owner(connection));
  const std::string mode = TRY(answer(connection, "pragma journal_mode = wal"));
  if (mode != "wal") {
    return fail(Code::configuration_invalid, "store", "the folder takes no write-ahead log");
  }
  CHECK(connection.execute("pragma synchronous = full; pragma foreign_keys = off"));
  CHECK(connection.execute(pragma("wal_autocheckpoint", 0)));
  return connection.execute(pragma("journal_size_limit", kKeptLogBytes));
}

Result<void> set_up_reader(Connection& connection) {
  CHECK(set_up(connection, kReaderCacheKib));
  return connection.execute("pragma query_only = on");
}

Result<void> migrate(Connection& connection, std::span<const Migration> migrations,
                     const Vault& vault) {
  CHECK(connection.execute("begin immediate"));
  sys::crash_point(sys::CrashPoint::migration_before_tables);
  Result<void> taken = take_all(connection, migrations, vault);
  sys::crash_point(sys::CrashPoint::migration_before_commit);
  if (taken) taken = connection.execute("commit");
  sys::crash_point(sys::CrashPoint::migration_committed);
  if (!taken && connection.in_transaction()) {
    // The first error is the one to tell.
    const Result<void> undone = connection.execute("rollback");
    if (!undone) return taken;
  }
  return taken;
}

}  // namespace disburse::store
