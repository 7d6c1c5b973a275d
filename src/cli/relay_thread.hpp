// The relay on a thread of its own, woken by commits and answers.
//
// Threads: start() and stop() from one; wake() and counts() from any.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "front_door/status.hpp"
#include "outbox/relay.hpp"
#include "sys/clock.hpp"

namespace disburse::cli {

class RelayThread {
 public:
  explicit RelayThread(const sys::Clock& clock) : clock_(clock) {}
  ~RelayThread() { stop(); }

  void start(std::unique_ptr<outbox::Relay> relay);
  void wake();
  // Starts nothing more, waits a while for what is open, and ends.
  void stop();
  front_door::RelayCounts counts() const;

 private:
  void run();
  // Waits for work. False when the thread is to end.
  bool rest();
  core::Duration wait_time() const;
  void note_counts();

  const sys::Clock& clock_;
  std::unique_ptr<outbox::Relay> relay_;
  std::thread thread_;
  std::mutex lock_;
  std::condition_variable arrived_;
  bool woken_ = false;
  bool stopping_ = false;
  std::optional<core::Duration> end_;  // of the grace; the thread's own
  std::atomic<std::uint64_t> carried_{0};
  std::atomic<std::uint64_t> timed_out_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> leases_lost_{0};
  std::atomic<std::uint64_t> in_flight_{0};
};

}  // namespace disburse::cli
