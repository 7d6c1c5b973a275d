// Anything that anybody can do, in any order: the invariants of DESIGN.md hold after each step
// (World checks them), and once the bank has spoken and the timers have run, nothing is in flight.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    Settings& settings = scene_.world.settings();
    settings.hold = coin() ? HoldAt::claim : HoldAt::issue;
    settings.otp = coin() ? OtpRule::always : OtpRule::as_asked;
    if (coin()) settings.approval_above = 200'000_paise;
  }

  void step() {
    World& world = scene_.world;
    world.now = world.now + std::chrono::seconds(random_.below(1'200));
    switch (random_.below(12)) {
      case 0:
      case 1:
        create();
        break;
      case 2:
        keep(world.run(scene_.cancel(any_link(),
                                     coin() ? CancelRule::before_claim : CancelRule::issued_only)));
        break;
      case 3:
        keep(world.run(ExtendLink{Scene::kMerchant, {any_link(), {}}, soon(), "house"}));
        break;
      case 4:
        keep(world.run(ApproveLink{Scene::kMerchant, {any_link(), {}}, "house"}));
        break;
      case 5:
        keep(world.run(RejectLink{Scene::kMerchant, {any_link(), {}}, "house", ""}));
        break;
      case 6:
        prove();
        break;
      case 7:
        submit();
        break;
      case 8:
        bank(static_cast<BankOutcome>(random_.below(4)));
        break;
      case 9:
        verify(static_cast<AccountVerified::Answer>(random_.below(3)));
        break;
      case 10:
        fire();
        break;
      case 11:
        keep(world.run(Deposit{Scene::kMerchant, sum(), "operator:test"}));
        break;
    }
  }

  // The bank answers everything, money comes in, time passes.
  void come_to_rest() {
    World& world = scene_.world;
    keep(world.run(Deposit{Scene::kMerchant, 1'000'000'000_paise, "operator:test"}));
    for (int round = 0; round < 10 && !world.tasks.empty(); ++round) {
      world.now = world.now + 24h * 30;
      const std::map<TaskId, Task> tasks = world.tasks;
      for (const auto& [id, task] : tasks) finish(task);
    }
  }
  void expect_rest() const {
    for (const auto& [id, payout] : scene_.world.payouts) {
      EXPECT_FALSE(is_in_flight(payout.state)) << name(payout.state);
      EXPECT_NE(payout.state, PayoutState::queued);
    }
    for (const auto& [id, link] : scene_.world.links) {
      EXPECT_NE(link.state, LinkState::processing);
      // What can expire has expired by now.
      if (link.expires_at) {
        EXPECT_TRUE(is_final(link.state)) << name(link.state);
      }
    }
  }

 private:
  bool coin() { return random_.below(2) == 0; }
  static void keep(const Result<Reply>&) {}
  Instant soon() { return scene_.world.now + std::chrono::minutes(1 + random_.below(120)); }
  Money sum() { return *Money::from_paise(static_cast<std::int64_t>(1 + random_.below(400'000))); }

  template <class Map>
  typename Map::key_type any(const Map& map) {
    if (map.empty()) return {};
    return std::next(map.begin(), static_cast<std::ptrdiff_t>(random_.below(map.size())))->first;
  }
  LinkId any_link() { return any(scene_.world.links); }

  void create() {
    CreateLink create = Scene::request(sum());
    create.verify_beneficiary = coin();
    create.send_sms = coin();
    create.otp_required = coin();
    if (coin()) create.expires_at = soon();
    if (coin()) create.activates_at = scene_.world.now + std::chrono::minutes(random_.below(30));
    keep(scene_.world.run(create));
  }
  void prove() {
    const LinkId id = any_link();
    if (!id) return;
    keep(scene_.world.run(scene_.send(id)));
    if (coin()) keep(scene_.world.run(scene_.wrong(id)));
    const Result<Reply> reply = scene_.world.run(scene_.verify(id));
    if (reply) tokens_[id] = std::get<OtpVerified>(*reply).claim_token;
  }
  void submit() {
    const LinkId id = any_link();
    keep(scene_.world.run(coin() ? scene_.to_bank(id, tokens_[id])
                                 : scene_.to_upi(id, tokens_[id])));
  }
  void bank(BankOutcome outcome) {
    const Task* task = scene_.world.task(Scene::kMerchant, any(scene_.world.tasks));
    const bool asked = task != nullptr && task->kind == TaskKind::pay;
    BankSaid said;
    said.merchant = Scene::kMerchant;
    said.payout = asked ? task->payout : any(scene_.world.payouts);
    if (asked) said.task = task->id;
    said.outcome = outcome;
    if (coin()) said.ask_again_at = soon();
    keep(scene_.world.run(said));
  }
  void verify(AccountVerified::Answer answer) {
    AccountVerified said;
    said.merchant = Scene::kMerchant;
    said.answer = answer;
    said.name = coin() ? "RAHUL KUMAR" : "PRIYA SHARMA";
    said.payout = any(scene_.world.payouts);
    const std::vector<Task> asking = scene_.world.tasks_of(TaskKind::verify);
    if (!asking.empty() && coin()) {
      said.payout = asking.front().payout;
      said.task = asking.front().id;
    }
    keep(scene_.world.run(said));
  }
  void fire() {
    const Task* task = scene_.world.task(Scene::kMerchant, any(scene_.world.tasks));
    if (task == nullptr || !is_timer(task->kind)) return;
    // A timer may run late, and a clock may have been set back.
    EXPECT_EQ(scene_.fire(*task), "taken");
  }
  void finish(const Task& task) {
    World& world = scene_.world;
    if (is_timer(task.kind)) {
      EXPECT_EQ(scene_.fire(task), "taken");
    }
    if (task.kind == TaskKind::announce)
      keep(world.run(Announced{task.merchant, task.link, task.id, {}}));
    if (task.kind == TaskKind::notify)
      keep(world.run(NoticeTried{task.merchant, task.id, true, true, ""}));
    if (task.kind == TaskKind::verify) {
      keep(world.run(AccountVerified{task.merchant, task.payout, task.id,
                                     AccountVerified::Answer::exists, "RAHUL KUMAR"}));
    }
    if (task.kind != TaskKind::pay) return;
    BankSaid said;
    said.merchant = task.merchant;
    said.payout = task.payout;
    said.task = task.id;
    said.outcome = BankOutcome::settled;
    keep(world.run(said));
  }

  Scene scene_;
  ToyRandom random_;
  std::map<LinkId, SecretText> tokens_;
};

TEST(RandomWalk, TheInvariantsHoldAfterEveryStepAndEverythingComesToRest) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
  for (std::uint64_t round = 0; round < 60; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Walk walk(seed + round);
    for (int step = 0; step < 120; ++step) {
      walk.step();
      ASSERT_FALSE(testing::Test::HasFailure()) << "step " << step;
    }
    walk.come_to_rest();
    walk.expect_rest();
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace disburse::core
