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
constexpr UpkeepPlan kUpkeep{.copy_pages = 40, .restart_pages = 70, .own_thread = false};

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
  for (const std::uint64_t links : {1U, 8U, 2U, 8U, 1U, 1U}) {
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

// What is left after a strike; the number rises with the calls.
using After = Left (*)(std::uint64_t number);
Left everything(std::uint64_t) { return Left::everything; }
Left in_turn(std::uint64_t number) {
  constexpr Left kAll[] = {Left::by_chance, Left::everything, Left::by_chance,
                           Left::what_was_synced, Left::what_was_written};
  return kAll[number % std::size(kAll)];
}

using Strike = void (*)(SimulatedDisk& disk, std::uint64_t call);
void crash_at(SimulatedDisk& disk, std::uint64_t call) { disk.crash_at = call; }
void fail_sync_at(SimulatedDisk& disk, std::uint64_t call) { disk.fail_sync_at = call; }
void crash_with_lies(SimulatedDisk& disk, std::uint64_t call) {
  disk.lies = true;
  disk.crash_at = call;
}

// What happens between the strike and the next good start.
using Between = void (*)(Machine& machine, std::uint64_t call);
void nothing(Machine&, std::uint64_t) {}
void start_in_vain(Machine& machine, std::uint64_t call) {
  machine.disk().fail_read_at = 1 + call % 12;
  machine.start();
  machine.die(Left::by_chance);
}

// Strikes at each call of the small life, one after the other. The last batch is left for
// afterwards.
std::vector<Finding> strike_everywhere(Strike strike, After left, std::uint64_t seed,
                                       Between between = nothing, std::uint64_t stride = 1) {
  const std::vector<Changes> batches = small_life();
  std::vector<Finding> findings;
  for (std::uint64_t call = 1;; call += stride) {
    Machine machine(seed + call, batches);
    strike(machine.disk(), call);
    if (live(machine, batches.size() - 1)) return findings;
    machine.die(left(seed + call));
    between(machine, call);
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

// ROUNDS=n: the long form.
std::uint64_t rounds(std::uint64_t otherwise) {
  const char* given = std::getenv("ROUNDS");
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

class SqliteCrash : public testing::Test {
 protected:
  SqliteCrash() { std::printf("seed %llu\n", static_cast<unsigned long long>(seed_)); }
  // Each round with another seed, from which it is counted too what is left in turn.
  void must_survive(Strike strike, After left, std::uint64_t times, Between between = nothing) {
    for (std::uint64_t i = 0; i < times; ++i) {
      must_find_nothing(strike_everywhere(strike, left, seed_ + i * 1'000'001, between));
    }
  }
  std::uint64_t seed_ = test_seed();
};

// A power cut keeps, loses, tears and reorders what was not synced. When only the program dies, the
// next one reads it and builds on it.
TEST_F(SqliteCrash, AtEveryCallTheProgramOrTheMachineDies) {
  must_survive(crash_at, in_turn, rounds(1));
}

// The kernel takes its pages for clean after a failed sync, so that the next one says yes.
TEST_F(SqliteCrash, EverySyncFailsAndTheNextProgramTrustsNothingThatItReads) {
  must_survive(fail_sync_at, everything, rounds(3));
}

// A start that fails before it has written the log again must not copy it either.
TEST_F(SqliteCrash, EverySyncFailsAndThenAStartThatCannotReadTheLog) {
  must_survive(fail_sync_at, everything, rounds(4), start_in_vain);
}

TEST_F(SqliteCrash, ADiskThatLiesAboutItsSyncsIsFoundOut) {
  const auto findings = strike_everywhere(crash_with_lies, in_turn, seed_, nothing, 7);
  EXPECT_GT(findings.size(), 10U);
}

// ---- long lives ---------------------------------------------------------------------------------

std::vector<Changes> long_life(std::uint64_t seed) {
  RandomRows rows(seed);
  std::vector<Changes> batches;
  batches.push_back(rows.everything());
  Changes changing = batches[0];
  while (batches.size() < 40) {
    const bool changes = rows.below(4) == 0;
    if (changes) changing = rows.changed(std::move(changing));
    batches.push_back(changes ? changing : rows.creates({1}, 1 + rows.below(6)));
  }
  return batches;
}

class LongLife {
 public:
  explicit LongLife(std::uint64_t seed) : dice_(seed), machine_(seed, long_life(seed)) {}

  // Empty: it kept every promise.
  std::string run() {
    std::string found = start();
    while (found.empty() && machine_.has_more()) {
      meet_accident();
      found = machine_.commit() ? pause() : after_refusal();
    }
    return found;
  }
  std::map<std::string, int>& tally() { return tally_; }

 private:
  bool chance(std::uint64_t percent) { return dice_.below(100) < percent; }
  void meet_accident() {
    SimulatedDisk& disk = machine_.disk();
    if (chance(25)) disk.crash_at = 1 + dice_.below(chance(50) ? 10 : 150);
    if (chance(8)) disk.fail_sync_at = 1 + dice_.below(3);
    if (chance(8)) disk.fail_read_at = 1 + dice_.below(6);
    if (chance(8)) disk.full = true;
  }
  Left some_left() {
    constexpr Left kAll[] = {Left::everything, Left::what_was_synced, Left::what_was_written,
                             Left::by_chance, Left::by_chance};
    return kAll[dice_.below(std::size(kAll))];
  }
  // The machine may fail again while it starts.
  std::string start() {
    for (int tries = 0; tries < 4 && chance(40); ++tries) {
      meet_accident();
      if (machine_.store() == nullptr) machine_.start();
      ++tally_["starts with accidents"];
      if (machine_.disk().struck() == struck_) break;
      die("a failed start");
    }
    machine_.disk().forget_accidents();
    const std::string found = machine_.lost();
    return found.empty() ? machine_.broken() : found;
  }
  void die(const std::string& why) {
    ++tally_[why];
    machine_.die(some_left());
    struck_ = machine_.disk().struck();
  }
  std::string pause() {
    if (chance(5)) {
      ++tally_["clean stops"];
      machine_.stop();
      if (machine_.disk().crashed() || chance(50)) die("a power cut after a stop");
      return start();
    }
    if (!machine_.disk().crashed() && !chance(4)) return {};
    die("a crash between commits");
    return start();
  }
  std::string after_refusal() {
    const bool crashed = machine_.disk().crashed();
    machine_.disk().forget_accidents();
    if (!crashed && machine_.store()->load({})) {
      ++tally_["refused batches"];
      machine_.refused();
      const std::string found = machine_.lost();
      if (!found.empty()) return "a refused batch left something: " + found;
      return machine_.commit() ? "" : "takes no batch after one that it refused";
    }
    die(crashed ? "a crash in a commit" : "a poisoned store");
    return start();
  }

  sys::SeededRandom dice_;
  Machine machine_;
  std::uint64_t struck_ = 0;
  std::map<std::string, int> tally_;
};

TEST_F(SqliteCrash, LongLivesWithAllKindsOfAccidentsLoseNothing) {
  std::map<std::string, int> tally;
  for (std::uint64_t life = 0; life < 15 * rounds(1); ++life) {
    LongLife one(seed_ + life);
    const std::string found = one.run();
    ASSERT_EQ(found, "") << "SEED=" << seed_ + life;
    for (const auto& [what, times] : one.tally()) tally[what] += times;
  }
  for (const auto& [what, times] : tally) std::printf("%8d %s\n", times, what.c_str());
  EXPECT_EQ(tally.size(), 8U) << "an accident that never happens finds nothing";
}

}  // namespace
}  // namespace disburse::store
