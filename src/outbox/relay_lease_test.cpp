// Two nodes' relays over one store: a task belongs to one of them at a time, to the other when the
// first gives it back, dies, or cannot renew its lease.
#include <gtest/gtest.h>

#include <map>

#include "outbox/test_reader.hpp"
#include "outbox/test_world.hpp"

namespace disburse::outbox {
namespace {

using namespace testing;
using core::TaskKind;

const notify::NotifyResult kSent = [] {
  notify::NotifyResult result;
  result.sent = true;
  return result;
}();

// Whose each task is, and until when, as a shared store keeps it.
struct Leases {
  const sys::Clock& clock;
  std::map<core::TaskId, std::pair<const void*, core::Duration>> held = {};

  bool taken(core::TaskId task) const {
    const auto at = held.find(task);
    return at != held.end() && at->second.second > clock.elapsed();
  }
  bool is_of(core::TaskId task, const void* owner) const {
    return taken(task) && held.at(task).first == owner;
  }
  void give(core::TaskId task, const void* owner) {
    held[task] = {owner, clock.elapsed() + store::kTaskLease};
  }
};

class LeasingReader final : public BrokenReader {
 public:
  LeasingReader(std::unique_ptr<store::Reader> real, Leases& leases)
      : BrokenReader(std::move(real)), leases_(leases) {}

  bool cut_off = false;

  bool leases_tasks() const override { return true; }
  core::Result<std::vector<core::Task>> take_tasks(bool timers, core::Instant now,
                                                   std::uint32_t limit) override {
    if (cut_off) return core::fail(core::Code::store_unavailable);
    std::vector<core::Task> tasks = TRY(due_tasks(timers, now, 1'000));
    std::erase_if(tasks, [this](const auto& task) { return leases_.taken(task.id); });
    tasks.resize(std::min<std::size_t>(tasks.size(), limit));
    for (const core::Task& task : tasks) leases_.give(task.id, this);
    return tasks;
  }
  core::Result<std::vector<core::TaskId>> keep_tasks(
      std::span<const store::TaskName> names) override {
    if (cut_off) return core::fail(core::Code::store_unavailable);
    ++kept;
    std::vector<core::TaskId> lost;
    for (const auto& [merchant, task] : names) {
      if (leases_.is_of(task, this))
        leases_.give(task, this);
      else
        lost.push_back(task);
    }
    return lost;
  }
  core::Result<void> give_back(std::span<const store::TaskName> names) override {
    for (const auto& [merchant, task] : names) {
      if (leases_.is_of(task, this)) leases_.held.erase(task);
    }
    return {};
  }

  int kept = 0;

 private:
  Leases& leases_;
};

class RelayLeases : public ::testing::Test {
 protected:
  RelayLeases() {
    auto other = std::make_unique<LeasingReader>(std::move(*world_.store->reader()), leases_);
    theirs_ = other.get();
    other_reader_ = std::move(other);
    auto mine = std::make_unique<LeasingReader>(std::move(world_.reader), leases_);
    mine_ = mine.get();
    world_.reader = std::move(mine);
    world_.limits.per_channel = 1;
    world_.make_relay();
    Parts parts = world_.parts();
    Parts others{.reader = *other_reader_,
                 .rails = {&their_rail_},
                 .notifier = their_notifier_,
                 .http = parts.http,
                 .ids = parts.ids,
                 .hash = parts.hash,
                 .random = parts.random,
                 .submit = parts.submit,
                 .find_dialect = parts.find_dialect,
                 .public_url = parts.public_url,
                 .limits = parts.limits};
    other_ = std::make_unique<Relay>(std::move(others));
  }

  void poll_both() {
    world_.poll();
    other_->poll(world_.clock.moment());
  }
  // Both poll again and again while this passes.
  void pass(core::Duration time) {
    for (core::Duration at{0}; at < time; at += std::chrono::seconds(1)) {
      world_.advance(std::chrono::seconds(1));
      poll_both();
    }
  }
  void add_notice() {
    core::Task task = world_.task(TaskKind::notify);
    task.notice = core::Notice::link_paid;
    world_.add(task);
  }
  std::size_t my_notices() const { return world_.notifier.messages.size(); }
  std::size_t their_notices() const { return their_notifier_.messages.size(); }

  World world_;
  Leases leases_{world_.clock};
  HeldRail their_rail_;
  HeldNotifier their_notifier_;
  std::unique_ptr<store::Reader> other_reader_;
  LeasingReader* mine_ = nullptr;
  LeasingReader* theirs_ = nullptr;
  std::unique_ptr<Relay> other_;
};

TEST_F(RelayLeases, OneOfThemCarriesATaskForAsLongAsItTakes) {
  add_notice();
  pass(std::chrono::seconds(50));
  EXPECT_EQ(my_notices(), 1U);
  EXPECT_EQ(their_notices(), 0U) << "the lease was renewed";
  EXPECT_GT(mine_->kept, 1);
}

TEST_F(RelayLeases, WhatADeadNodeHadIsTakenOver) {
  add_notice();
  poll_both();
  world_.relay.reset();  // as kill -9: nothing is given back
  world_.advance(store::kTaskLease - std::chrono::seconds(1));
  other_->poll(world_.clock.moment());
  EXPECT_EQ(their_notices(), 0U);
  world_.advance(std::chrono::seconds(1));
  other_->poll(world_.clock.moment());
  EXPECT_EQ(their_notices(), 1U);
}

TEST_F(RelayLeases, ANodeThatStopsGivesBackWhatItHasNotBegun) {
  add_notice();
  add_notice();  // waits in its lane
  poll_both();
  EXPECT_EQ(their_notices(), 0U);
  world_.relay->drain();
  poll_both();
  EXPECT_EQ(their_notices(), 1U) << "the one that waited";
  EXPECT_EQ(my_notices(), 1U);
  world_.relay->let_go();
  their_notifier_.answers.front()(kSent);
  other_->poll(world_.clock.moment());
  other_->poll(world_.clock.moment());
  EXPECT_EQ(their_notices(), 2U) << "and what was open when it ended";
}

TEST_F(RelayLeases, WhoCannotRenewBeginsNothingMore) {
  add_notice();
  add_notice();
  poll_both();
  mine_->cut_off = true;
  pass(store::kTaskLease + std::chrono::seconds(2));
  EXPECT_EQ(their_notices(), 1U) << "one at a time";
  EXPECT_EQ(world_.relay->counters().leases_lost, 1U);
  mine_->cut_off = false;
  world_.notifier.answers.front()(kSent);
  pass(std::chrono::seconds(20));
  EXPECT_EQ(my_notices(), 1U) << "what waited here is somebody else's now";
}

TEST_F(RelayLeases, TheAnswerToACallWhoseLeaseWasLostIsHandedOn) {
  add_notice();
  poll_both();
  mine_->cut_off = true;
  pass(store::kTaskLease + std::chrono::seconds(2));
  EXPECT_EQ(their_notices(), 1U);
  world_.notifier.answers.front()(kSent);
  poll_both();
  EXPECT_EQ(world_.said<core::NoticeTried>().size(), 1U);
}

TEST_F(RelayLeases, AReceiverThatHangsDoesNotFillTheRelayWithWhatItNeverCarries) {
  world_.limits.leased_per_lane = 2;
  world_.make_relay();
  for (int i = 0; i < 10; ++i) add_notice();
  world_.poll();
  EXPECT_EQ(my_notices(), 1U);
  // One is open and two wait; the others' leases end by themselves.
  world_.advance(store::kTaskLease - std::chrono::seconds(1));
  world_.poll();
  world_.advance(std::chrono::seconds(1));
  other_->poll(world_.clock.moment());
  EXPECT_EQ(their_notices(), 1U);
}

}  // namespace
}  // namespace disburse::outbox
