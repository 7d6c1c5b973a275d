#include "store/sqlite/sqlite_store.hpp"

#include <sqlite3.h>

#include <optional>

#include "store/sqlite/loader.hpp"
#include "store/sqlite/log_index.hpp"
#include "store/sqlite/recovered_log.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/sqlite_reader.hpp"
#include "store/sqlite/upkeep.hpp"
#include "store/sqlite/writer.hpp"
#include "sys/crash_point.hpp"
#include "sys/files.hpp"
#include "sys/shared_use.hpp"

namespace disburse::store {
namespace {

using core::Code;
using core::fail;
using core::Result;

const Sql kBegin{"begin"};
const Sql kBeginWrite{"begin immediate"};
const Sql kCommit{"commit"};
const Sql kRollback{"rollback"};
const Sql kLastId{"select last_id from store_state where one = 1"};
const Sql kLastMerchant{"select merchant_id from merchant order by merchant_id desc limit 1"};

class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteOptions& options, std::optional<sys::SharedUse> use,
              std::unique_ptr<Connection> writer, std::unique_ptr<Connection> keeper);
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;
  ~SqliteStore() override;

  Result<StartState> start_state() override;
  Result<Rows> load(const core::Keys& keys) override;
  Result<void> commit(const core::Changes& changes) override;
  Result<std::unique_ptr<Reader>> reader() override;
  bool takes_writes() const override { return !gate_.poisoned && !gate_.full; }

 private:
  Result<void> step(const Sql& sql);
  Result<void> transact(const core::Changes& changes);
  void roll_back();
  Result<void> check_alive();

  // First: other processes may put the log in order when all of the below is closed.
  std::optional<sys::SharedUse> use_;
  std::filesystem::path path_;
  std::string vfs_;
  Vault vault_;
  WriteGate gate_;
  std::unique_ptr<Connection> connection_;
  Finder finder_;
  Upkeep upkeep_;
};

// SQLite calls it after each commit with the length of the log.
int on_commit(void* upkeep, sqlite3*, const char*, int pages) {
  static_cast<Upkeep*>(upkeep)->log_grew(pages);
  return SQLITE_OK;
}

SqliteStore::SqliteStore(const SqliteOptions& options, std::optional<sys::SharedUse> use,
                         std::unique_ptr<Connection> writer, std::unique_ptr<Connection> keeper)
    : use_(std::move(use)),
      path_(options.path),
      vfs_(options.vfs),
      vault_(options.master, options.random),
      connection_(std::move(writer)),
      finder_(*connection_, vault_),
      upkeep_(std::move(keeper), gate_, options.upkeep) {
  sqlite3_wal_hook(connection_->handle(), on_commit, &upkeep_);
  connection_->copy_log_at_close(true);
}

SqliteStore::~SqliteStore() {
  // Nothing more is written to a disk that has failed.
  if (gate_.poisoned) connection_->copy_log_at_close(false);
}

Result<void> SqliteStore::check_alive() {
  if (!gate_.poisoned) return {};
  // What this process has left in the log is for the next one to put in order, though this one may
  // stay for a while.
  use_.reset();
  return fail(Code::store_unavailable, {}, "a write has failed; start again when the disk is good");
}

Result<void> SqliteStore::step(const Sql& sql) {
  Run run = TRY(connection_->run(sql));
  CHECK(run.finish());
  return {};
}

Result<StartState> SqliteStore::start_state() {
  CHECK(check_alive());
  StartState state;
  Run last = TRY(connection_->run(kLastId));
  if (TRY(last.next())) state.last_id = last.u64();
  Run merchant = TRY(connection_->run(kLastMerchant));
  if (TRY(merchant.next())) state.last_merchant = merchant.merchant();
  state.last_audit_hash = TRY(last_audit_hash(*connection_));
  return state;
}

Result<Rows> SqliteStore::load(const core::Keys& keys) {
  CHECK(check_alive());
  // One transaction: one state of the store, and the file's locks are taken once.
  CHECK(step(kBegin));
  Loader loader(finder_);
  Result<Rows> rows = loader.load(keys);
  const Result<void> ended = step(kCommit);
  if (rows && !ended) return tl::unexpected(ended.error());
  return rows;
}

Result<void> SqliteStore::commit(const core::Changes& changes) {
  CHECK(check_alive());
  if (changes.empty()) return {};
  Result<void> done;
  {
    const WriteTurn writing(gate_);
    done = transact(changes);
    if (done) gate_.full = false;
  }
  if (gate_.full) upkeep_.disk_is_full();
  upkeep_.work_now();
  return done;
}

Result<void> SqliteStore::transact(const core::Changes& changes) {
  Result<void> done = step(kBeginWrite);
  if (done) done = Writer(*connection_, vault_, finder_).write(changes);
  sys::crash_point(sys::CrashPoint::batch_before_sync);
  if (done) done = step(kCommit);
  if (done) return done;
  // A conflict found by a row count is no failure of SQLite's.
  if (done.error().code == Code::store_unavailable) {
    gate_.note_failure(connection_->last_failure());
  }
  roll_back();
  return done;
}

// After some errors SQLite has rolled back by itself.
void SqliteStore::roll_back() {
  if (!connection_->in_transaction()) return;
  if (!step(kRollback)) gate_.poisoned = true;
}

Result<std::unique_ptr<Reader>> SqliteStore::reader() {
  CHECK(check_alive());
  auto connection = TRY(Connection::open(path_, OpenAs::reader, vfs_));
  CHECK(set_up_reader(*connection));
  return std::make_unique<SqliteReader>(std::move(connection), vault_);
}

// SQLite would make the file readable by everybody; its log takes the file's mode.
Result<void> make_private(const std::filesystem::path& path) {
  sys::RealFiles files;
  if (files.exists(path)) return {};
  const Result<void> made =
      files.write_file_durably(path, "", sys::Mode::owner_only, sys::Existing::refuse);
  // Another process may have been first.
  return made || files.exists(path) ? Result<void>() : made;
}

// SQLite counts its memory under a lock that every allocation takes; nobody asks for the count. It
// can be switched off only before SQLite's first use, and stays on where somebody was earlier.
void count_no_memory() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(done);
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

Result<std::unique_ptr<Store>> open_checked(const SqliteOptions& options) {
  count_no_memory();
  // Another file layer's files are not where the system would make them.
  if (options.vfs.empty()) CHECK(make_private(options.path));
  sys::crash_point(sys::CrashPoint::store_file_made);
  std::optional<sys::SharedUse> use;
  if (options.vfs.empty()) use.emplace(TRY(sys::SharedUse::of(folder_of(options.path))));
  auto writer = TRY(Connection::open(options.path, OpenAs::writer, options.vfs));
  CHECK(set_up_writer(*writer));
  // Where others are at work they have done it, and what they wrote since is durable.
  if (!use || use->is_alone()) CHECK(make_log_durable(*writer));
  if (use) CHECK(use->share());
  reserve_log_index(*writer);
  CHECK(migrate(*writer, options.migrations, Vault(options.master, options.random)));
  auto keeper = TRY(Connection::open(options.path, OpenAs::writer, options.vfs));
  CHECK(set_up_writer(*keeper));
  return std::make_unique<SqliteStore>(options, std::move(use), std::move(writer),
                                       std::move(keeper));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  Result<std::unique_ptr<Store>> store = open_checked(options);
  if (store) return store;
  const std::string no_database = "sqlite " + std::to_string(SQLITE_NOTADB) + ":";
  if (store.error().detail.starts_with(no_database)) {
    return fail(Code::configuration_invalid, "store", options.path.string() + " is not a database");
  }
  core::Error error = store.error();
  error.detail = options.path.string() + ": " + error.detail;
  return tl::unexpected(std::move(error));
}

}  // namespace disburse::store
