// Due work: order, limits, and that a large backlog is worked off in bounded batches.
#include "store/contract/contract_test.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Instant;
using core::Task;
using core::TaskKind;

class StoreTasks : public ContractTest {
 protected:
  Task task(TaskKind kind, std::int64_t due_ms, std::uint32_t merchant = 1) {
    Task task = rows_.task({merchant});
    task.kind = kind;
    task.due_at = Instant::from_ms(due_ms);
    return task;
  }
};
INSTANTIATE_TEST_SUITE_P(Each, StoreTasks, testing::ValuesIn(store_kinds()), kind_name);

TEST_P(StoreTasks, DueTasksComeLongestOverdueFirstWhateverTheirMerchant) {
  Changes changes;
  changes.tasks = {task(TaskKind::expire_link, 300),  task(TaskKind::activate_link, 100, 2),
                   task(TaskKind::retry_queued, 200), task(TaskKind::pay, 150),
                   task(TaskKind::expire_link, 100),  task(TaskKind::expire_link, 400)};
  must_commit(changes);
  const auto due = *reader()->due_tasks(true, Instant::from_ms(300), 10);
  const std::vector<Task> expected = {changes.tasks[1], changes.tasks[4], changes.tasks[2],
                                      changes.tasks[0]};
  EXPECT_EQ(due, expected);
  const auto outbox = *reader()->due_tasks(false, Instant::from_ms(300), 10);
  EXPECT_EQ(outbox, std::vector{changes.tasks[3]});
}

TEST_P(StoreTasks, NoMoreTasksComeThanAskedForAndNoneBeforeItsTime) {
  Changes changes;
  for (int i = 0; i < 20; ++i) changes.tasks.push_back(task(TaskKind::notify, 100 + i));
  must_commit(changes);
  EXPECT_TRUE(reader()->due_tasks(false, Instant::from_ms(99), 10)->empty());
  EXPECT_EQ(reader()->due_tasks(false, Instant::from_ms(102), 10)->size(), 3U);
  EXPECT_EQ(*reader()->due_tasks(false, Instant::from_ms(500), 5),
            std::vector(changes.tasks.begin(), changes.tasks.begin() + 5));
}

TEST_P(StoreTasks, TheNextDueTimeIsTheEarliestOfItsKind) {
  EXPECT_FALSE(*reader()->next_due(true));
  EXPECT_FALSE(*reader()->next_due(false));
  Changes changes;
  changes.tasks = {task(TaskKind::deliver, 50), task(TaskKind::deliver, 40),
                   task(TaskKind::expire_link, 900)};
  must_commit(changes);
  EXPECT_EQ(**reader()->next_due(true), Instant::from_ms(900));
  EXPECT_EQ(**reader()->next_due(false), Instant::from_ms(40));
}

TEST_P(StoreTasks, ATaskPutAgainIsDueAtItsNewTimeOnly) {
  Changes changes;
  changes.tasks = {task(TaskKind::deliver, 50)};
  must_commit(changes);
  changes.tasks[0].due_at = Instant::from_ms(70);
  changes.tasks[0].tries += 1;
  must_commit(changes);
  EXPECT_TRUE(reader()->due_tasks(false, Instant::from_ms(60), 10)->empty());
  EXPECT_EQ(*reader()->due_tasks(false, Instant::from_ms(70), 10), changes.tasks);
  EXPECT_EQ(must_load(keys_of(changes)).tasks, changes.tasks);
}

TEST_P(StoreTasks, ATaskThatIsDoneIsGoneAndAnUnknownOneIsNoError) {
  Changes changes;
  changes.tasks = {task(TaskKind::pay, 50), task(TaskKind::pay, 60)};
  must_commit(changes);
  Changes done;
  done.tasks_done = {
      {{1}, changes.tasks[0].id}, {{1}, core::TaskId{12'345}}, {{2}, changes.tasks[1].id}};
  must_commit(done);
  EXPECT_EQ(*reader()->due_tasks(false, Instant::from_ms(99), 10), std::vector{changes.tasks[1]});
  EXPECT_EQ(must_load(keys_of(changes)).tasks, std::vector{changes.tasks[1]});
}

TEST_P(StoreTasks, AMerchantsTasksOfOneKindComeOldestFirst) {
  Changes changes;
  for (int i = 0; i < 10; ++i) {
    changes.tasks.push_back(task(TaskKind::retry_queued, 1'000 - i));
    changes.tasks.push_back(task(TaskKind::retry_queued, 500, 2));
    changes.tasks.push_back(task(TaskKind::expire_link, 500));
  }
  must_commit(changes);
  for (const TaskKind kind : {TaskKind::retry_queued, TaskKind::expire_link, TaskKind::pay}) {
    std::vector<Task> expected;
    for (const Task& one : changes.tasks) {
      if (one.merchant == core::MerchantId{1} && one.kind == kind) expected.push_back(one);
    }
    EXPECT_EQ(*reader()->tasks_of({1}, kind, 100), expected);
    expected.resize(std::min<std::size_t>(expected.size(), 3));
    EXPECT_EQ(*reader()->tasks_of({1}, kind, 3), expected);
  }
}

// As the engine does after a long stop: take a batch, finish it, take the next. Every batch costs
// the same, so the whole is linear; a scan or a sort for each batch would take minutes.
TEST_P(StoreTasks, AHugeBacklogIsWorkedOffInBoundedBatches) {
  constexpr std::uint32_t kBacklog = 50'000;
  constexpr std::uint32_t kBatch = 500;
  for (std::uint32_t made = 0; made < kBacklog; made += 5'000) {
    Changes changes;
    for (int i = 0; i < 5'000; ++i) {
      const auto due = static_cast<std::int64_t>(rows_.below(1'000'000));
      const auto merchant = static_cast<std::uint32_t>(1 + rows_.below(3));
      changes.tasks.push_back(task(TaskKind::expire_link, due, merchant));
    }
    must_commit(changes);
  }
  const auto due_reader = reader();
  Instant last;
  std::uint32_t done = 0;
  while (true) {
    const auto due = *due_reader->due_tasks(true, Instant::from_ms(2'000'000), kBatch);
    ASSERT_LE(due.size(), kBatch);
    if (due.empty()) break;
    Changes changes;
    for (const Task& one : due) {
      EXPECT_GE(one.due_at, last);
      last = one.due_at;
      changes.tasks_done.emplace_back(one.merchant, one.id);
    }
    must_commit(changes);
    done += static_cast<std::uint32_t>(due.size());
  }
  EXPECT_EQ(done, kBacklog);
}

}  // namespace
}  // namespace disburse::store
