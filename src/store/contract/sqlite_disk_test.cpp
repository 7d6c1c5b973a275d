// What the SQLite store does when its disk fails, is full, or loses power: real SQLite over a file
// layer that fails on demand.
#include "store/contract/contract_test.hpp"
#include "store/contract/failing_disk.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Code;

constexpr core::MerchantId kMerchant{1};

class SqliteDisk : public testing::Test {
 protected:
  SqliteDisk() : seed_(test_seed()), rows_(seed_) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
    store_ = open(folder_.path());
  }

  std::unique_ptr<Store> open(const std::filesystem::path& folder) {
    auto opened = open_sqlite({.path = folder / "store.db",
                               .master = test_master_key(),
                               .random = test_random(),
                               .vfs = disk_.name(),
                               .upkeep = plan_});
    EXPECT_TRUE(opened) << opened.error().detail;
    return std::move(*opened);
  }
  Changes commit_one() {
    Changes changes = rows_.create(kMerchant);
    const auto done = store_->commit(changes);
    EXPECT_TRUE(done) << done.error().detail;
    return changes;
  }
  void refuse_one() {
    const auto done = store_->commit(rows_.create(kMerchant));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::store_unavailable) << done.error().detail;
    EXPECT_FALSE(store_->takes_writes());
  }
  static bool has(Store& store, const Changes& changes) {
    const auto rows = store.load(keys_of(changes));
    return rows && rows->links == changes.links && rows->contacts == changes.contacts &&
           same_rows(changes.tasks, rows->tasks) && rows->replies == changes.replies;
  }
  // Waits for what the upkeep thread does by itself.
  static bool comes_true(const std::function<bool()>& what) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < give_up) {
      if (what()) return true;
      std::this_thread::yield();
    }
    return false;
  }

  UpkeepPlan plan_;
  std::uint64_t seed_;
  RandomRows rows_;
  TemporaryFolder folder_;
  FailingDisk disk_;
  std::unique_ptr<Store> store_;
};

TEST_F(SqliteDisk, AFailedSyncPoisonsTheStoreForGood) {
  const Changes before = commit_one();
  const auto reader = std::move(*store_->reader());
  disk_.fail_syncs = true;
  refuse_one();
  disk_.fail_syncs = false;
  // The disk is well again, but what it has of that commit nobody knows.
  refuse_one();
  EXPECT_EQ(store_->load({}).error().code, Code::store_unavailable);
  EXPECT_EQ(store_->start_state().error().code, Code::store_unavailable);
  EXPECT_EQ(store_->reader().error().code, Code::store_unavailable);
  EXPECT_TRUE(*reader->find_link(kMerchant, before.links[0].id));
}

TEST_F(SqliteDisk, AFailedWritePoisonsTheStoreForGood) {
  commit_one();
  disk_.fail_writes = true;
  refuse_one();
  disk_.fail_writes = false;
  refuse_one();
}

TEST_F(SqliteDisk, APoisonedStoreOpensAgainWithEverythingThatWasAnswered) {
  std::vector<Changes> done;
  for (int i = 0; i < 5; ++i) done.push_back(commit_one());
  disk_.fail_syncs = true;
  refuse_one();
  disk_.fail_syncs = false;
  store_.reset();
  store_ = open(folder_.path());
  for (const Changes& changes : done) EXPECT_TRUE(has(*store_, changes));
  commit_one();
}

TEST_F(SqliteDisk, AFailedSyncOfTheDatabaseByTheUpkeepPoisonsTheStore) {
  disk_.fail_database_syncs = true;
  // Enough for the upkeep thread to copy the log.
  while (store_->takes_writes()) {
    Changes changes = rows_.creates(kMerchant, 100);
    for (core::StoredReply& reply : changes.replies) reply.body.assign(50'000, 'x');
    if (!store_->commit(changes)) break;
  }
  EXPECT_TRUE(comes_true([this] { return !store_->takes_writes(); }));
  refuse_one();
}

TEST_F(SqliteDisk, AFullDiskRefusesTheBatchAndTheNextOneIsTriedAgain) {
  const Changes before = commit_one();
  disk_.full = true;
  const Changes refused = rows_.create(kMerchant);
  EXPECT_EQ(store_->commit(refused).error().code, Code::store_unavailable);
  EXPECT_FALSE(store_->takes_writes());
  // Reads go on.
  EXPECT_TRUE(has(*store_, before));
  const auto reader = std::move(*store_->reader());
  EXPECT_TRUE(*reader->find_link(kMerchant, before.links[0].id));
  EXPECT_FALSE(*reader->find_link(kMerchant, refused.links[0].id));
  refuse_one();
  disk_.full = false;
  const auto done = store_->commit(refused);
  EXPECT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(store_->takes_writes());
  EXPECT_TRUE(has(*store_, refused));
}

TEST_F(SqliteDisk, AfterAFullDiskTheStoreRecoversWithoutAnybodysHelp) {
  commit_one();
  disk_.full = true;
  refuse_one();
  disk_.full = false;
  EXPECT_TRUE(comes_true([this] { return store_->takes_writes(); }));
  commit_one();
}

// The index grows after the commit's frames are written: without room then, nobody would know
// whether the commit is there.
TEST_F(SqliteDisk, TheIndexOfTheLogHasItsRoomBeforeTheDiskIsFull) {
  disk_.full_for_the_index = true;
  for (int i = 0; i < 8; ++i) {
    Changes changes = rows_.creates(kMerchant, 100);
    for (core::StoredReply& reply : changes.replies) reply.body.assign(50'000, 'x');
    const auto done = store_->commit(changes);
    ASSERT_TRUE(done) << done.error().detail;
  }
  EXPECT_TRUE(store_->takes_writes());
}

TEST_F(SqliteDisk, ALogThatCouldNotBeCopiedIsBegunAnewAsSoonAsThereIsRoom) {
  store_.reset();
  plan_ = {.copy_pages = 4'000, .restart_pages = 100, .own_thread = false};
  store_ = open(folder_.path());
  const auto log_bytes = [this] {
    return std::filesystem::file_size(folder_.path() / "store.db-wal");
  };
  disk_.full_for_the_database = true;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(store_->commit(rows_.creates(kMerchant, 20)));
  EXPECT_FALSE(store_->takes_writes());
  disk_.full_for_the_database = false;
  commit_one();
  EXPECT_TRUE(store_->takes_writes());
  const std::uintmax_t grown = log_bytes();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(store_->commit(rows_.creates(kMerchant, 20)));
  EXPECT_EQ(log_bytes(), grown);
}

TEST_F(SqliteDisk, EveryAnsweredCommitSurvivesAPowerCutThatKeepsOnlyWhatWasSynced) {
  std::vector<Changes> done;
  for (int round = 0; round < 12; ++round) {
    const Changes changes = rows_.creates(kMerchant, 1 + rows_.below(20));
    ASSERT_TRUE(store_->commit(changes));
    done.push_back(changes);
    const TemporaryFolder other;
    disk_.cut_power(other.path());
    const auto after = open(other.path());
    for (const Changes& one : done) {
      const auto rows = after->load(keys_of(one));
      ASSERT_TRUE(rows) << rows.error().detail;
      EXPECT_TRUE(same_rows(one.links, rows->links));
      EXPECT_TRUE(same_rows(one.tasks, rows->tasks));
    }
  }
}

TEST_F(SqliteDisk, ABatchIsOneSyncHoweverManyRowsItHas) {
  commit_one();
  const int before = disk_.syncs;
  const Changes changes = rows_.creates(kMerchant, 500);
  ASSERT_TRUE(store_->commit(changes));
  EXPECT_EQ(disk_.syncs - before, 1);
}

// Three times the size at which it is begun anew, written without a pause.
TEST_F(SqliteDisk, TheLogDoesNotGrowWithoutBound) {
  std::uintmax_t longest = 0;
  for (int batch = 0; batch < 75; ++batch) {
    Changes changes;
    for (int i = 0; i < 20; ++i) {
      changes.replies.push_back(rows_.reply(kMerchant));
      changes.replies.back().body.assign(100'000, 'x');
    }
    ASSERT_TRUE(store_->commit(changes));
    longest = std::max(longest, std::filesystem::file_size(folder_.path() / "store.db-wal"));
  }
  EXPECT_LT(longest, std::uintmax_t{100} << 20);
}

}  // namespace
}  // namespace disburse::store
