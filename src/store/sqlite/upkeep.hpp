// Copies the write-ahead log into the database on a thread and connection of its own, so that no
// commit waits for it, and tries whether a full disk has room again.
//
// A PASSIVE checkpoint runs beside commits and readers. A log that keeps growing is begun anew by a
// RESTART checkpoint, for which commits wait a moment: most of the log has been copied by then.
// Promise: after a checkpoint that failed with an I/O error the store is poisoned, as after a
// failed commit: nobody knows what the disk has.
// Threads: log_grew() by the writer; the rest is the thread's own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/upkeep_plan.hpp"

namespace disburse::store {

// What the writer and the upkeep thread share.
struct WriteGate {
  std::atomic<bool> poisoned = false;  // for good: the process must be started again
  std::atomic<bool> full = false;      // until a write goes through

  std::mutex turn;        // held while waiting for the next
  std::mutex one_writer;  // held while a transaction writes

  // What a failed write means for the writes to come, by SQLite's extended result code.
  void note_failure(int sqlite_code);
};

// The right to write. A std::mutex alone could go to the busy writer again and again; with the turn
// held by whoever waits, a checkpoint comes after the commit that is running.
class WriteTurn {
 public:
  explicit WriteTurn(WriteGate& gate) : gate_(gate) {
    const std::lock_guard turn(gate_.turn);
    gate_.one_writer.lock();
  }
  WriteTurn(const WriteTurn&) = delete;
  WriteTurn& operator=(const WriteTurn&) = delete;
  ~WriteTurn() { gate_.one_writer.unlock(); }

 private:
  WriteGate& gate_;
};

class Upkeep {
 public:
  static constexpr std::chrono::seconds kProbeGap{1};

  Upkeep(std::unique_ptr<Connection> connection, WriteGate& gate, UpkeepPlan plan);
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;
  ~Upkeep();

  void log_grew(int pages);
  void disk_is_full();
  // Without a thread of its own: does what is due now.
  void work_now();

 private:
  void work();
  bool worth_waking() const;
  bool take_turn();
  void run_turn(bool restart);
  void copy_log();
  void restart_log();
  void probe();

  std::unique_ptr<Connection> connection_;
  WriteGate& gate_;
  const UpkeepPlan plan_;
  std::mutex lock_;
  std::condition_variable wake_;
  bool stopping_ = false;
  int log_pages_ = 0;     // in the log now
  int copied_pages_ = 0;  // of them in the database
  int restart_at_;
  std::thread thread_;
};

}  // namespace disburse::store
