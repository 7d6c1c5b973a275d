// Real SQLite on a disk as bad as POSIX allows: it crashes at every single call of a small life,
// and at random ones of many long lives. Whatever was acknowledged is there afterwards, and
// nothing is there by half.
#include <sqlite3.h>

#include "store/contract/contract_test.hpp"
#include "store/contract/same_contents.hpp"
#include "store/contract/simulated_disk.hpp"
#include "store/memory/memory_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Result;

constexpr std::string_view kPath = "/store.db";
// Small, so that short lives copy their log and begin it anew.
constexpr UpkeepPlan kUpkeep{.copy_pages = 40, .restart_pages = 90, .own_thread = false};

// A machine with a store on it, and what it has acknowledged.
class Machine {
 public:
  Machine(std::uint64_t seed, std::vector<Changes> batches)
      : disk_(seed), random_(seed), batches_(std::move(batches)) {}

  SimulatedDisk& disk() { return disk_; }
  Store* store() { return store_.get(); }
  std::size_t acknowledged() const { return acknowledged_; }
  bool has_more() const { return acknowledged_ < batches_.size(); }

  bool start() {
    auto opened = open_sqlite({.path = kPath,
                               .master = test_master_key(),
                               .random = random_,
                               .vfs = disk_.name(),
                               .upkeep = kUpkeep});
    if (opened)
      store_ = std::move(*opened);
    else
      refusal_ = opened.error().detail;
    return store_ != nullptr;
  }
  // SIGTERM.
  void stop() { store_.reset(); }
  void die(Left left) {
    disk_.crash();
    store_.reset();
    disk_.restart(left);
    disk_.forget_accidents();
  }
  // The next batch that is not there.
  bool commit() {
    const Changes& next = batches_[acknowledged_];
    in_doubt_ = true;
    const Result<void> done = store_->commit(next);
    if (!done) return false;
    acknowledge();
    return true;
  }
  // Nothing of the batch that was refused is there, and the store goes on.
  void refused() { in_doubt_ = false; }

  // Empty: everything acknowledged is there, and one more batch at most, whole.
  std::string lost() {
    if (store_ == nullptr && !start()) return "does not start: " + refusal_;
    std::string found = difference(model_, *store_, batches_);
    if (found.empty()) in_doubt_ = false;
    if (!std::exchange(in_doubt_, false)) return found;
    acknowledge();
    const std::string also = difference(model_, *store_, batches_);
    return also.empty() ? "" : found + " without the last batch, " + also + " with it";
  }
  // What SQLite itself finds wrong in the file.
  std::string broken() {
    sqlite3* database = nullptr;
    sqlite3_open_v2(kPath.data(), &database, SQLITE_OPEN_READWRITE, disk_.name().c_str());
    std::string answer;
    const auto take = [](void* to, int, char** values, char**) {
      *static_cast<std::string*>(to) += values[0];
      return 0;
    };
    sqlite3_exec(database, "pragma integrity_check", take, &answer, nullptr);
    sqlite3_close(database);
    return answer == "ok" ? "" : "integrity: " + answer;
  }

 private:
  void acknowledge() {
    EXPECT_TRUE(model_.commit(batches_[acknowledged_]));
    ++acknowledged_;
    in_doubt_ = false;
  }

  SimulatedDisk disk_;
  sys::SeededRandom random_;
  std::vector<Changes> batches_;
  MemoryStore model_;
  std::size_t acknowledged_ = 0;
  bool in_doubt_ = false;
  std::string refusal_;
  std::unique_ptr<Store> store_;
};

// First a store that is made, then all kinds of rows, then enough to copy the log, to begin it
// anew and to write over it.
std::vector<Changes> small_life() {
  RandomRows rows(7);
  std::vector<Changes> batches;
  batches.push_back(rows.everything());
  batches.push_back(rows.changed(batches[0]));
  for (const std::uint64_t links : {1U, 30U, 2U, 40U, 1U, 1U}) {
    batches.push_back(rows.creates({1}, links));
  }
  return batches;
}
constexpr std::size_t kStopAfter = 3;  // batches: a restart with a checkpoint in the middle

// Until something fails. True: nothing did.
bool live(Machine& machine, std::size_t end) {
  if (!machine.start()) return false;
  while (machine.acknowledged() < end) {
    if (!machine.commit()) return false;
    if (machine.acknowledged() != kStopAfter) continue;
    machine.stop();
    if (!machine.start()) return false;
  }
  machine.stop();
  return machine.disk().struck() == 0;
}

// After a crash: what was acknowledged is there; then the machine works on and loses its power.
std::string audit_and_go_on(Machine& machine) {
  std::string found = machine.lost();
  if (found.empty()) found = machine.broken();
  if (!found.empty()) return found;
  // What was read has been shown to somebody.
  machine.die(Left::what_was_synced);
  found = machine.lost();
  if (!found.empty()) return "after a look and a power cut: " + found;
  if (!machine.has_more()) return {};
  if (!machine.commit()) return "takes no batch after a crash";
  machine.die(Left::what_was_synced);
  found = machine.lost();
  return found.empty() ? "" : "after another power cut: " + found;
}

struct Finding {
  std::uint64_t call = 0;
  std::string what;
};

using Strike = void (*)(SimulatedDisk& disk, std::uint64_t call);
void crash_at(SimulatedDisk& disk, std::uint64_t call) { disk.crash_at = call; }
void fail_sync_at(SimulatedDisk& disk, std::uint64_t call) { disk.fail_sync_at = call; }
void crash_with_lies(SimulatedDisk& disk, std::uint64_t call) {
  disk.lies = true;
  disk.crash_at = call;
}

// Strikes at each call of the small life, one after the other. The last batches are left for
// afterwards.
std::vector<Finding> strike_everywhere(Strike strike, Left left, std::uint64_t seed) {
  const std::vector<Changes> batches = small_life();
  std::vector<Finding> findings;
  for (std::uint64_t call = 1;; ++call) {
    Machine machine(seed + call, batches);
    strike(machine.disk(), call);
    if (live(machine, batches.size() - 1)) return findings;
    machine.die(left);
    const std::string found = audit_and_go_on(machine);
    if (!found.empty()) findings.push_back({call, found});
  }
}

void must_find_nothing(const std::vector<Finding>& findings) {
  EXPECT_EQ(findings.size(), 0U);
  for (const Finding& finding : findings) {
    ADD_FAILURE() << "at call " << finding.call << ": " << finding.what;
    if (&finding - findings.data() > 5) return;
  }
}

TEST(SqliteCrash, AtEveryCallAndThePowerCutLosesWhatWasNotSynced) {
  must_find_nothing(strike_everywhere(crash_at, Left::what_was_synced, 1));
}

TEST(SqliteCrash, AtEveryCallAndThePowerCutKeepsWhatWasNotSynced) {
  must_find_nothing(strike_everywhere(crash_at, Left::what_was_written, 1));
}

TEST(SqliteCrash, AtEveryCallAndThePowerCutTearsAndReorders) {
  const std::uint64_t seed = test_seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  for (std::uint64_t i = 0; i < 2; ++i) {
    must_find_nothing(strike_everywhere(crash_at, Left::by_chance, seed + i * 1'000'000));
  }
}

// What the dead program wrote and did not sync is read by the next one, which acknowledges on top
// of it.
TEST(SqliteCrash, AtEveryCallAndOnlyTheProgramDies) {
  must_find_nothing(strike_everywhere(crash_at, Left::everything, 1));
}

// The kernel takes its pages for clean after a failed sync, so that the next one says yes.
TEST(SqliteCrash, EverySyncFailsAndTheNextProgramTrustsNothingThatItReads) {
  const std::uint64_t seed = test_seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  for (std::uint64_t i = 0; i < 8; ++i) {
    must_find_nothing(strike_everywhere(fail_sync_at, Left::everything, seed + i * 1'000'000));
  }
}

TEST(SqliteCrash, ADiskThatLiesAboutItsSyncsIsFoundOut) {
  EXPECT_GT(strike_everywhere(crash_with_lies, Left::what_was_synced, 1).size(), 10U);
}

}  // namespace
}  // namespace disburse::store
