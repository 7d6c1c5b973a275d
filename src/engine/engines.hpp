// Several engines side by side over one store, each with a connection, a thread and an id maker of
// its own, so that one slow sync does not stop the others.
//
// Promises: commands of one link go to one engine, in their order; so do requests under one
// idempotency key and creates with one reference, so that engines of this node do not contend for
// them. What moves a merchant's money goes to the merchant's engine, because it changes one row.
// What is contended for all the same, here or by another node, the store finds out, and the engine
// decides again.
//
// A large batch costs a database much less than the same commands in several small ones, so only as
// many engines are given work as have enough of it; and one more for each that is held up. When
// their number changes, a link may move to another engine; the store keeps the two apart.
//
// Threads: what Door has from any; start(), run() and stop() from the owner's.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "engine/engine.hpp"

namespace disburse::engine {

class Engines final : public Door {
 public:
  explicit Engines(std::vector<std::unique_ptr<Engine>> engines);
  ~Engines() override;

  // A thread for each.
  void run();
  // Works off what was accepted and ends the threads.
  void stop();
  // As Engine's, for each. Before run().
  void on_outbox(const std::function<void()>& listener);
  void on_answers(const std::function<void(const Engine::Answers&)>& carry);

  void submit(Request request) override;
  void enqueue(Request request) override;
  void nudge() override;
  void wake() override;
  bool takes_writes() const override;
  EngineCounts counts() const override;
  std::uint64_t commits() const override;
  std::size_t waiting() const override;

  std::size_t size() const { return engines_.size(); }
  // The engine alone, where there is one: it is a door by itself.
  Door& door();

 private:
  Engine& engine_for(const Request& request);
  std::size_t engines_at_work() const;

  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<std::thread> threads_;
};

// What a request is spread by: requests of one number meet in one engine. 0: any engine will do.
std::uint64_t spread_number(const Request& request);

}  // namespace disburse::engine
