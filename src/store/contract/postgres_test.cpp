// What only a store of several processes has to show: two of them on one database, leases, lost
// connections and lost answers.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "store/contract/contract_test.hpp"
#include "store/contract/cutting_proxy.hpp"
#include "store/contract/temporary_postgres.hpp"
#include "store/postgres/postgres_store.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Code;
using core::Instant;
using core::Keys;
using core::Task;
using core::TaskKind;
using Loses = CuttingProxy::Loses;

class PostgresStores : public testing::Test {
 protected:
  PostgresStores() : seed_(test_seed()), rows_(seed_) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
  }
  std::unique_ptr<Store> open(const std::string& url) {
    auto store = open_postgres(
        {.url = url,
         .master = test_master_key(),
         .random = test_random(),
         .clock = clock_,
         .patience = std::chrono::milliseconds(1'500)});
    EXPECT_TRUE(store) << (store ? "" : store.error().detail);
    return std::move(*store);
  }
  void must_commit(Store& store, const Changes& changes) {
    const auto done = store.commit(changes);
    ASSERT_TRUE(done) << done.error().detail;
  }
  static void must_conflict(Store& store, const Changes& changes) {
    const auto done = store.commit(changes);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::version_conflict) << done.error().detail;
  }
  Rows must_load(Store& store, const Keys& keys) {
    auto rows = store.load(keys);
    EXPECT_TRUE(rows) << (rows ? "" : rows.error().detail);
    return rows ? std::move(*rows) : Rows{};
  }
  Task task(TaskKind kind, std::int64_t due_ms) {
    Task one = rows_.task({1});
    one.kind = kind;
    one.due_at = Instant::from_ms(due_ms);
    return one;
  }
  Changes link() {
    Changes changes = rows_.create({1});
    changes.tasks.clear();
    return changes;
  }

  std::uint64_t seed_;
  RandomRows rows_;
  sys::ManualClock clock_;
  std::string url_ = TemporaryPostgres::server().fresh_url();
};

Keys of_link(const Changes& changes) {
  Keys keys;
  keys.links.push_back({changes.links[0].merchant, changes.links[0].id});
  return keys;
}

// ---- two at once --------------------------------------------------------------------------------

TEST_F(PostgresStores, TwoThatOpenAnEmptyDatabaseAtOnceMakeItsTablesOnce) {
  constexpr int kAtOnce = 6;
  for (int round = 0; round < 3; ++round) {
    const std::string url = TemporaryPostgres::server().fresh_url();
    std::vector<std::thread> threads;
    std::atomic<int> opened = 0;
    for (int i = 0; i < kAtOnce; ++i) {
      threads.emplace_back([this, &url, &opened] {
        if (open(url) != nullptr) ++opened;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(opened, kAtOnce);
  }
}

TEST_F(PostgresStores, OfTwoLinksThatAreToBeTheOnlyOneWithAReferenceTheSecondIsRefused) {
  const auto a = open(url_);
  const auto b = open(url_);
  Changes one = link();
  Changes two = link();
  one.links[0].reference = two.links[0].reference = "ORDER-1";
  one.references_taken = two.references_taken = {{{1}, "ORDER-1"}};
  Keys keys;
  keys.references = {{{1}, "ORDER-1"}};
  EXPECT_TRUE(must_load(*a, keys).links.empty());
  EXPECT_TRUE(must_load(*b, keys).links.empty());
  must_commit(*a, one);
  must_conflict(*b, two);
  const Rows rows = must_load(*b, keys);
  ASSERT_EQ(rows.links.size(), 1U);
  EXPECT_EQ(rows.links[0].id, one.links[0].id);
  must_commit(*b, {});
  Changes other = link();  // one that does not care
  other.links[0].reference = "ORDER-1";
  must_commit(*b, other);
  EXPECT_EQ((*(*a->reader())->find_link_by_reference({1}, "ORDER-1"))->link.id,
            other.links[0].id);
}

TEST_F(PostgresStores, OfTwoRepliesUnderOneKeyTheSecondIsRefused) {
  const auto a = open(url_);
  const auto b = open(url_);
  Changes one;
  one.replies.push_back(rows_.reply({1}));
  Changes two = link();
  two.replies = one.replies;
  two.replies[0].body = "another";
  must_load(*a, keys_of(one));
  must_load(*b, keys_of(one));
  must_commit(*a, one);
  must_conflict(*b, two);
  EXPECT_EQ(must_load(*b, keys_of(one)).replies, one.replies);
  EXPECT_TRUE(must_load(*b, of_link(two)).links.empty()) << "nothing of the batch is there";
}

// b waits in load() until a has committed, and then sees what a wrote: nothing is decided twice.
TEST_F(PostgresStores, WhatOneHasLoadedToChangeTheOtherWaitsFor) {
  const auto a = open(url_);
  const auto b = open(url_);
  Changes made = rows_.everything();
  must_commit(*a, made);
  const core::Link& link = made.links[0];
  Keys keys = of_link(made);
  must_load(*a, keys);
  std::atomic<bool> loaded = false;
  Rows seen;
  std::thread other([&] {
    seen = must_load(*b, keys);
    loaded = true;
  });
  Changes next;
  next.links = {link};
  next.links[0].version = 2;
  next.links[0].description = "changed";
  EXPECT_FALSE(loaded);
  must_commit(*a, next);
  other.join();
  ASSERT_EQ(seen.links.size(), 1U);
  EXPECT_EQ(seen.links[0], next.links[0]);
  next.links[0].version = 3;
  must_commit(*b, next);
}

TEST_F(PostgresStores, CreatesOfOneMerchantDoNotWaitForOneAnother) {
  const auto a = open(url_);
  const auto b = open(url_);
  Changes made;
  made.merchants.push_back(rows_.merchant(1));
  made.merchants[0].settings.hold = core::HoldAt::claim;
  made.balances.push_back(rows_.balances({1}, 1));
  must_commit(*a, made);
  Keys keys;
  keys.merchants = {{1}};
  EXPECT_EQ(must_load(*a, keys).balances, made.balances);
  EXPECT_EQ(must_load(*b, keys).balances, made.balances) << "while a has its batch open";
  must_commit(*b, link());
  must_commit(*a, link());
  // Who moves money waits.
  keys.money = {{1}};
  must_load(*a, keys);
  std::thread other([&] { EXPECT_EQ(must_load(*b, keys).balances[0].version, 2U); });
  Changes moved;
  moved.balances = {rows_.balances({1}, 2)};
  must_commit(*a, moved);
  other.join();
}

// A webhook that is added to a link's lane while another of the lane ends would wait for ever.
TEST_F(PostgresStores, ALaneIsOnePartysUntilItsBatchIsOver) {
  const auto a = open(url_);
  const auto b = open(url_);
  Changes made = rows_.everything();
  core::Delivery& first = made.deliveries[0];
  for (core::Delivery& row : made.deliveries) row.state = core::DeliveryState::delivered;
  first.state = core::DeliveryState::due;
  must_commit(*a, made);
  Keys lane;
  lane.lanes.push_back({first.merchant, first.link});
  EXPECT_EQ(must_load(*a, lane).lane.size(), 1U);
  std::thread other([&] {
    // The first one is over by the time this is answered.
    const Rows rows = must_load(*b, lane);
    ASSERT_EQ(rows.lane.size(), 1U);
    EXPECT_NE(rows.lane[0].id, first.id);
    must_commit(*b, {});
  });
  Changes next;
  next.deliveries = {first, rows_.delivery(made.links[0], first.endpoint)};
  next.deliveries[0].state = core::DeliveryState::delivered;
  next.deliveries[1].state = core::DeliveryState::waiting;
  next.deliveries[1].link = first.link;
  must_commit(*a, next);
  other.join();
}

TEST_F(PostgresStores, ACountThatWentUpElsewhereIsNotOverwritten) {
  const auto a = open(url_);
  const auto b = open(url_);
  Changes made;
  made.counters.push_back(rows_.counter({1}));
  must_load(*a, keys_of(made));  // not there yet, for both
  must_load(*b, keys_of(made));
  must_commit(*a, made);
  must_conflict(*b, made);
  EXPECT_EQ(must_load(*b, keys_of(made)).counters, made.counters);
  made.counters[0].count += 1;
  must_commit(*b, made);
}

TEST_F(PostgresStores, ATokenIsUsedOnce) {
  const auto a = open(url_);
  Changes made;
  made.refresh_tokens.push_back(rows_.refresh_token({1}));
  made.refresh_tokens[0].used = false;
  must_commit(*a, made);
  const auto b = open(url_);
  must_load(*a, keys_of(made));
  std::thread other([&] {
    EXPECT_TRUE(must_load(*b, keys_of(made)).refresh_tokens[0].used);
    must_commit(*b, {});
  });
  made.refresh_tokens[0].used = true;
  must_commit(*a, made);
  other.join();
}

TEST_F(PostgresStores, ATaskThatIsGoneIsNotFinishedTwice) {
  const auto a = open(url_);
  Changes made;
  made.tasks.push_back(task(TaskKind::announce, 5));
  must_commit(*a, made);
  const auto b = open(url_);
  must_load(*a, keys_of(made));
  std::thread other([&] {
    EXPECT_TRUE(must_load(*b, keys_of(made)).tasks.empty());
    must_commit(*b, {});
  });
  Changes done;
  done.tasks_done.emplace_back(core::MerchantId{1}, made.tasks[0].id);
  must_commit(*a, done);
  other.join();
}

TEST_F(PostgresStores, TheAuditChainDoesNotFork) {
  const auto a = open(url_);
  const auto b = open(url_);
  std::atomic<int> taken = 0;
  std::vector<core::AuditRow> first = {rows_.audit({1}), rows_.audit({1})};
  first[0].hash = "a";
  first[1].hash = "b";
  const auto act = [&taken](Store& store, const core::AuditRow& row) {
    Changes changes;
    changes.audit = {row};
    changes.audit_after = "";
    if (store.commit(changes)) ++taken;
  };
  std::thread other([&] { act(*a, first[0]); });
  act(*b, first[1]);
  other.join();
  EXPECT_EQ(taken, 1);
}

// Two engines in all but name add one to the same link, over and over: not one is lost.
TEST_F(PostgresStores, ChangesFromManySidesAreAllThere) {
  constexpr int kStores = 4;
  constexpr std::uint32_t kEach = 50;
  Changes made = rows_.everything();
  must_commit(*open(url_), made);
  const Keys keys = keys_of(made);
  std::vector<std::thread> threads;
  std::atomic<int> conflicts = 0;
  for (int i = 0; i < kStores; ++i) {
    threads.emplace_back([&] {
      const auto store = open(url_);
      for (std::uint32_t done = 0; done < kEach;) {
        Keys wanted;
        wanted.links = keys.links;
        wanted.merchants = keys.merchants;
        wanted.money = keys.merchants;
        const Rows rows = must_load(*store, wanted);
        Changes next;
        next.links = rows.links;
        next.balances = rows.balances;
        for (core::Link& row : next.links) ++row.version, ++row.notices;
        for (core::Balances& row : next.balances) ++row.version, ++row.deposited;
        const auto committed = store->commit(next);
        if (committed)
          ++done;
        else
          ++conflicts;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto store = open(url_);
  const Rows rows = must_load(*store, keys);
  for (std::size_t i = 0; i < made.links.size(); ++i) {
    const auto found = std::find_if(rows.links.begin(), rows.links.end(), [&](const auto& row) {
      return row.id == made.links[i].id;
    });
    ASSERT_NE(found, rows.links.end());
    EXPECT_EQ(found->notices, made.links[i].notices + kStores * kEach);
  }
  EXPECT_EQ(conflicts, 0) << "they wait for one another";
}

// ---- leases -------------------------------------------------------------------------------------

std::vector<TaskName> names_of(const std::vector<Task>& tasks) {
  std::vector<TaskName> names;
  for (const Task& one : tasks) names.emplace_back(one.merchant, one.id);
  return names;
}

TEST_F(PostgresStores, ATaskIsTakenByOneUntilItsLeaseEnds) {
  const auto a = open(url_);
  const auto b = open(url_);
  Changes made;
  for (int i = 0; i < 4; ++i) made.tasks.push_back(task(TaskKind::pay, 10 + i));
  must_commit(*a, made);
  const auto one = *a->reader();
  const auto two = *b->reader();
  const Instant due = Instant::from_ms(50);
  EXPECT_EQ(*one->take_tasks(false, due, 3),
            std::vector(made.tasks.begin(), made.tasks.begin() + 3));
  EXPECT_EQ(*two->take_tasks(false, due, 9), std::vector{made.tasks[3]});
  EXPECT_TRUE(one->take_tasks(false, due, 9)->empty()) << "not again to who has them";
  EXPECT_EQ(one->due_tasks(false, due, 9)->size(), 4U) << "looking shows them all";
  EXPECT_FALSE(*one->next_due(false));
  const std::vector<TaskName> mine =
      names_of({made.tasks.begin(), made.tasks.begin() + 2});
  clock_.advance(kTaskLease - std::chrono::seconds(1));
  EXPECT_TRUE(one->keep_tasks(mine)->empty());
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(*two->take_tasks(false, due, 9),
            std::vector(made.tasks.begin() + 2, made.tasks.end())) << "those that were not kept";
  EXPECT_EQ(*one->keep_tasks(names_of({made.tasks[2]})), std::vector{made.tasks[2].id});
  ASSERT_TRUE(one->give_back(mine));
  EXPECT_EQ(two->take_tasks(false, due, 9)->size(), 2U);
}

TEST_F(PostgresStores, ATaskThatIsPutAgainIsFree) {
  const auto a = open(url_);
  Changes made;
  made.tasks.push_back(task(TaskKind::deliver, 10));
  must_commit(*a, made);
  const auto one = *a->reader();
  EXPECT_EQ(one->take_tasks(false, Instant::from_ms(50), 9)->size(), 1U);
  must_load(*a, keys_of(made));
  made.tasks[0].due_at = Instant::from_ms(40);
  must_commit(*a, made);
  EXPECT_EQ(*one->take_tasks(false, Instant::from_ms(50), 9), made.tasks);
}

TEST_F(PostgresStores, AnnouncementsOfALinkAreTakenOneAfterTheOther) {
  const auto a = open(url_);
  const auto b = open(url_);
  Changes made;
  for (int i = 0; i < 3; ++i) made.tasks.push_back(task(TaskKind::announce, 10 + i));
  made.tasks[1].link = made.tasks[0].link;
  must_commit(*a, made);
  const auto one = *a->reader();
  const auto two = *b->reader();
  const Instant due = Instant::from_ms(50);
  EXPECT_EQ(*one->take_tasks(false, due, 1), std::vector{made.tasks[0]});
  EXPECT_EQ(*two->take_tasks(false, due, 9), std::vector{made.tasks[2]});
  EXPECT_FALSE(*two->next_due(false)) << "the second of the link cannot be taken yet";
  Changes done;
  done.tasks_done.emplace_back(core::MerchantId{1}, made.tasks[0].id);
  must_commit(*a, done);
  EXPECT_EQ(*two->take_tasks(false, due, 9), std::vector{made.tasks[1]});
}

TEST_F(PostgresStores, ManyWhoTakeTasksGetEachOnce) {
  constexpr int kTakers = 4;
  const auto a = open(url_);
  Changes made;
  for (int i = 0; i < 400; ++i) made.tasks.push_back(task(TaskKind::notify, 10 + i));
  must_commit(*a, made);
  std::mutex lock;
  std::vector<core::TaskId> taken;
  std::vector<std::thread> threads;
  for (int i = 0; i < kTakers; ++i) {
    threads.emplace_back([&] {
      const auto store = open(url_);
      const auto taker = *store->reader();
      while (true) {
        const auto some = *taker->take_tasks(false, Instant::from_ms(1'000), 7);
        if (some.empty()) return;
        const std::lock_guard guard(lock);
        for (const Task& one : some) taken.push_back(one.id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(taken.begin(), taken.end());
  EXPECT_EQ(std::unique(taken.begin(), taken.end()), taken.end());
  EXPECT_EQ(taken.size(), made.tasks.size());
}

TEST_F(PostgresStores, ANodeNumberHasOneHolderUntilItsLeaseEnds) {
  const auto a = open(url_);
  const auto b = open(url_);
  auto one = *a->lease_nodes(40);
  auto two = *b->lease_nodes(22);
  std::set<unsigned> all(one.nodes.begin(), one.nodes.end());
  all.insert(two.nodes.begin(), two.nodes.end());
  EXPECT_EQ(all.size(), 62U);
  EXPECT_EQ(*all.begin(), 1U);
  EXPECT_EQ(*all.rbegin(), 62U);
  EXPECT_EQ(b->lease_nodes(1).error().code, Code::store_unavailable);
  clock_.advance(kNodeLease - std::chrono::seconds(1));
  EXPECT_TRUE(a->keep_nodes(one));
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(b->keep_nodes(two).error().code, Code::version_conflict);
  EXPECT_EQ(a->lease_nodes(22)->nodes.size(), 22U) << "those of b";
  EXPECT_TRUE(a->keep_nodes(one));
  ASSERT_TRUE(a->give_back_nodes(one));
  EXPECT_EQ(b->lease_nodes(40)->nodes.size(), 40U);
}

// ---- what gets lost -----------------------------------------------------------------------------

class LostConnections : public PostgresStores {
 protected:
  CuttingProxy proxy_{TemporaryPostgres::server().socket_folder()};
  std::unique_ptr<Store> direct_ = open(url_);
  std::unique_ptr<Store> store_ = open(proxy_.through(url_));
};

TEST_F(LostConnections, ACommitWhoseAnswerWasLostIsFoundAndNotDoneAgain) {
  for (int round = 0; round < 3; ++round) {
    const Changes made = link();
    must_load(*store_, of_link(made));
    proxy_.lose(Loses::next_answer);
    must_commit(*store_, made);
    EXPECT_EQ(proxy_.lost(), round + 1);
    EXPECT_EQ(must_load(*direct_, of_link(made)).links, made.links);
    must_commit(*direct_, {});
    EXPECT_TRUE(store_->takes_writes());
  }
}

TEST_F(LostConnections, ACommitThatDidNotArriveIsToldAndNothingOfItIsThere) {
  const Changes made = link();
  must_load(*store_, of_link(made));
  proxy_.lose(Loses::next_request);
  must_conflict(*store_, made);
  EXPECT_EQ(proxy_.lost(), 1);
  EXPECT_TRUE(must_load(*direct_, of_link(made)).links.empty());
  must_commit(*direct_, {});
  must_load(*store_, of_link(made));
  must_commit(*store_, made);
}

TEST_F(LostConnections, ALoadIsDoneAgainOnANewConnection) {
  const Changes made = link();
  must_commit(*store_, made);
  const auto reader = *store_->reader();
  EXPECT_TRUE(*reader->find_link({1}, made.links[0].id));
  for (const Loses what : {Loses::next_request, Loses::next_answer}) {
    proxy_.lose(what);
    EXPECT_EQ(must_load(*store_, of_link(made)).links, made.links);
    must_commit(*store_, {});
    proxy_.lose(what);
    const auto found = reader->find_link({1}, made.links[0].id);
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_TRUE(*found);
  }
  EXPECT_EQ(proxy_.lost(), 4);
}

TEST_F(LostConnections, AwayItTakesNoWritesAndComesBackByItself) {
  const Changes made = link();
  proxy_.lose(Loses::everything);
  EXPECT_EQ(store_->load(of_link(made)).error().code, Code::store_unavailable);
  EXPECT_FALSE(store_->takes_writes());
  EXPECT_EQ(store_->commit(made).error().code, Code::store_unavailable);
  proxy_.lose(Loses::nothing);
  must_load(*store_, of_link(made));
  must_commit(*store_, made);
  EXPECT_TRUE(store_->takes_writes());
}

TEST_F(LostConnections, ADatabaseThatIsKilledAndStartedAgainIsFoundAgain) {
  const Changes before = link();
  must_commit(*store_, before);
  must_load(*store_, of_link(before));
  TemporaryPostgres::server().kill();
  const Changes after = link();
  EXPECT_FALSE(store_->commit(after));
  TemporaryPostgres::server().start();
  EXPECT_EQ(must_load(*store_, of_link(before)).links, before.links);
  EXPECT_TRUE(must_load(*store_, of_link(after)).links.empty());
  must_commit(*store_, after);
}

TEST_F(PostgresStores, WithoutASessionOfItsOwnItWorksAllTheSame) {
  const auto store = open(url_ + "&prepared=off");
  const Changes made = rows_.everything();
  must_commit(*store, made);
  EXPECT_TRUE(same_rows(made.links, must_load(*store, keys_of(made)).links));
  const Changes next = rows_.changed(made);
  must_commit(*store, next);
  EXPECT_TRUE(same_rows(next.links, must_load(*store, keys_of(made)).links));
  EXPECT_TRUE(*(*store->reader())->link_story({1}, made.links[0].id));
}

}  // namespace
}  // namespace disburse::store
