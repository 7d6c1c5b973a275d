// Two stores on one database: they see one another's commits, and never overwrite them.
#include "store/contract/postgres_fixture.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Code;
using core::Instant;
using core::Keys;
using core::Task;
using core::TaskKind;

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
  EXPECT_EQ((*(*a->reader())->find_link_by_reference({1}, "ORDER-1"))->link.id, other.links[0].id);
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
    const auto found = std::find_if(rows.links.begin(), rows.links.end(),
                                    [&](const auto& row) { return row.id == made.links[i].id; });
    ASSERT_NE(found, rows.links.end());
    EXPECT_EQ(found->notices, made.links[i].notices + kStores * kEach);
  }
  EXPECT_EQ(conflicts, 0) << "they wait for one another";
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
