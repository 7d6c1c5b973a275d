// Several engines over one store: what goes where, and that nothing is lost.
#include "engine/engines.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>

#include "engine/engine_fixture.hpp"

namespace disburse::engine {
namespace {

constexpr core::MerchantId kShop{1};

std::uint64_t number(core::Command command, core::MerchantId merchant = {},
                     std::optional<Idempotency> key = {}) {
  return spread_number({std::move(command), {}, merchant, std::move(key)});
}

TEST(Spread, CommandsOfOneLinkMeet) {
  const core::LinkId link{77};
  const std::uint64_t cancelled =
      number(core::CancelLink{.merchant = kShop, .link = {link, {}}, .actor = {}});
  EXPECT_NE(cancelled, 0U);
  EXPECT_EQ(cancelled, number(core::SendOtp{core::Claim{kShop, link}, core::Channel::sms, {}}));
  EXPECT_EQ(cancelled, number(core::Announced{kShop, link, core::TaskId{5}, {}}));
  EXPECT_NE(cancelled, number(core::ApproveLink{kShop, {core::LinkId{78}, {}}, {}}));
}

TEST(Spread, OneReferenceOneKeyAndOneMerchantsMoneyMeet) {
  core::CreateLink create;
  create.merchant = kShop;
  create.reference = "R1";
  EXPECT_EQ(number(create), 0U) << "whoever is free";
  create.reference_unique = true;
  EXPECT_NE(number(create), 0U);
  EXPECT_EQ(number(create),
            number(core::CancelLink{.merchant = kShop, .link = {{}, "R1"}, .actor = {}}));
  const auto under = [&](std::string key) {
    return number(create, kShop, Idempotency{std::move(key), {}, {}});
  };
  EXPECT_EQ(under("razorpay|1"), under("razorpay|1"));
  EXPECT_NE(under("razorpay|1"), under("razorpay|2"));
  core::BankSaid said;
  said.merchant = kShop;
  said.payout = core::PayoutId{9};
  core::SubmitClaim submit;
  submit.claim = {kShop, core::LinkId{3}};
  EXPECT_EQ(number(said), number(submit));
}

TEST(Spread, LinksGoEverywhere) {
  std::set<std::uint64_t> engines;
  for (std::uint64_t i = 0; i < 200; ++i) {
    core::CancelLink cancel;
    cancel.merchant = kShop;
    cancel.link.id = core::LinkId{(i << 16) + 1};  // ids of different milliseconds
    engines.insert(number(cancel) % 4);
  }
  EXPECT_EQ(engines.size(), 4U);
}

// The memory store is one thread's: each engine waits for its turn at it.
class InTurns final : public store::Store {
 public:
  InTurns(store::Store& store, std::mutex& turn) : store_(store), turn_(turn) {}
  core::Result<store::StartState> start_state() override {
    const std::lock_guard guard(turn_);
    return store_.start_state();
  }
  core::Result<store::Rows> load(const core::Keys& keys) override {
    const std::lock_guard guard(turn_);
    return store_.load(keys);
  }
  core::Result<void> commit(const core::Changes& changes) override {
    const std::lock_guard guard(turn_);
    return store_.commit(changes);
  }
  core::Result<std::unique_ptr<store::Reader>> reader() override { return store_.reader(); }
  bool takes_writes() const override { return store_.takes_writes(); }
  bool shares() const override { return true; }

 private:
  store::Store& store_;
  std::mutex& turn_;
};

// Waits until so many have been answered, and keeps what was refused.
class Answers {
 public:
  std::function<void(Outcome)> take() {
    return [this](const Outcome& outcome) {
      const std::lock_guard guard(lock_);
      ++count_;
      if (!outcome.reply) refused_.emplace_back(answer_of(outcome.reply));
      came_.notify_one();
    };
  }
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock guard(lock_);
    came_.wait(guard, [&] { return count_ >= count; });
    return refused_;
  }

 private:
  std::mutex lock_;
  std::condition_variable came_;
  std::size_t count_ = 0;
  std::vector<std::string> refused_;
};

class ThreeEngines {
 public:
  explicit ThreeEngines(Bench& bench) {
    std::vector<std::unique_ptr<Engine>> made;
    for (unsigned node = 1; node <= 3; ++node) {
      lines_.push_back(std::make_unique<InTurns>(*bench.store, turn_));
      EngineOptions options;
      options.node = node;
      options.conflict_retries = 1'000;
      made.push_back(
          std::make_unique<Engine>(*lines_.back(), bench.clock, random_, bench.hash, options));
      EXPECT_TRUE(made.back()->start());
    }
    engines = std::make_unique<Engines>(std::move(made));
    engines->run();
  }
  ~ThreeEngines() { engines->stop(); }

  std::unique_ptr<Engines> engines;

 private:
  std::mutex turn_;
  sys::RealRandom random_;
  std::vector<std::unique_ptr<InTurns>> lines_;
};

TEST(Engines, WorkSideBySideAndAnswerEachOnce) {
  constexpr std::size_t kLinks = 300;
  Bench bench;
  {
    ThreeEngines three(bench);
    Answers answers;
    for (std::size_t i = 0; i < kLinks; ++i) {
      three.engines->enqueue({Bench::request("R" + std::to_string(i)), answers.take()});
      three.engines->nudge();
    }
    EXPECT_TRUE(answers.wait_for(kLinks).empty());
    EXPECT_GE(three.engines->commits(), 1U);
    EXPECT_EQ(three.engines->counts().commands, kLinks);
  }
  EXPECT_EQ(
      bench.reader
          ->list_links({.merchant = kShop, .filter = {}, .want_total = true}, bench.clock.now())
          ->total,
      kLinks);
  bench.check_ledger();
}

// Deposits of one merchant are one engine's; from other nodes they come all the same.
TEST(Engines, OfSeveralNodesLoseNoMoneyOverOneRow) {
  constexpr std::size_t kDeposits = 200;
  Bench bench;
  const std::int64_t before = bench.money().available;
  {
    ThreeEngines three(bench);
    Answers answers;
    std::vector<std::thread> nodes;
    for (unsigned node = 0; node < 2; ++node) {
      nodes.emplace_back([&] {
        for (std::size_t i = 0; i < kDeposits; ++i) {
          three.engines->submit(
              {core::Deposit{kShop, *core::Money::from_paise(1), "test"}, answers.take()});
        }
      });
    }
    for (std::thread& node : nodes) node.join();
    EXPECT_TRUE(answers.wait_for(2 * kDeposits).empty());
  }
  EXPECT_EQ(bench.money().available, before + static_cast<std::int64_t>(2 * kDeposits));
  bench.check_ledger();
}

TEST(Engines, OneWhoseClockIsBehindKeepsTheOrderOfALinksAnnouncements) {
  Bench bench;
  bench.listen();
  std::mutex turn;
  InTurns line(*bench.store, turn);
  const sys::ManualClock slow(bench.clock.now());
  EngineOptions options;
  options.node = 1;
  Engine behind(line, slow, bench.random, bench.hash, options);
  ASSERT_TRUE(behind.start());
  bench.clock.advance(std::chrono::seconds(10));
  const core::LinkId id = bench.create(Bench::request());
  behind.submit({core::CancelLink{.merchant = kShop, .link = {id, {}}, .actor = "test"},
                 [](const Outcome& outcome) { EXPECT_EQ(answer_of(outcome.reply), "taken"); }});
  behind.run_batch();
  auto told = bench.outbox(core::TaskKind::announce);
  std::sort(told.begin(), told.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].topic, core::Topic::link_issued);
  EXPECT_EQ(told[1].topic, core::Topic::link_cancelled);
}

TEST(Engines, OneIsADoorByItself) {
  Bench bench;
  std::vector<std::unique_ptr<Engine>> one;
  one.push_back(std::make_unique<Engine>(*bench.store, bench.clock, bench.random, bench.hash,
                                         EngineOptions{}));
  const Engine* engine = one.front().get();
  Engines engines(std::move(one));
  EXPECT_EQ(&engines.door(), engine);
}

TEST(Engines, AfterAStopEverythingIsRefused) {
  Bench bench;
  ThreeEngines three(bench);
  three.engines->stop();
  std::string_view answer;
  three.engines->submit(
      {Bench::request(), [&](const Outcome& outcome) { answer = answer_of(outcome.reply); }});
  EXPECT_EQ(answer, "draining");
}

}  // namespace
}  // namespace disburse::engine
