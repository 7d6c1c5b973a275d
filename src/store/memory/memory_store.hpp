// The store in memory: for tests and the simulator. Everything is gone when it goes.
//
// Promise: the same answers as the SQL stores to the same calls (contract/ runs against all).
// Threads: the Store one, each Reader one; they share the contents under one lock.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "store/memory/contents.hpp"
#include "store/store.hpp"

namespace disburse::store {

class MemoryStore final : public Store {
 public:
  MemoryStore();

  core::Result<StartState> start_state() override;
  core::Result<Rows> load(const core::Keys& keys) override;
  core::Result<void> commit(const core::Changes& changes) override;
  core::Result<std::unique_ptr<Reader>> reader() override;
  bool takes_writes() const override { return takes_writes_; }

  // Called before each commit: a refusal is what commit() answers, and nothing is written. After
  // store_unavailable the store says that it takes no writes, until a commit is let through.
  void before_commit(std::function<core::Result<void>()> hook) { before_commit_ = std::move(hook); }

  // A store with what has been committed and nothing else: what a crash would leave.
  std::unique_ptr<MemoryStore> copy() const;

  struct Shared {
    std::mutex lock;
    Contents contents;
  };

 private:
  std::shared_ptr<Shared> shared_;  // owners: the store and its readers, whichever goes last
  std::function<core::Result<void>()> before_commit_;
  std::atomic<bool> takes_writes_ = true;
};

// All open stores of a test begin like this.
std::unique_ptr<MemoryStore> make_memory_store();

}  // namespace disburse::store
