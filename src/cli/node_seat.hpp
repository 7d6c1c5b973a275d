// The node's numbers for id makers, where several nodes work on one store: leased at the start,
// renewed on a thread of their own, given back at the end.
//
// Promise: number() answers only while nobody else can have the numbers. A node that was stopped,
// or cut off from its store, for so long that the lease may have ended writes nothing more under
// them; it goes on under new ones as soon as it gets any.
//
// Threads: number() from any; everything else from one.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/options.hpp"
#include "store/store.hpp"
#include "sys/clock.hpp"

namespace disburse::cli {

class NodeSeat {
 public:
  static core::Result<std::unique_ptr<NodeSeat>> take(store::Store& store, const sys::Clock& clock,
                                                      unsigned loops);
  // Use take(): this one has no numbers.
  NodeSeat(store::Store& store, const sys::Clock& clock, unsigned loops)
      : store_(store), clock_(clock), loops_(loops) {}
  ~NodeSeat();

  // Of the engine loop `loop`.
  std::optional<unsigned> number(unsigned loop) const;
  // Renews from now on.
  void start();

 private:
  core::Result<void> lease();
  core::Result<void> keep();
  void good_since(core::Duration asked);
  void run();

  store::Store& store_;  // of which only the leases are used: from any thread
  const sys::Clock& clock_;
  const unsigned loops_;
  store::NodeLease lease_;  // of the thread, once it runs
  std::array<std::atomic<unsigned>, kMostNodeLoops> numbers_{};
  std::atomic<std::int64_t> good_until_ms_{0};  // of what has elapsed

  std::mutex lock_;  // guards stopping_
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace disburse::cli
