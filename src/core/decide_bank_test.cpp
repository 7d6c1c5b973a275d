// What banks answer: settled, refused, reversed, nothing; late, twice, and against what they said
// before.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kTaken = "taken";
using enum BankOutcome;

// Everything that a word of the bank must not touch when it is too late.
struct Frozen {
  Balances money;
  LinkState link;
  PayoutState payout;
  std::size_t postings;
  std::size_t told;
};
Frozen freeze(const Scene& scene, LinkId id) {
  return {scene.world.money(), scene.state(id), scene.payout(id).state, scene.world.postings.size(),
          scene.world.announced.size()};
}
void expect_unchanged(const Scene& scene, LinkId id, const Frozen& before) {
  EXPECT_TRUE(scene.world.money() == before.money);
  EXPECT_EQ(scene.state(id), before.link);
  EXPECT_EQ(scene.payout(id).state, before.payout);
  EXPECT_EQ(scene.world.postings.size(), before.postings);
  EXPECT_EQ(scene.world.announced.size(), before.told);
}

TEST(Bank, ASettledPayoutIsPaidAndTold) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, settled), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::processed);
  EXPECT_EQ(scene.payout(id).state, PayoutState::settled);
  EXPECT_EQ(scene.payout(id).utr, "UTR000000001");
  EXPECT_EQ(scene.payout(id).ended_at, scene.world.now);
  EXPECT_EQ(scene.world.money().held, 0);
  EXPECT_EQ(scene.world.money().paid, 10'000);
  EXPECT_EQ(scene.world.topics(id).back(), Topic::link_processed);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::pay).empty());
}

TEST(Bank, TheContactIsToldWhenTheLinkSpeaksToThem) {
  Scene scene;
  CreateLink create = Scene::request();
  create.send_email = true;
  const LinkId id = scene.create(create);
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, settled), kTaken);
  EXPECT_EQ(scene.world.tasks_of(TaskKind::notify).back().notice, Notice::link_paid);
  const LinkId failing = scene.create(create);
  scene.claim(failing);
  EXPECT_EQ(scene.bank(failing, refused), kTaken);
  EXPECT_EQ(scene.world.tasks_of(TaskKind::notify).back().notice, Notice::link_failed);
}

TEST(Bank, ARefusedPayoutGivesTheMoneyBackAndTheLinkCanBeTriedAgain) {
  Scene scene;
  const LinkId id = scene.issue();
  const PayoutId first = scene.claim(id);
  EXPECT_EQ(scene.bank(id, refused), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::issued);
  EXPECT_EQ(scene.payout(id).state, PayoutState::refused);
  EXPECT_EQ(scene.payout(id).reason, "account_closed");
  EXPECT_EQ(scene.payout(id).reason_text, "The account is closed.");
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
  EXPECT_EQ(scene.world.topics(id).back(), Topic::link_attempted);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::pay).empty());
  const PayoutId second = scene.claim(id);
  EXPECT_NE(second, first);
  EXPECT_NE(scene.world.payouts.at(second).key, scene.world.payouts.at(first).key);
  EXPECT_EQ(scene.bank(id, settled), kTaken);
  EXPECT_EQ(scene.world.money().paid, 10'000);
}

TEST(Bank, APayoutReversedBeforeItWasFinalIsARefusal) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, reversed), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::issued);
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
}

TEST(Bank, HeldAtIssueTheMoneyStaysPromisedAfterARefusal) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  const LinkId id = scene.issue();
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, refused), kTaken);
  EXPECT_EQ(scene.world.money().held, 10'000);
  EXPECT_TRUE(scene.link(id).held);
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, settled), kTaken);
  EXPECT_EQ(scene.world.money().held, 0);
  EXPECT_FALSE(scene.link(id).held);
}

TEST(Bank, ARefusalAfterTheDeadlineExpiresTheLinkAtOnce) {
  for (const HoldAt hold : {HoldAt::claim, HoldAt::issue}) {
    Scene scene;
    scene.world.settings().hold = hold;
    CreateLink create = Scene::request();
    create.expires_at = scene.world.now + 1h;
    create.send_sms = true;
    const LinkId id = scene.create(create);
    scene.claim(id);
    scene.world.now = scene.world.now + 1h;
    EXPECT_EQ(scene.bank(id, refused), kTaken);
    EXPECT_EQ(scene.state(id), LinkState::expired);
    EXPECT_EQ(scene.link(id).expired_at, scene.world.now);
    EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
    const std::vector<Topic> told = scene.world.topics(id);
    EXPECT_EQ(told[told.size() - 2], Topic::link_attempted);
    EXPECT_EQ(told.back(), Topic::link_expired);
    for (const Task& notice : scene.world.tasks_of(TaskKind::notify)) {
      EXPECT_NE(notice.notice, Notice::link_failed) << "there is nothing left to try again";
    }
  }
}

TEST(Bank, SilenceIsNotFailureAndIsAskedAboutWithTheSameTaskAndKey) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  const Task first = scene.world.the(TaskKind::pay);
  const std::string key = scene.payout(id).key;
  EXPECT_EQ(scene.bank(id, unknown), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::processing);
  EXPECT_EQ(scene.payout(id).state, PayoutState::unknown);
  EXPECT_EQ(scene.world.money().held, 10'000);
  const Task again = scene.world.the(TaskKind::pay);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.payout, first.payout);
  EXPECT_EQ(again.tries, 1U);
  EXPECT_EQ(again.due_at, scene.world.now + limits::kFirstAsk);
  EXPECT_EQ(scene.payout(id).key, key);
  EXPECT_TRUE(scene.world.happened(id, HistoryKind::payout_unknown));
}

TEST(Bank, TheSpacingOfQuestionsDoublesUpToAQuarterOfAnHourForEver) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  Duration expected = limits::kFirstAsk;
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(scene.bank(id, unknown), kTaken);
    const Task task = scene.world.the(TaskKind::pay);
    ASSERT_EQ(task.due_at - scene.world.now, expected) << i;
    expected = std::min(expected * 2, limits::kLastAsk);
    scene.world.now = task.due_at;
  }
  EXPECT_EQ(scene.payout(id).state, PayoutState::unknown);
  const std::vector<HistoryKind> story = scene.world.story(id);
  EXPECT_EQ(std::count(story.begin(), story.end(), HistoryKind::payout_unknown), 1)
      << "silence is told once";
  EXPECT_EQ(scene.bank(id, settled), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::processed);
}

TEST(Bank, AnUnknownPayoutCanStillBeRefused) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, unknown), kTaken);
  EXPECT_EQ(scene.bank(id, refused), kTaken);
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
}

TEST(Bank, TheSameWordTwiceChangesNothing) {
  for (const BankOutcome outcome : {settled, refused}) {
    Scene scene;
    const LinkId id = scene.issue();
    scene.claim(id);
    const BankSaid said = scene.said(id, outcome);
    EXPECT_EQ(scene.world.refusal(said), kTaken);
    const Frozen before = freeze(scene, id);
    EXPECT_EQ(scene.world.refusal(said), kTaken);
    expect_unchanged(scene, id, before);
    EXPECT_FALSE(scene.world.happened(id, HistoryKind::bank_contradicted));
  }
}

TEST(Bank, ALateContradictionIsRecordedAndMovesNoMoney) {
  const std::pair<BankOutcome, BankOutcome> contradictions[] = {{settled, refused},
                                                                {refused, settled}};
  for (const auto& [first, second] : contradictions) {
    Scene scene;
    const LinkId id = scene.issue();
    scene.claim(id);
    EXPECT_EQ(scene.bank(id, first), kTaken);
    const Frozen before = freeze(scene, id);
    EXPECT_EQ(scene.bank(id, second), kTaken);
    expect_unchanged(scene, id, before);
    EXPECT_TRUE(scene.world.happened(id, HistoryKind::bank_contradicted));
  }
}

TEST(Bank, AnOldPayoutThatSettlesAfterANewOneWasSentIsRecordedAndMovesNoMoney) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  BankSaid late = scene.said(id, settled);
  EXPECT_EQ(scene.bank(id, refused), kTaken);
  scene.claim(id);
  const Frozen before = freeze(scene, id);
  EXPECT_EQ(scene.world.refusal(late), kTaken);
  expect_unchanged(scene, id, before);
  EXPECT_TRUE(scene.world.happened(id, HistoryKind::bank_contradicted));
}

TEST(Bank, ALateSilenceAfterTheEndIsNothing) {
  Scene scene;
  const LinkId id = scene.paid();
  const Frozen before = freeze(scene, id);
  EXPECT_EQ(scene.bank(id, unknown), kTaken);
  expect_unchanged(scene, id, before);
}

TEST(Bank, AReversalAfterSettlementBringsTheMoneyBackAndKeepsTheLinkProcessed) {
  Scene scene;
  const LinkId id = scene.paid();
  BankSaid said = scene.said(id, reversed);
  said.reason = "returned";
  said.reason_text = "The bank returned it.";
  EXPECT_EQ(scene.world.refusal(said), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::processed);
  EXPECT_EQ(scene.payout(id).state, PayoutState::reversed);
  EXPECT_EQ(scene.payout(id).reason, "returned");
  EXPECT_EQ(scene.world.money().paid, 0);
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
  EXPECT_EQ(scene.world.topics(id).back(), Topic::payout_reversed);
  const Frozen before = freeze(scene, id);
  EXPECT_EQ(scene.world.refusal(said), kTaken) << "reversed once";
  expect_unchanged(scene, id, before);
}

TEST(Bank, AReversalOfARefusedPayoutIsNothingNew) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, refused), kTaken);
  const Frozen before = freeze(scene, id);
  EXPECT_EQ(scene.bank(id, reversed), kTaken);
  expect_unchanged(scene, id, before);
  EXPECT_FALSE(scene.world.happened(id, HistoryKind::bank_contradicted));
}

TEST(Bank, ASettledPayoutMayBeAskedAboutLaterForAReversal) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  BankSaid said = scene.said(id, settled);
  said.ask_again_at = scene.world.now + 24h;
  EXPECT_EQ(scene.world.refusal(said), kTaken);
  EXPECT_EQ(scene.world.the(TaskKind::pay).due_at, scene.world.now + 24h);
  scene.world.now = scene.world.now + 24h;
  EXPECT_EQ(scene.bank(id, unknown), kTaken);
  EXPECT_EQ(scene.world.the(TaskKind::pay).due_at, scene.world.now + limits::kLastAsk)
      << "a silence now is asked again";
  EXPECT_EQ(scene.bank(id, settled), kTaken);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::pay).empty()) << "still settled: enough";
}

TEST(Bank, WhatItSaysUnaskedCountsAndTheTaskFindsItOut) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  BankSaid unasked = scene.said(id, settled);
  const TaskId task = std::exchange(unasked.task, {});
  EXPECT_EQ(scene.world.refusal(unasked), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::processed);
  EXPECT_EQ(scene.world.the(TaskKind::pay).id, task) << "the question is still open";
  EXPECT_EQ(scene.bank(id, settled), kTaken);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::pay).empty());
  EXPECT_EQ(scene.world.money().paid, 10'000);
}

// Found by the simulator: the question ended there, and nobody heard of the reversal.
TEST(Bank, AfterALateWordTheTaskStillAsksLaterForAReversal) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  BankSaid late = scene.said(id, settled);
  late.task = {};
  EXPECT_EQ(scene.world.refusal(late), kTaken);
  BankSaid answer = scene.said(id, settled);
  answer.ask_again_at = scene.world.now + 1h;
  EXPECT_EQ(scene.world.refusal(answer), kTaken);
  EXPECT_EQ(scene.world.the(TaskKind::pay).due_at, scene.world.now + 1h);
  scene.world.now = scene.world.now + 1h;
  EXPECT_EQ(scene.bank(id, reversed), kTaken);
  EXPECT_EQ(scene.payout(id).state, PayoutState::reversed);
  EXPECT_EQ(scene.world.money().paid, 0);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::pay).empty());
}

// Found by the simulator: the timer had run while the link was processing, and with the clock back
// before the end nothing was left to end the link.
TEST(Bank, ALinkWhosePayoutFailedEndsThoughItsTimerHasRunAndTheClockWasSetBack) {
  Scene scene;
  CreateLink create = Scene::request();
  create.expires_at = scene.world.now + 24h;
  const LinkId id = scene.create(create);
  scene.claim(id);
  EXPECT_EQ(scene.fire_due(TaskKind::expire_link), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::processing);
  scene.world.now = scene.world.now + -1h;
  EXPECT_EQ(scene.bank(id, refused), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::issued);
  EXPECT_EQ(scene.fire_due(TaskKind::expire_link), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::expired);
}

TEST(Bank, AWordAboutAQueuedPayoutIsAContradiction) {
  Scene scene;
  const LinkId id = scene.issue(*Money::from_paise(Scene::kDeposited + 1));
  scene.claim(id);
  const Frozen before = freeze(scene, id);
  EXPECT_EQ(scene.bank(id, settled), kTaken);
  expect_unchanged(scene, id, before);
  EXPECT_TRUE(scene.world.happened(id, HistoryKind::bank_contradicted));
}

TEST(Bank, AnUnknownPayoutIsRefused) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  BankSaid said = scene.said(id, settled);
  said.payout = PayoutId{4'711};
  EXPECT_EQ(scene.world.refusal(said), "payout_not_found");
  said = scene.said(id, settled);
  said.merchant = MerchantId{2};
  EXPECT_EQ(scene.world.refusal(said), "payout_not_found");
}

TEST(Bank, AnyWordsInAnyOrderNeverPayTwiceNorBreakTheLedger) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
  ToyRandom random(seed);
  for (int round = 0; round < 150; ++round) {
    Scene scene;
    scene.world.settings().otp = OtpRule::as_asked;
    scene.world.settings().hold = random.below(2) == 0 ? HoldAt::claim : HoldAt::issue;
    CreateLink create = Scene::request();
    if (random.below(2) == 0) create.expires_at = scene.world.now + 1h;
    const LinkId id = scene.create(create);
    std::vector<PayoutId> known;
    for (int step = 0; step < 12; ++step) {
      scene.world.now = scene.world.now + std::chrono::minutes(random.below(20));
      if (random.below(3) == 0) {
        static_cast<void>(scene.world.refusal(scene.to_bank(id, {})));
        if (scene.link(id).payout) known.push_back(scene.link(id).payout);
        continue;
      }
      if (known.empty()) continue;
      BankSaid said = scene.said(id, static_cast<BankOutcome>(random.below(4)));
      said.payout = known[random.below(known.size())];
      // World checks the invariants after each.
      ASSERT_EQ(scene.world.refusal(said), kTaken);
    }
  }
}

}  // namespace
}  // namespace disburse::core
