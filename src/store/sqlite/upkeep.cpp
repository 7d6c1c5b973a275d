#include "store/sqlite/upkeep.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "store/sqlite/schema.hpp"
#include "sys/crash_point.hpp"
#include "sys/threads.hpp"

namespace disburse::store {
namespace {

using core::Result;

// Readers are gone in milliseconds; a long list is not waited for.
constexpr int kRestartBusyMs = 20;

const Sql kProbe{"update store_state set probes = probes + 1 where one = 1"};

Result<void> write_one_page(Connection& connection) {
  CHECK(connection.execute("begin immediate"));
  Run run = TRY(connection.run(kProbe));
  CHECK(run.finish());
  return connection.execute("commit");
}

}  // namespace

void WriteGate::note_failure(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_READONLY:
      full = true;
      return;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      poisoned = true;
      return;
    default:
      return;
  }
}

Upkeep::Upkeep(std::unique_ptr<Connection> connection, WriteGate& gate, UpkeepPlan plan)
    : connection_(std::move(connection)),
      gate_(gate),
      plan_(plan),
      restart_at_(plan.restart_pages) {
  if (plan_.own_thread) thread_ = std::thread([this] { work(); });
}

Upkeep::~Upkeep() {
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Upkeep::log_grew(int pages) {
  bool wake = false;
  {
    const std::lock_guard guard(lock_);
    // A log that is shorter than what was copied of it has been begun anew.
    if (pages < copied_pages_) copied_pages_ = 0;
    if (pages < log_pages_) restart_at_ = plan_.restart_pages;
    log_pages_ = pages;
    wake = worth_waking();
  }
  if (wake) wake_.notify_one();
}

void Upkeep::disk_is_full() {
  // Between the thread's look at gate_.full and its wait there is no room for a missed call.
  { const std::lock_guard guard(lock_); }
  wake_.notify_one();
}

bool Upkeep::worth_waking() const {
  return stopping_ || gate_.full || log_pages_ - copied_pages_ >= plan_.copy_pages ||
         log_pages_ >= restart_at_;
}

void Upkeep::work() {
  sys::name_this_thread("upkeep");
  while (true) {
    bool restart = false;
    {
      std::unique_lock guard(lock_);
      wake_.wait(guard, [this] { return worth_waking(); });
      // While the disk is full there is nothing to do but to look again from time to time.
      if (gate_.full) wake_.wait_for(guard, kProbeGap, [this] { return stopping_; });
      if (stopping_) return;
      restart = take_turn();
    }
    if (gate_.poisoned) return;
    run_turn(restart);
  }
}

void Upkeep::work_now() {
  if (plan_.own_thread || gate_.poisoned) return;
  bool restart = false;
  {
    const std::lock_guard guard(lock_);
    if (!worth_waking()) return;
    restart = take_turn();
  }
  run_turn(restart);
}

// Whether the log shall be begun anew. Whatever comes of it, the next try is due only after as much
// again.
bool Upkeep::take_turn() {
  const bool restart = log_pages_ >= restart_at_;
  copied_pages_ = log_pages_;
  if (restart) restart_at_ = log_pages_ + plan_.copy_pages;
  return restart;
}

void Upkeep::run_turn(bool restart) {
  if (gate_.full) probe();
  copy_log();
  if (restart) restart_log();
}

void Upkeep::copy_log() {
  sys::crash_point(sys::CrashPoint::checkpoint_before_copy);
  const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  sys::crash_point(sys::CrashPoint::checkpoint_copied);
  if (code != SQLITE_OK) gate_.note_failure(sqlite3_extended_errcode(connection_->handle()));
}

void Upkeep::restart_log() {
  const WriteTurn writing(gate_);
  sys::crash_point(sys::CrashPoint::checkpoint_before_restart);
  sqlite3_busy_timeout(connection_->handle(), kRestartBusyMs);
  const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr,
                                             SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  sys::crash_point(sys::CrashPoint::checkpoint_restarted);
  if (code != SQLITE_OK) gate_.note_failure(sqlite3_extended_errcode(connection_->handle()));
  sqlite3_busy_timeout(connection_->handle(), kBusyMs);
  if (!gate_.full) return;
  // Due as soon as there is room: each time that the disk is full the log would grow by as much
  // again, until the log alone fills the disk.
  const std::lock_guard guard(lock_);
  restart_at_ = plan_.restart_pages;
}

void Upkeep::probe() {
  const WriteTurn writing(gate_);
  const Result<void> written = write_one_page(*connection_);
  if (written) {
    gate_.full = false;
    return;
  }
  gate_.note_failure(connection_->last_failure());
  if (!connection_->in_transaction()) return;
  if (!connection_->execute("rollback")) gate_.poisoned = true;
}

}  // namespace disburse::store
