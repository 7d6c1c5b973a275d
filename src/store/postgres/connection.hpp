// One connection to PostgreSQL in libpq's pipeline mode: statements are queued, go out together,
// and are answered together, so that any number of them is one round trip.
//
// Promise: no call waits longer than its deadline. After an error in a round trip none of its later
// statements has run. A statement is prepared once for a connection (where its session is kept), in
// the round trip of its first use.
// Errors: version_conflict where the database tells that somebody else was first (and may be
// decided again), store_unavailable where it cannot be reached or takes no writes, internal_error
// for our own mistakes.
// Threads: one for each connection.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/time.hpp"
#include "store/postgres/answer.hpp"
#include "store/postgres/arrays.hpp"
#include "store/postgres/target.hpp"

struct pg_conn;

namespace disburse::store::postgres {

// A statement's text. Its address is its identity: each is declared once, as a constant.
struct Statement {
  std::string text;
};

// When a wait ends, by sys::Clock::elapsed().
class Deadline {
 public:
  static Deadline in(core::Duration wait);
  core::Duration left() const;  // never below zero
  bool over() const { return left() == core::Duration::zero(); }
  Deadline at_most(core::Duration wait) const;  // the earlier of the two

 private:
  explicit Deadline(core::Duration at) : at_(at) {}
  core::Duration at_;
};

struct ConnectionOptions {
  // Sees the text of every statement that is sent: for the test that reads them all.
  std::function<void(std::string_view)> watch;
  std::atomic<std::uint64_t>* round_trips = nullptr;  // counted there
  // Kept by the server. None for statements: a commit that waits for its standby would be answered
  // as if that had it. Our own deadlines end those, with the connection.
  core::Duration lock_limit = std::chrono::seconds(2);
  core::Duration idle_limit = std::chrono::seconds(10);  // in an open transaction
};

class Connection {
 public:
  // Tries each host of the target once.
  static core::Result<std::unique_ptr<Connection>> open(const Target& target,
                                                        const ConnectionOptions& options,
                                                        Deadline deadline);
  // Use open(): this one takes a connection that is being made, and closes it when it goes.
  Connection(pg_conn* connection, bool keeps_session, ConnectionOptions options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void queue(const Statement& statement, Params params = {});
  // A statement that was put together.
  void queue_text(std::string text, Params params);
  void forget_queue() { queue_.clear(); }
  // How many are queued.
  std::size_t queued() const { return queue_.size(); }
  // Sends what is queued and waits for every answer, in order.
  core::Result<std::vector<Answer>> round_trip(Deadline deadline);
  // A round trip of one statement.
  core::Result<Answer> run(const Statement& statement, Params params, Deadline deadline);

  // False after it was lost: nothing goes through it any more.
  bool usable() const { return usable_; }
  // A transaction is open on it, in order or failed.
  bool in_transaction() const;
  // Limits of a transaction, where the session keeps none: to be queued behind "begin".
  void queue_limits();
  const std::string& last_state() const { return last_state_; }  // of the last error: "40001"

 private:
  struct Queued {
    const Statement* statement = nullptr;  // none: put together
    std::string text;
    Params params;
  };
  enum class Expected : std::uint8_t { preparation, answer };

  static core::Result<std::unique_ptr<Connection>> open_host(const Target::Keywords& host,
                                                             bool keeps_session,
                                                             const ConnectionOptions& options,
                                                             Deadline deadline);
  core::Result<void> set_up(Deadline deadline);
  core::Result<void> wait(bool to_write, Deadline deadline);
  core::Result<void> send_all(std::vector<Expected>& expected);
  bool send_one(const Queued& one, std::vector<Expected>& expected);
  core::Result<Answer::Result> next_result(Deadline deadline);
  core::Result<std::vector<Answer>> gather(const std::vector<Expected>& expected,
                                           std::vector<const Statement*> prepared,
                                           Deadline deadline);
  tl::unexpected<core::Error> lost(std::string why);
  core::Error refusal(const pg_result* result);

  pg_conn* connection_;
  bool keeps_session_;
  ConnectionOptions options_;
  bool usable_ = true;
  std::string last_state_;
  std::vector<Queued> queue_;
  std::vector<const Statement*> preparing_;
  std::unordered_set<const Statement*> prepared_;
};

}  // namespace disburse::store::postgres
