// A proxy between a store and its database, on sockets in a folder of its own, that loses what it
// is told to lose: before it reaches the database, or on the way back.
//
// Threads: its own carries the bytes; lose() and lost() from any.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/contract/test_stores.hpp"

namespace disburse::store {

class CuttingProxy {
 public:
  enum class Loses : std::uint8_t {
    nothing,
    next_request,  // the connection on which something is said next is cut before it is heard
    next_answer,   // what is said next is heard, and the connection cut before the answer
    everything,    // nobody gets through
  };

  // `folder`: where the database's socket is.
  explicit CuttingProxy(const std::string& folder);
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy();

  // The database's URL, through the proxy.
  std::string through(std::string url) const;
  void lose(Loses what) { loses_ = what; }
  // How often something was lost.
  int lost() const { return lost_; }

 private:
  struct Pair {
    int client = -1;
    int server = -1;
    bool asked = false;  // since the answer is to be lost
  };
  void run();
  void accept_one();
  bool carry(Pair& pair, bool from_client);  // false: cut
  static void close_both(const Pair& pair);

  std::string target_;
  TemporaryFolder folder_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::atomic<Loses> loses_ = Loses::nothing;
  std::atomic<int> lost_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<Pair> pairs_;
  std::thread thread_;
};

}  // namespace disburse::store
