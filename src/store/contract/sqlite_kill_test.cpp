// kill -9 at any moment: every batch that was answered is whole after the next start, none is half.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "store/contract/contract_test.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::store {
namespace {

constexpr core::MerchantId kMerchant{1};
constexpr std::uint32_t kLinksInABatch = 20;

core::Result<std::unique_ptr<Store>> open_in(const std::filesystem::path& folder) {
  return open_sqlite(
      {.path = folder / "store.db", .master = test_master_key(), .random = test_random()});
}

core::LinkId id_of(std::uint32_t batch, std::uint32_t link) {
  return core::LinkId{std::uint64_t{batch} * 1'000 + link + 1};
}

core::Changes batch_of(std::uint32_t number) {
  core::Changes changes;
  for (std::uint32_t i = 0; i < kLinksInABatch; ++i) {
    core::Link link;
    link.merchant = kMerchant;
    link.id = id_of(number, i);
    link.version = 1;
    link.state = core::LinkState::issued;
    link.reference = std::to_string(number);
    link.notes = {{"long enough to fill the log", std::string(9'000, 'x')}};
    changes.links.push_back(link);
    core::Task task;
    task.merchant = kMerchant;
    task.id = core::TaskId{link.id.value + 500};
    changes.tasks.push_back(task);
  }
  return changes;
}

// The child: commits batches from `first` on and writes each number that was answered.
[[noreturn]] void commit_for_ever(const std::filesystem::path& folder, std::uint32_t first,
                                  int answers) {
  auto store = open_in(folder);
  if (!store) _exit(1);
  for (std::uint32_t number = first;; ++number) {
    if (!(*store)->commit(batch_of(number))) _exit(2);
    if (::write(answers, &number, sizeof number) != sizeof number) _exit(3);
  }
}

// Kills the child once it has answered a number of batches, and returns the last one answered.
std::uint32_t run_and_kill(const std::filesystem::path& folder, std::uint32_t first,
                           std::uint64_t batches, std::uint64_t spins) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    commit_for_ever(folder, first, ends[1]);
  }
  ::close(ends[1]);
  std::uint32_t answered = first - 1;
  while (batches-- > 0 && ::read(ends[0], &answered, sizeof answered) == sizeof answered) {
  }
  // Into the middle of the next batch.
  for (std::atomic<std::uint64_t> spin = 0; spin < spins; ++spin) {
  }
  ::kill(child, SIGKILL);
  while (::read(ends[0], &answered, sizeof answered) == sizeof answered) {
  }
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
  return answered;
}

// How many of a batch's rows are there.
std::size_t rows_there(Store& store, std::uint32_t number) {
  const auto rows = store.load(keys_of(batch_of(number)));
  EXPECT_TRUE(rows) << rows.error().detail;
  return rows ? rows->links.size() + rows->tasks.size() : 0;
}

TEST(SqliteKill, EveryAnsweredBatchIsWholeAndNoneIsHalf) {
  const std::uint64_t seed = test_seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  RandomRows random(seed);
  const TemporaryFolder folder;
  std::uint32_t next = 1;
  for (int round = 0; round < 6; ++round) {
    const std::uint32_t answered =
        run_and_kill(folder.path(), next, 1 + random.below(60), random.below(3'000'000));
    auto store = open_in(folder.path());
    ASSERT_TRUE(store) << store.error().detail;
    for (std::uint32_t number = 1; number <= answered; ++number) {
      ASSERT_EQ(rows_there(**store, number), 2 * kLinksInABatch) << "batch " << number;
    }
    // The one that was being committed when it was killed: all of it or nothing.
    const std::size_t last = rows_there(**store, answered + 1);
    EXPECT_TRUE(last == 0 || last == 2 * kLinksInABatch) << last;
    EXPECT_EQ(rows_there(**store, answered + 2), 0U);
    next = answered + (last == 0 ? 1 : 2);
  }
}

}  // namespace
}  // namespace disburse::store
