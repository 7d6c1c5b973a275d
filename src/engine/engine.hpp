// The one door: every change goes through here as a Command. The engine takes what waits as one
// batch: it loads every row that the batch needs, decides one command after the other (a later one
// sees what an earlier one decided), commits once, and only then answers. One fsync is shared by
// everything that arrived while the last one ran.
//
// Promises: an answer without error is durable. Commands of one batch that changed nothing get
// their answer too, after the commit. When the commit fails, every command of the batch gets
// store_unavailable and nothing of it is there. Timers that are due join each batch in bounded
// numbers, so that a million of them do not stall requests. Another engine over the same store may
// have changed a row since it was loaded: then the batch is decided again, in smaller parts.
//
// Threads: what Door has, stop() and works_longer_than() from any; everything else on one engine
// thread. Answers are given on the engine thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/decide.hpp"
#include "engine/door.hpp"
#include "engine/working.hpp"
#include "store/store.hpp"
#include "sys/clock.hpp"
#include "sys/random.hpp"

namespace disburse::engine {

struct EngineOptions {
  std::size_t batch = 512;            // commands decided and committed together, at most
  std::size_t timers_per_batch = 64;  // of them, beside requests; alone, a whole batch
  std::size_t queue = 20'000;         // waiting commands; more are refused with `overloaded`
  // A batch is decided again after a version_conflict: so often at most, and begun so late at most.
  unsigned conflict_retries = 5;
  core::Duration conflict_patience = std::chrono::seconds(5);
  // Waits before such a try, where other engines write the same rows. None: tries at once.
  std::function<void(core::Duration)> back_off = {};
  unsigned node = 0;  // of the id maker
  // Where several nodes work on one store: the number above as long as it is nobody else's, which
  // may become another one. None: it is not ours any more, and nothing is written.
  std::function<std::optional<unsigned>()> leased_node = {};
  std::string rail = "sandbox";
  bool limit_addresses = true;
};

class Engine final : public Door {
 public:
  Engine(store::Store& store, const sys::Clock& clock, sys::Random& random,
         const core::KeyedHash& hash, EngineOptions options);

  // Reads what the store has seen. Before anything else.
  core::Result<void> start();

  void submit(Request request) override;
  void enqueue(Request request) override;
  void nudge() override;

  // Takes what waits, and timers that are due. False when there was nothing to do.
  bool run_batch();
  // Runs batches until stop(); then works off what was accepted, and returns.
  void run();
  void stop();

  void wake() override;
  // Called on the engine thread after each commit that wrote outbox tasks.
  void on_outbox(std::function<void()> listener) { on_outbox_ = std::move(listener); }

  // Called on the engine thread with a function that gives all answers of a batch, to be called
  // once: so that they can be carried elsewhere together. Before run().
  using Answers = std::function<void()>;
  void on_answers(std::function<void(const Answers&)> carry) { carry_answers_ = std::move(carry); }

  bool takes_writes() const override;
  EngineCounts counts() const override;
  std::uint64_t commits() const override { return counts_.commits; }
  std::size_t waiting() const override { return waiting_.load(); }
  // Works on a batch for longer than that.
  bool works_longer_than(core::Duration time) const;

 private:
  struct Decided {
    core::Result<core::Reply> reply = core::Reply{core::Done{}};
    std::optional<core::StoredReply> stored;
  };

  struct AtomicCounts {
    std::atomic<std::uint64_t> commands{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> batches{0};
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> commit_failures{0};
    std::atomic<std::uint64_t> conflicts{0};
    std::atomic<std::uint64_t> timers{0};
  };

  core::Result<void> read_numbers();
  core::Result<void> work_off_batch();
  core::Result<void> check_node();
  bool is_tried_again(const core::Error& error, unsigned tries, core::Duration begun) const;
  void prepare_another_try(unsigned tries);
  void take_set_aside();
  bool knows_next_timer() const;
  void put_off_timers();
  void give_back_timers();
  void take_requests();
  void take_timers();
  void take_funded();
  core::Result<void> load();
  void make_ids_above(const std::vector<core::Link>& links);
  void decide_all();
  Decided decide_one(Request& request, core::Instant now);
  std::optional<Decided> repeated(const Request& request) const;
  core::Result<void> commit();
  void answer_all();
  void fail_all(const core::Error& error);
  void note_deposits();
  void note_task(const core::Task& task);
  void postpone_stuck(const Request& request, core::Instant now);
  void find_sent(core::ReplayDeliveries& replays);
  core::Means means(core::Instant now);

  store::Store& store_;
  const sys::Clock& clock_;
  sys::Random& random_;
  const core::KeyedHash& hash_;
  const EngineOptions options_;

  std::mutex lock_;  // guards the next five
  std::condition_variable arrived_;
  std::vector<Request> queue_;
  bool stopping_ = false;
  bool woken_ = false;
  bool idle_ = false;  // waits for `arrived_`

  std::atomic<std::size_t> waiting_{0};  // in queue_ and taken_
  static constexpr std::int64_t kNoBatch = -1;
  std::atomic<std::int64_t> batch_begun_ms_{kNoBatch};  // of what has elapsed

  AtomicCounts counts_;
  std::function<void()> on_outbox_;
  std::function<void(const Answers&)> carry_answers_;

  // Of the engine thread.
  std::unique_ptr<store::Reader> reader_;
  unsigned node_;
  core::IdMaker ids_;
  core::MerchantId last_merchant_;
  std::string last_audit_hash_;
  bool outbox_written_ = false;
  std::vector<Request> taken_;  // from the queue, of which those before next_taken_ had their batch
  std::size_t next_taken_ = 0;
  Working working_;
  std::vector<Request> batch_;
  std::vector<Decided> decided_;
  std::deque<Request> set_aside_;  // of batches that were made smaller; they come before any other
  std::deque<Request> carried_;    // timers of payouts that money has come in for
  std::optional<core::Instant> next_timer_;
  bool next_timer_known_ = false;
  core::Duration timers_looked_at_{};
};

}  // namespace disburse::engine
