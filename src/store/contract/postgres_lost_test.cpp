// Leases that end, and connections, answers and databases that get lost.
#include <mutex>
#include <set>

#include "store/contract/cutting_proxy.hpp"
#include "store/contract/postgres_fixture.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Code;
using core::Instant;
using core::Keys;
using core::Task;
using core::TaskKind;
using Loses = CuttingProxy::Loses;

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
  const std::vector<TaskName> mine = names_of({made.tasks.begin(), made.tasks.begin() + 2});
  clock_.advance(kTaskLease - std::chrono::seconds(1));
  EXPECT_TRUE(one->keep_tasks(mine)->empty());
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(*two->take_tasks(false, due, 9), std::vector(made.tasks.begin() + 2, made.tasks.end()))
      << "those that were not kept";
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

}  // namespace
}  // namespace disburse::store
