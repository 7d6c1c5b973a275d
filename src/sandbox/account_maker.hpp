// Makes sandbox merchants on a thread of its own: passwords are hashed slowly, and the engine is
// waited for.
//
// Promise: every request is answered exactly once. stop() finishes the merchant that is being made,
// refuses those that wait with `draining`, and after it nothing here runs any more, so that what
// the thread uses (engine, door, server) may go.
// Threads: make() and stop() from any; answers come on the maker's thread, refusals also on the
// caller's.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "core/public_id.hpp"
#include "engine/door.hpp"
#include "sys/random.hpp"

namespace disburse::sandbox {

inline constexpr std::size_t kAccountsWaiting = 256;  // more are refused with too_many_requests

class AccountMaker {
 public:
  using Done = std::function<void(const core::Result<std::string>& account)>;

  AccountMaker(engine::Door& engine, sys::Random& random, const core::PublicIds& ids,
               std::string base_url);
  ~AccountMaker();
  AccountMaker(const AccountMaker&) = delete;
  AccountMaker& operator=(const AccountMaker&) = delete;

  void make(std::string name, Done done);
  void stop();

 private:
  struct Job {
    std::string name;
    Done done;
  };

  void work();

  engine::Door& engine_;
  sys::Random& random_;
  const core::PublicIds& ids_;
  const std::string base_url_;

  std::mutex lock_;  // guards the next three
  std::condition_variable arrived_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace disburse::sandbox
