// One SQLite connection with its prepared statements, and one execution of a statement.
//
// Promise: a statement is prepared once for a connection and kept; a Run resets it when it goes,
// also early. Errors carry SQLite's own text in `detail`.
// Threads: one for each connection (opened without SQLite's own mutexes).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/ids.hpp"
#include "core/money.hpp"
#include "store/rows.hpp"
#include "sys/bytes.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace disburse::store {

// A statement's text. Its address is its identity: each is declared once, as an inline constant.
struct Sql {
  std::string text;
};

// store_unavailable: the disk or another process; version_conflict: somebody else was first;
// internal_error: our own mistake.
core::Code meaning_of(int sqlite_code);

class Connection;

class Run {
 public:
  Run(Connection& connection, sqlite3_stmt* statement)
      : connection_(&connection), statement_(statement) {}
  Run(Run&& other) noexcept;
  Run& operator=(Run&&) = delete;
  ~Run();

  // Parameters, from the first to the last. Views must stay until the run is over; temporaries are
  // copied.
  Run& bind(std::int64_t value);
  Run& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  Run& bind(std::uint32_t value) { return bind(std::int64_t{value}); }
  Run& bind(int value) { return bind(std::int64_t{value}); }
  Run& bind(bool value) { return bind(std::int64_t{value ? 1 : 0}); }
  Run& bind(core::Instant value) { return bind(value.ms()); }
  Run& bind(core::Money value) { return bind(value.paise()); }
  Run& bind(core::MerchantId value) { return bind(std::int64_t{value.value}); }
  template <class Tag>
  Run& bind(core::Id<Tag> value) {
    return bind(value.value);
  }
  template <class Enum>
  requires std::is_enum_v<Enum> Run& bind(Enum value) {
    return bind(static_cast<std::int64_t>(value));
  }
  Run& bind(std::optional<core::Instant> value) { return value ? bind(value->ms()) : null(); }
  Run& bind(std::string_view text);
  Run& bind(const std::string& text) { return bind(std::string_view(text)); }
  Run& bind(const char* text) = delete;
  Run& bind(Blob blob);
  Run& bind(const sys::Bytes& blob);
  Run& bind(std::string&& text) = delete;  // it would be gone when the statement runs
  Run& bind(sys::Bytes&& blob) = delete;   // so would it
  Run& bind_copy(Blob blob);
  Run& null();
  template <class... Values>
  Run& bind_all(Values&&... values) {
    (bind(std::forward<Values>(values)), ...);
    return *this;
  }

  // The next row; false: there is none.
  core::Result<bool> next();
  // For statements without rows; how many rows were changed.
  core::Result<int> finish();
  // Forgets the parameters and rows, to run again.
  void again();

  // Columns of the row, from the first to the last.
  std::int64_t i64();
  std::uint64_t u64() { return static_cast<std::uint64_t>(i64()); }
  std::uint32_t u32();
  bool flag() { return i64() != 0; }
  std::string text();
  std::string_view bytes();  // until the next row
  bool is_null();            // of the column that comes next; does not move on
  core::Instant instant() { return core::Instant::from_ms(i64()); }
  std::optional<core::Instant> maybe_instant();
  core::Money money();
  core::MerchantId merchant() { return core::MerchantId{u32()}; }
  template <class AnyId>
  AnyId id() {
    return AnyId{u64()};
  }
  // A stored enum; `last` is its highest number.
  template <class Enum>
  Enum number(Enum last) {
    const std::int64_t value = i64();
    if (value < 0 || value > static_cast<std::int64_t>(last)) good_ = false;
    return good_ ? static_cast<Enum>(value) : Enum{};
  }
  // internal_error when a column of the row held what cannot be there.
  core::Result<void> readable() const;

 private:
  void check(int code);

  Connection* connection_;
  sqlite3_stmt* statement_;
  int parameter_ = 0;
  int column_ = 0;
  bool good_ = true;
};

enum class OpenAs : std::uint8_t { writer, reader };

class Connection {
 public:
  // `vfs`: a registered SQLite file layer; empty: the system's.
  static core::Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path,
                                                        OpenAs as, const std::string& vfs);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // A statement without parameters or rows, or several.
  core::Result<void> execute(const std::string& sql);
  core::Result<Run> run(const Sql& sql);
  // A statement that was put together; the last few are kept by their text.
  core::Result<Run> run_text(const std::string& sql);
  // The first column of the first row of a statement: for pragmas.
  core::Result<std::int64_t> read_number(const std::string& sql);

  // The last error as ours; its extended code is kept for last_failure().
  tl::unexpected<core::Error> failed();
  int last_failure() const { return last_failure_; }
  bool in_transaction() const;
  // Whether closing it, as the last one, copies the log into the database. Not at first: a log that
  // is not known to be durable must not be copied.
  void copy_log_at_close(bool copy);
  sqlite3* handle() { return database_; }

  explicit Connection(sqlite3* database) : database_(database) {}  // closes it when it goes

 private:
  core::Result<sqlite3_stmt*> prepare(const char* sql);
  void forget_put_together();

  sqlite3* database_;
  int last_failure_ = 0;
  std::unordered_map<const Sql*, sqlite3_stmt*> statements_;
  std::unordered_map<std::string, sqlite3_stmt*> put_together_;
};

}  // namespace disburse::store
