// The lines from the program to the disk, the bank and the SMS gateway, each with a place to cut
// it: without a hook everything goes through as it is.
//
// Threads: one.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "notify/notifier.hpp"
#include "rails/rail.hpp"
#include "store/store.hpp"

namespace disburse::world {

// Thrown by a hook: the program dies at this very place, as by kill -9. Whoever catches it calls
// World::crash() and nothing else.
struct Died {};

class StoreLine final : public store::Store {
 public:
  explicit StoreLine(store::Store& store) : store_(store) {}

  // A refusal is what load() or commit() answers; a hook after the commit can only die.
  std::function<core::Result<void>()> before_load;
  std::function<void()> before_commit;
  std::function<core::Result<void>()> refuse_commit;
  std::function<void()> after_commit;
  std::function<void()> store_refused;    // a commit, by itself
  std::function<void()> at_end_of_write;  // of each commit that came to the store

  core::Result<store::StartState> start_state() override { return store_.start_state(); }
  core::Result<store::Rows> load(const core::Keys& keys) override {
    if (before_load) CHECK(before_load());
    return store_.load(keys);
  }
  core::Result<store::Rows> load_more(const core::Keys& keys) override {
    if (before_load) CHECK(before_load());
    return store_.load_more(keys);
  }
  core::Result<void> commit(const core::Changes& changes) override {
    if (changes.empty()) return store_.commit(changes);
    if (before_commit) before_commit();
    if (refuse_commit) CHECK(refuse_commit());
    const core::Result<void> done = store_.commit(changes);
    if (at_end_of_write) at_end_of_write();
    if (!done && store_refused) store_refused();
    if (done && after_commit) after_commit();
    return done;
  }
  core::Result<std::unique_ptr<store::Reader>> reader() override { return store_.reader(); }
  bool takes_writes() const override { return store_.takes_writes(); }

 private:
  store::Store& store_;
};

class BankLine final : public rails::Rail {
 public:
  explicit BankLine(rails::Rail& bank) : bank_(bank) {}

  using Answer = std::function<void(rails::RailReply)>;
  using Holder = std::function<void(rails::HolderReply)>;
  std::function<void(const rails::Order&, Answer)> on_submit;
  std::function<void(const rails::Order&, Holder)> on_verify;

  std::string_view name() const override { return bank_.name(); }
  void submit(const rails::Order& order, Answer answer) override {
    on_submit ? on_submit(order, std::move(answer)) : bank_.submit(order, std::move(answer));
  }
  void verify(const rails::Order& order, Holder answer) override {
    on_verify ? on_verify(order, std::move(answer)) : bank_.verify(order, std::move(answer));
  }
  void listen(Listener listener) override { bank_.listen(std::move(listener)); }

 private:
  rails::Rail& bank_;
};

class GatewayLine final : public notify::Notifier {
 public:
  explicit GatewayLine(notify::Notifier& gateway) : gateway_(gateway) {}

  std::function<void(const notify::Message&, Answer)> on_send;

  void send(const notify::Message& message, Answer answer) override {
    on_send ? on_send(message, std::move(answer)) : gateway_.send(message, std::move(answer));
  }

 private:
  notify::Notifier& gateway_;
};

}  // namespace disburse::world
