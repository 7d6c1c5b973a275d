// Rows that contradict each other, as a broken store would give them: the decision is refused and
// nothing is written, above all no money. Where nothing can go wrong, it is a decision of nothing.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kTaken = "taken";
using Answer = AccountVerified::Answer;

// Refused with the code, and not a row was written.
void expect_refused(Scene& scene, const Command& command, std::string_view code) {
  const std::size_t postings = scene.world.postings.size();
  const std::size_t history = scene.world.history.size();
  EXPECT_EQ(scene.world.refusal(command), code) << name(command);
  EXPECT_EQ(scene.world.postings.size(), postings) << name(command);
  EXPECT_EQ(scene.world.history.size(), history) << name(command);
  EXPECT_TRUE(scene.world.last.empty()) << name(command);
}

// A link whose payout was sent, so that the bank is asked about it.
struct Sent {
  Scene scene;
  LinkId id = scene.issue();
  Sent() { scene.claim(id); }
  Link& link() { return scene.world.links.at(id); }
};

// A link whose payout waits for balance.
struct Queued {
  Scene scene;
  LinkId id = scene.issue(2'000'000_paise);
  Queued() {
    scene.claim(id);
    EXPECT_EQ(scene.payout(id).state, PayoutState::queued);
  }
};

// A link whose payout waits for the bank to say whose the account is.
struct Asked {
  Scene scene;
  LinkId id;
  explicit Asked(const std::string& contact_name = "Rahul Kumar") {
    CreateLink create = Scene::request();
    create.contact_name = contact_name;
    create.verify_beneficiary = true;
    id = scene.create(create);
    scene.claim(id);
  }
  AccountVerified said(Answer answer) const {
    return {Scene::kMerchant, scene.link(id).payout, scene.world.the(TaskKind::verify).id, answer,
            "RAHUL KUMAR"};
  }
  Link& link() { return scene.world.links.at(id); }
};

TEST(TornRows, WithoutItsContactALinkTakesNoCommand) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.world.contacts.clear();
  const LinkRef ref{id, {}};
  for (const Command& command :
       {Command{scene.cancel(id)},
        Command{ExtendLink{Scene::kMerchant, ref, scene.world.now + 1h, "house"}},
        Command{RejectLink{Scene::kMerchant, ref, "house", "why"}},
        Command{NotifyLink{Scene::kMerchant, ref, "house"}}, Command{scene.send(id)},
        Command{VerifyOtp{{Scene::kMerchant, id}, SecretText("123456"), ""}},
        Command{scene.to_bank(id, {})}}) {
    expect_refused(scene, command, "internal_error");
  }
  EXPECT_EQ(scene.state(id), LinkState::issued);
  EXPECT_FALSE(view_of(scene.world, scene.link(id)).contact.id) << "it can still be looked at";
}

TEST(TornRows, WithoutItsContactATimerIsRefusedToo) {
  Scene scene;
  CreateLink create = Scene::request();
  create.expires_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  scene.world.contacts.clear();
  EXPECT_EQ(scene.fire_due(TaskKind::expire_link), "internal_error");
  EXPECT_EQ(scene.state(id), LinkState::issued);
}

TEST(TornRows, TheBanksWordOnALinkThatIsNotThereMovesNoMoney) {
  Sent sent;
  const BankSaid said = sent.scene.said(sent.id, BankOutcome::settled);
  sent.scene.world.contacts.clear();
  expect_refused(sent.scene, said, "internal_error");
  sent.scene.world.links.clear();
  expect_refused(sent.scene, said, "link_not_found");
}

TEST(TornRows, TheBanksWordOnALinkInAnotherStateMovesNoMoney) {
  for (const BankOutcome outcome : {BankOutcome::settled, BankOutcome::refused}) {
    Sent sent;
    sent.link().state = LinkState::cancelled;
    expect_refused(sent.scene, sent.scene.said(sent.id, outcome), "link_cancelled");
    EXPECT_EQ(sent.scene.payout(sent.id).state, PayoutState::sent);
  }
  Scene scene;
  const LinkId paid = scene.paid();
  scene.world.links.at(paid).state = LinkState::issued;
  expect_refused(scene, scene.said(paid, BankOutcome::reversed), "link_not_issued");
}

TEST(TornRows, MoneyThatIsNotHeldIsNotGivenBack) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  CreateLink create = Scene::request();
  create.expires_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  scene.claim(id);
  scene.world.all_balances.at(Scene::kMerchant).held = 0;
  scene.world.now = scene.world.now + 1h;
  expect_refused(scene, scene.said(id, BankOutcome::refused), "ledger_would_break");
  // The same for a link that nobody claimed.
  scene.world.links.at(id).state = LinkState::issued;
  EXPECT_EQ(scene.fire_due(TaskKind::expire_link), "ledger_would_break");
  EXPECT_EQ(scene.state(id), LinkState::issued);
}

TEST(TornRows, AnAnswerAboutTheAccountOfALinkInAnotherStatePaysNobody) {
  for (const Answer answer : {Answer::exists, Answer::missing, Answer::unknown}) {
    Asked asked;
    asked.link().state = LinkState::cancelled;
    expect_refused(asked.scene, asked.said(answer), "link_cancelled");
    EXPECT_EQ(asked.scene.payout(asked.id).state, PayoutState::created);
  }
}

TEST(TornRows, AnAnswerAboutAPayoutThatIsNotItsLinksPaysNobody) {
  Asked asked;
  const AccountVerified said = asked.said(Answer::exists);
  asked.link().payout = PayoutId{5};
  expect_refused(asked.scene, said, "internal_error");
  EXPECT_EQ(asked.scene.world.payouts.at(said.payout).state, PayoutState::created);
}

TEST(TornRows, AnAccountThatIsRefusedGivesNoMoneyBackThatIsNotHeld) {
  for (const Answer answer : {Answer::exists, Answer::missing, Answer::unknown}) {
    Asked asked;
    for (auto& [id, task] : asked.scene.world.tasks) task.tries = limits::kVerifyTries;
    for (auto& [id, contact] : asked.scene.world.contacts) contact.name = "Priya Sharma";
    asked.scene.world.all_balances.at(Scene::kMerchant).held = 0;
    expect_refused(asked.scene, asked.said(answer), "ledger_would_break");
    EXPECT_EQ(asked.scene.payout(asked.id).state, PayoutState::created);
  }
}

TEST(TornRows, AQueuedPayoutOfALinkThatIsNotBeingClaimedStays) {
  Queued queued;
  const Task task = queued.scene.world.the(TaskKind::retry_queued);
  Link& link = queued.scene.world.links.at(queued.id);
  link.state = LinkState::cancelled;
  EXPECT_EQ(queued.scene.fire(task), "link_cancelled");
  link.state = LinkState::processing;
  link.held = true;
  EXPECT_EQ(queued.scene.fire(task), "internal_error") << "what is held waits for no balance";
  link.held = false;
  link.payout = PayoutId{5};
  EXPECT_EQ(queued.scene.fire(task), "internal_error");
  EXPECT_TRUE(queued.scene.world.last.empty());
  EXPECT_EQ(queued.scene.world.payouts.at(task.payout).state, PayoutState::queued);
  EXPECT_TRUE(queued.scene.world.tasks_of(TaskKind::pay).empty());
}

TEST(TornRows, WithoutTheAccountNoNameIsTheRightOne) {
  Asked asked("");
  asked.scene.world.fund_accounts.clear();
  expect_refused(asked.scene, asked.said(Answer::exists), "internal_error");
  EXPECT_TRUE(asked.scene.world.tasks_of(TaskKind::pay).empty());
}

TEST(TornRows, WithoutBalancesNothingIsHeldAndNothingLeaves) {
  Queued queued;
  queued.scene.world.all_balances.clear();
  EXPECT_EQ(queued.scene.fire_due(TaskKind::retry_queued), "merchant_not_found");
  EXPECT_EQ(queued.scene.payout(queued.id).state, PayoutState::queued);
  expect_refused(queued.scene, Deposit{Scene::kMerchant, 1_paise, "operator:test"},
                 "merchant_not_found");
  UpdateMerchant update;
  update.merchant = Scene::kMerchant;
  expect_refused(queued.scene, update, "merchant_not_found");

  Scene scene;
  const LinkId id = scene.issue();
  const SecretText token = scene.prove(id);
  const std::map<MerchantId, Merchant> merchants = std::move(scene.world.merchants);
  scene.world.merchants.clear();
  expect_refused(scene, Deposit{Scene::kMerchant, 1_paise, "operator:test"}, "merchant_not_found");
  scene.world.merchants = merchants;
  scene.world.all_balances.clear();
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, token)), kTaken);
  EXPECT_EQ(scene.payout(id).state, PayoutState::queued);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::pay).empty());
}

TEST(TornRows, AHoldAboveTheLargestSumIsRefused) {
  Scene scene;
  const LinkId id = scene.issue();
  const SecretText token = scene.prove(id);
  scene.world.all_balances.at(Scene::kMerchant).held = Money::kMaxPaise;
  expect_refused(scene, scene.to_bank(id, token), "amount_too_large");
  EXPECT_EQ(scene.state(id), LinkState::issued);
}

TEST(TornRows, ATimerWithoutItsLinkOrPayoutIsWorkedOff) {
  Queued queued;
  const Task task = queued.scene.world.the(TaskKind::retry_queued);
  queued.scene.world.now = task.due_at;
  EXPECT_EQ(queued.scene.world.refusal(
                TimerFired{task.merchant, task.id, task.kind, task.link, PayoutId{5}}),
            kTaken);
  EXPECT_TRUE(queued.scene.world.tasks_of(TaskKind::retry_queued).empty());
  EXPECT_EQ(queued.scene.payout(queued.id).state, PayoutState::queued);

  Scene scene;
  CreateLink create = Scene::request();
  create.expires_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  Task expiry = scene.world.the(TaskKind::expire_link);
  expiry.link = LinkId{5};
  scene.world.now = expiry.due_at;
  EXPECT_EQ(scene.fire(expiry), kTaken);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::expire_link).empty());
  EXPECT_EQ(scene.state(id), LinkState::issued);
}

TEST(TornRows, ATimerThatDoesNotFitItsLinkDoesNothing) {
  Scene scene;
  CreateLink create = Scene::request();
  create.expires_at = scene.world.now + 1h;
  const LinkId expiring = scene.create(create);
  scene.world.links.at(expiring).expires_at.reset();
  EXPECT_EQ(scene.fire_due(TaskKind::expire_link), kTaken);
  EXPECT_EQ(scene.state(expiring), LinkState::issued);

  create = Scene::request();
  create.activates_at = scene.world.now + 1h;
  const LinkId later = scene.create(create);
  scene.world.links.at(later).activates_at = scene.world.now + 2h;
  EXPECT_EQ(scene.fire_due(TaskKind::activate_link), kTaken);
  EXPECT_EQ(scene.state(later), LinkState::scheduled);
}

Result<Decision> decide_in(World& world, const Command& command) {
  const Means means{world.now, world.ids, 1, world.hash, MerchantId{2}, "", "sandbox", true};
  return decide(command, world, means);
}

TEST(TornRows, WithoutItsMerchantALinkIsAnnouncedAllTheSame) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.world.merchants.clear();
  scene.world.listener.reset();
  const Result<Decision> decision = decide_in(scene.world, scene.cancel(id));
  ASSERT_TRUE(decision);
  ASSERT_EQ(decision->changes.tasks.size(), 1U) << "who was not loaded may have endpoints";
  EXPECT_EQ(decision->changes.tasks[0].topic, Topic::link_cancelled);
}

TEST(TornRows, AViewShowsWhatIsThere) {
  Sent sent;
  sent.scene.world.payouts.clear();
  sent.scene.world.fund_accounts.clear();
  sent.link().state = LinkState::issued;
  const Result<Decision> decision =
      decide_in(sent.scene.world, NotifyLink{Scene::kMerchant, {sent.id, {}}, "house"});
  ASSERT_TRUE(decision);
  const LinkView view = std::get<Notified>(*decision->reply).view;
  EXPECT_EQ(view.link.payout, sent.link().payout);
  EXPECT_FALSE(view.payout);
  EXPECT_FALSE(view.fund_account);
}

TEST(TornRows, AMessageForAChannelThatTheContactHasNotIsNotWritten) {
  Scene scene;
  CreateLink create = Scene::request();
  create.send_sms = true;
  create.send_email = true;
  const LinkId id = scene.create(create);
  for (auto& [contact, row] : scene.world.contacts) row.email.clear();
  scene.claim(id);
  scene.world.tasks.clear();
  EXPECT_EQ(scene.bank(id, BankOutcome::settled), kTaken);
  EXPECT_EQ(scene.world.the(TaskKind::notify).channel, Channel::sms);
}

}  // namespace
}  // namespace disburse::core
