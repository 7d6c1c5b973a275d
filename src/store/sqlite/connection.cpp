#include "store/sqlite/connection.hpp"

#include <sqlite3.h>

#include <cassert>
#include <system_error>
#include <utility>

namespace disburse::store {

using core::Code;
using core::fail;
using core::Result;

// Lists of links have thousands of combinations of filters, of which a merchant uses a few.
constexpr std::size_t kPutTogetherKept = 64;

core::Code meaning_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_CONSTRAINT:
      return Code::version_conflict;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::store_unavailable;
    default:
      return Code::internal_error;
  }
}

// "disk I/O error" alone does not tell a full disk from a broken one. SQLite keeps the system's
// word for these two kinds only.
static std::string system_reason(sqlite3* database, int sqlite_code) {
  const int kind = sqlite_code & 0xff;
  const int reason = sqlite3_system_errno(database);
  if ((kind != SQLITE_IOERR && kind != SQLITE_CANTOPEN) || reason == 0) return {};
  return " (" + std::generic_category().message(reason) + ")";
}

// ---- one execution ------------------------------------------------------------------------------

Run::Run(Run&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      parameter_(other.parameter_),
      column_(other.column_),
      good_(other.good_) {}

Run::~Run() {
  if (statement_ != nullptr) again();
}

void Run::again() {
  sqlite3_reset(statement_);
  parameter_ = 0;
  column_ = 0;
  good_ = true;
}

// Binding fails only for a parameter that the statement does not have: our own mistake.
void Run::check(int code) { assert(code == SQLITE_OK); }

Run& Run::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_, ++parameter_, value));
  return *this;
}

Run& Run::null() {
  check(sqlite3_bind_null(statement_, ++parameter_));
  return *this;
}

// SQLite takes a null pointer for NULL, whatever the size says.
Run& Run::bind(std::string_view text) {
  const char* data = text.empty() ? "" : text.data();
  check(sqlite3_bind_text(statement_, ++parameter_, data, static_cast<int>(text.size()),
                          SQLITE_STATIC));
  return *this;
}

Run& Run::bind(Blob blob) {
  const char* data = blob.bytes.empty() ? "" : blob.bytes.data();
  check(sqlite3_bind_blob(statement_, ++parameter_, data, static_cast<int>(blob.bytes.size()),
                          SQLITE_STATIC));
  return *this;
}

Run& Run::bind(const sys::Bytes& blob) { return bind(Blob{sys::ByteView(blob).text()}); }

Run& Run::bind_copy(Blob blob) {
  const char* data = blob.bytes.empty() ? "" : blob.bytes.data();
  check(sqlite3_bind_blob(statement_, ++parameter_, data, static_cast<int>(blob.bytes.size()),
                          SQLITE_TRANSIENT));
  return *this;
}

Result<bool> Run::next() {
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_->failed();
}

Result<int> Run::finish() {
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_DONE) return connection_->failed();
  return sqlite3_changes(connection_->handle());
}

std::int64_t Run::i64() { return sqlite3_column_int64(statement_, column_++); }

std::uint32_t Run::u32() {
  const std::int64_t value = i64();
  if (value < 0 || value > std::int64_t{0xffffffff}) good_ = false;
  return static_cast<std::uint32_t>(value);
}

std::string_view Run::bytes() {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column_));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_++));
  return data == nullptr ? std::string_view() : std::string_view(data, size);
}

std::string Run::text() { return std::string(bytes()); }

bool Run::is_null() { return sqlite3_column_type(statement_, column_) == SQLITE_NULL; }

std::optional<core::Instant> Run::maybe_instant() {
  const bool none = is_null();
  const core::Instant value = instant();
  return none ? std::nullopt : std::optional(value);
}

core::Money Run::money() {
  const Result<core::Money> money = core::Money::from_paise(i64());
  if (!money) good_ = false;
  return money ? *money : core::Money{};
}

Result<void> Run::readable() const {
  if (good_) return {};
  return fail(Code::internal_error, {},
              std::string("a row holds what it cannot: ") + sqlite3_sql(statement_));
}

// ---- the connection -----------------------------------------------------------------------------

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& path, OpenAs as,
                                                     const std::string& vfs) {
  const int access =
      as == OpenAs::writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, access | SQLITE_OPEN_NOMUTEX,
                                   vfs.empty() ? nullptr : vfs.c_str());
  // Also a connection that did not open must be closed.
  auto connection = std::make_unique<Connection>(database);
  if (code != SQLITE_OK) return connection->failed();
  sqlite3_extended_result_codes(database, 1);
  connection->copy_log_at_close(false);
  // What SQLite may not write it opens for reading, and would say so only at the first write.
  if (as == OpenAs::writer && sqlite3_db_readonly(database, "main") == 1) {
    return fail(Code::store_unavailable, {}, "the disk or the file is read-only");
  }
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  for (const auto& [sql, statement] : put_together_) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

Result<void> Connection::execute(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return failed();
  }
  return {};
}

Result<sqlite3_stmt*> Connection::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failed();
  return statement;
}

Result<Run> Connection::run(const Sql& sql) {
  const auto known = statements_.find(&sql);
  if (known != statements_.end()) return Run(*this, known->second);
  sqlite3_stmt* statement = TRY(prepare(sql.text.c_str()));
  statements_.emplace(&sql, statement);
  return Run(*this, statement);
}

Result<Run> Connection::run_text(const std::string& sql) {
  const auto known = put_together_.find(sql);
  if (known != put_together_.end()) return Run(*this, known->second);
  if (put_together_.size() >= kPutTogetherKept) forget_put_together();
  sqlite3_stmt* statement = TRY(prepare(sql.c_str()));
  put_together_.emplace(sql, statement);
  return Run(*this, statement);
}

// Not those that are running.
void Connection::forget_put_together() {
  std::erase_if(put_together_, [](const auto& kept) {
    if (sqlite3_stmt_busy(kept.second) != 0) return false;
    sqlite3_finalize(kept.second);
    return true;
  });
}

Result<std::int64_t> Connection::read_number(const std::string& sql) {
  sqlite3_stmt* statement = TRY(prepare(sql.c_str()));
  Run run(*this, statement);
  const Result<bool> row = run.next();
  const std::int64_t number = row && *row ? run.i64() : 0;
  { const Run gone = std::move(run); }
  sqlite3_finalize(statement);
  if (!row) return tl::unexpected(row.error());
  return number;
}

tl::unexpected<core::Error> Connection::failed() {
  last_failure_ = sqlite3_extended_errcode(database_);
  return fail(meaning_of(last_failure_), {},
              "sqlite " + std::to_string(last_failure_) + ": " + sqlite3_errmsg(database_) +
                  system_reason(database_, last_failure_));
}

void Connection::copy_log_at_close(bool copy) {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, copy ? 0 : 1, nullptr);
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

}  // namespace disburse::store
