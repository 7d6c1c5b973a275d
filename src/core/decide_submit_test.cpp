// Giving an account: proof, methods, money.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kTaken = "taken";

TEST(Submit, AProvenClaimHoldsTheMoneyAndSendsThePayout) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  const Payout& payout = scene.payout(id);
  EXPECT_EQ(scene.state(id), LinkState::processing);
  EXPECT_EQ(payout.state, PayoutState::sent);
  EXPECT_EQ(payout.mode, "IMPS");
  EXPECT_EQ(payout.rail, "sandbox");
  EXPECT_EQ(payout.amount, 10'000_paise);
  EXPECT_EQ(scene.world.money().held, 10'000);
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited - 10'000);
  EXPECT_EQ(scene.world.the(TaskKind::pay).payout, payout.id);
  EXPECT_EQ(scene.world.topics(id).back(), Topic::link_processing);
  EXPECT_EQ(scene.link(id).attempts, 1U);
}

TEST(Submit, TheBanksKeyIsStoredBeforeTheFirstAttempt) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  EXPECT_EQ(scene.payout(id).key.size(), 14U);
  EXPECT_EQ(scene.payout(id).key.substr(0, 3), "DSB");
}

TEST(Submit, WithoutAGoodTokenNothingIsTaken) {
  Scene scene;
  const LinkId id = scene.issue();
  const LinkId other = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, {})), "otp_required");
  const SecretText of_other = scene.prove(other);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, of_other)), "otp_required");
  std::string forged = scene.prove(id).expose();
  forged.back() = forged.back() == '0' ? '1' : '0';
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, SecretText(forged))), "otp_required");
  EXPECT_EQ(scene.state(id), LinkState::issued);
  EXPECT_EQ(scene.world.money().held, 0);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(other, of_other)), kTaken);
}

TEST(Submit, ATokenIsGoodForHalfAnHour) {
  Scene scene;
  const LinkId id = scene.issue();
  const SecretText token = scene.prove(id);
  scene.world.now = scene.world.now + limits::kClaimTokenLife;
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, token)), "otp_required");
  scene.world.now = scene.world.now - 1ms;
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, token)), kTaken);
}

TEST(Submit, AnOtpProvenInAnotherBrowserEndsTheFirstOnesToken) {
  Scene scene;
  const LinkId id = scene.issue();
  const SecretText first = scene.prove(id);
  const SecretText second = scene.prove(id);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, first)), "otp_required");
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, second)), kTaken);
}

TEST(Submit, OfTwoBrowsersWithOneTokenTheSecondIsToldThatItIsRunning) {
  Scene scene;
  const LinkId id = scene.issue();
  const SecretText token = scene.prove(id);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, token)), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.to_upi(id, token)), "link_processing");
  EXPECT_EQ(scene.world.payouts.size(), 1U);
  EXPECT_EQ(scene.world.money().held, 10'000);
}

TEST(Submit, AfterAFailureTheAccountIsToBeProvenAgain) {
  Scene scene;
  const LinkId id = scene.issue();
  const SecretText token = scene.prove(id);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, token)), kTaken);
  EXPECT_EQ(scene.bank(id, BankOutcome::refused), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, token)), "otp_required");
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, scene.prove(id))), kTaken);
  EXPECT_EQ(scene.link(id).attempts, 2U);
  EXPECT_EQ(scene.world.payouts.size(), 2U);
}

TEST(Submit, WithoutOtpNoTokenIsNeeded) {
  Scene scene;
  scene.world.settings().otp = OtpRule::as_asked;
  EXPECT_EQ(scene.world.refusal(scene.to_bank(scene.issue(), {})), kTaken);
}

TEST(Submit, OnlyALinkThatIsOpenIsTaken) {
  Scene scene;
  scene.world.settings().otp = OtpRule::as_asked;
  EXPECT_EQ(scene.world.refusal(scene.to_bank(LinkId{77}, {})), "link_not_found");
  const LinkId cancelled = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.cancel(cancelled)), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(cancelled, {})), "link_cancelled");
  CreateLink create = Scene::request();
  create.activates_at = scene.world.now + 1h;
  create.expires_at = scene.world.now + 2h;
  const LinkId later = scene.create(create);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(later, {})), "link_scheduled");
  scene.world.now = scene.world.now + 2h;
  EXPECT_EQ(scene.world.refusal(scene.to_bank(later, {})), "link_expired");
}

TEST(Submit, AScheduledLinkWhoseTimeHasComeIsTaken) {
  Scene scene;
  scene.world.settings().otp = OtpRule::as_asked;
  CreateLink create = Scene::request();
  create.activates_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  scene.world.now = scene.world.now + 1h;
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, {})), kTaken);
  EXPECT_EQ(scene.world.topics(id),
            (std::vector{Topic::link_scheduled, Topic::link_issued, Topic::link_processing}));
}

TEST(Submit, AMethodThatIsNotOfferedIsRefused) {
  Scene scene;
  scene.world.settings().otp = OtpRule::as_asked;
  CreateLink create = Scene::request();
  create.methods = static_cast<PayMethods>(PayMethod::upi);
  const LinkId upi_only = scene.create(create);
  EXPECT_EQ(scene.world.refusal(scene.to_bank(upi_only, {})), "method_not_offered");
  create.methods = static_cast<PayMethods>(PayMethod::bank);
  const LinkId bank_only = scene.create(create);
  EXPECT_EQ(scene.world.refusal(scene.to_upi(bank_only, {})), "method_not_offered");
  create.methods = PayMethod::bank | PayMethod::wallet;
  SubmitClaim wallet = scene.to_bank(scene.create(create), {});
  wallet.method = PayMethod::wallet;
  EXPECT_EQ(scene.world.refusal(wallet), "method_not_offered") << "no rail pays into wallets";
}

TEST(Submit, UpiIsForAtMostALakh) {
  Scene scene;
  scene.world.settings().otp = OtpRule::as_asked;
  EXPECT_TRUE(scene.world.run(Deposit{Scene::kMerchant, 10'000'000'00_paise, "operator:test"}));
  const LinkId at_limit = scene.issue(*Money::from_paise(limits::kLargestUpiPaise));
  EXPECT_EQ(scene.world.refusal(scene.to_upi(at_limit, {})), kTaken);
  EXPECT_EQ(scene.payout(at_limit).mode, "UPI");
  const LinkId above = scene.issue(*Money::from_paise(limits::kLargestUpiPaise + 1));
  EXPECT_EQ(scene.world.refusal(scene.to_upi(above, {})), "method_not_offered");
}

TEST(Submit, AboveFiveLakhABankIsPaidByNeft) {
  Scene scene;
  scene.world.settings().otp = OtpRule::as_asked;
  EXPECT_TRUE(scene.world.run(Deposit{Scene::kMerchant, 100'000'000'00_paise, "operator:test"}));
  const LinkId at_limit = scene.issue(*Money::from_paise(limits::kLargestImpsPaise));
  EXPECT_EQ(scene.world.refusal(scene.to_bank(at_limit, {})), kTaken);
  EXPECT_EQ(scene.payout(at_limit).mode, "IMPS");
  const LinkId above = scene.issue(*Money::from_paise(limits::kLargestImpsPaise + 1));
  EXPECT_EQ(scene.world.refusal(scene.to_bank(above, {})), kTaken);
  EXPECT_EQ(scene.payout(above).mode, "NEFT");
}

TEST(Submit, ABadAccountIsRefusedAndCanBeCorrected) {
  Scene scene;
  const LinkId id = scene.issue();
  const SecretText token = scene.prove(id);
  SubmitClaim submit = scene.to_bank(id, token);
  submit.account_number = SecretText("12");
  EXPECT_EQ(scene.world.refusal(submit), "account_number_invalid");
  submit = scene.to_bank(id, token);
  submit.ifsc = "HDFC1000001";
  EXPECT_EQ(scene.world.refusal(submit), "ifsc_invalid");
  submit = scene.to_bank(id, token);
  submit.holder_name = " ";
  EXPECT_EQ(scene.world.refusal(submit), "holder_name_invalid");
  submit = scene.to_upi(id, token);
  submit.vpa = SecretText("rahul");
  EXPECT_EQ(scene.world.refusal(submit), "vpa_invalid");
  EXPECT_TRUE(scene.world.fund_accounts.empty());
  EXPECT_EQ(scene.world.refusal(scene.to_bank(id, token)), kTaken);
}

TEST(Submit, TheAccountIsKeptAsItIsPaid) {
  Scene scene;
  scene.world.settings().otp = OtpRule::as_asked;
  const LinkId bank = scene.issue();
  SubmitClaim submit = scene.to_bank(bank, {});
  submit.ifsc = " hdfc0000001 ";
  submit.holder_name = " Rahul Kumar ";
  EXPECT_EQ(scene.world.refusal(submit), kTaken);
  const FundAccount& account = scene.world.fund_accounts.at(scene.link(bank).fund_account);
  EXPECT_EQ(account.ifsc, "HDFC0000001");
  EXPECT_EQ(account.holder_name, "Rahul Kumar");
  EXPECT_EQ(account.account_number.expose(), "123456789012");
  const LinkId upi = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.to_upi(upi, {})), kTaken);
  EXPECT_EQ(scene.world.fund_accounts.at(scene.link(upi).fund_account).vpa.expose(),
            "rahul@okaxis");
}

TEST(Submit, HeldAtIssueTheClaimHoldsNothingMore) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  const LinkId id = scene.issue();
  scene.claim(id);
  EXPECT_EQ(scene.world.money().held, 10'000);
}

TEST(Submit, APromiseMadeAtIssueIsPaidWhenNothingElseIsLeft) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  const LinkId id = scene.issue(*Money::from_paise(Scene::kDeposited));
  EXPECT_EQ(scene.world.money().available, 0);
  scene.claim(id);
  EXPECT_EQ(scene.payout(id).state, PayoutState::sent);
}

// A link of more than there is, claimed.
LinkId claimed_beyond_balance(Scene& scene, bool verify = false) {
  CreateLink create = Scene::request(*Money::from_paise(Scene::kDeposited + 500));
  create.verify_beneficiary = verify;
  const LinkId id = scene.create(create);
  scene.claim(id);
  return id;
}

TEST(Queue, WithALowBalanceTheClaimIsTakenAndThePayoutWaits) {
  Scene scene;
  const LinkId id = claimed_beyond_balance(scene);
  EXPECT_EQ(scene.state(id), LinkState::processing);
  EXPECT_EQ(scene.payout(id).state, PayoutState::queued);
  EXPECT_EQ(scene.world.money().held, 0);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::pay).empty());
  EXPECT_TRUE(scene.world.happened(id, HistoryKind::payout_queued));
  EXPECT_EQ(scene.world.the(TaskKind::retry_queued).due_at,
            scene.world.now + limits::kQueuedRecheck);
}

TEST(Queue, TheTimerLooksAgainUntilThereIsMoneyAndSendsOnce) {
  Scene scene;
  const LinkId id = claimed_beyond_balance(scene);
  EXPECT_EQ(scene.fire_due(TaskKind::retry_queued), kTaken);
  EXPECT_EQ(scene.payout(id).state, PayoutState::queued);
  EXPECT_EQ(scene.world.the(TaskKind::retry_queued).due_at,
            scene.world.now + limits::kQueuedRecheck);
  EXPECT_TRUE(scene.world.run(Deposit{Scene::kMerchant, 500_paise, "operator:test"}));
  const Task timer = scene.world.the(TaskKind::retry_queued);
  EXPECT_EQ(scene.fire(timer), kTaken);
  EXPECT_EQ(scene.payout(id).state, PayoutState::sent);
  EXPECT_EQ(scene.world.money().held, Scene::kDeposited + 500);
  EXPECT_EQ(scene.world.the(TaskKind::pay).payout, scene.payout(id).id);
  EXPECT_EQ(scene.fire(timer), kTaken);
  EXPECT_EQ(scene.world.tasks_of(TaskKind::pay).size(), 1U);
  EXPECT_EQ(scene.bank(id, BankOutcome::settled), kTaken);
  EXPECT_EQ(scene.world.money().paid, Scene::kDeposited + 500);
}

TEST(Queue, ASecondTimerOfAPayoutThatIsSentDoesNothing) {
  Scene scene;
  const LinkId id = claimed_beyond_balance(scene);
  Task second = scene.world.the(TaskKind::retry_queued);
  second.id = TaskId{second.id.value + 1};
  scene.world.tasks[second.id] = second;
  EXPECT_TRUE(scene.world.run(Deposit{Scene::kMerchant, 500_paise, "operator:test"}));
  for (const Task& timer : scene.world.tasks_of(TaskKind::retry_queued)) {
    EXPECT_EQ(scene.fire(timer), kTaken);
  }
  EXPECT_EQ(scene.world.tasks_of(TaskKind::pay).size(), 1U);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::retry_queued).empty());
  EXPECT_EQ(scene.payout(id).state, PayoutState::sent);
}

TEST(Queue, AFundedPayoutIsVerifiedBeforeItLeaves) {
  Scene scene;
  const LinkId id = claimed_beyond_balance(scene, true);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::verify).empty());
  EXPECT_TRUE(scene.world.run(Deposit{Scene::kMerchant, 500_paise, "operator:test"}));
  EXPECT_EQ(scene.fire_due(TaskKind::retry_queued), kTaken);
  EXPECT_EQ(scene.payout(id).state, PayoutState::created);
  EXPECT_EQ(scene.world.money().held, Scene::kDeposited + 500);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::pay).empty());
  const Task ask = scene.world.the(TaskKind::verify);
  AccountVerified said{Scene::kMerchant, scene.payout(id).id, ask.id,
                       AccountVerified::Answer::exists, "RAHUL KUMAR"};
  EXPECT_EQ(scene.world.refusal(said), kTaken);
  EXPECT_EQ(scene.payout(id).state, PayoutState::sent);
}

TEST(Queue, ADeadlineThatPassesWhileWaitingDoesNotStopThePayout) {
  Scene scene;
  CreateLink create = Scene::request(*Money::from_paise(Scene::kDeposited + 500));
  create.expires_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  scene.claim(id);
  EXPECT_EQ(scene.fire_due(TaskKind::expire_link), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::processing);
  EXPECT_TRUE(scene.world.run(Deposit{Scene::kMerchant, 500_paise, "operator:test"}));
  EXPECT_EQ(scene.fire_due(TaskKind::retry_queued), kTaken);
  EXPECT_EQ(scene.bank(id, BankOutcome::settled), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::processed);
}

TEST(Queue, OfTwoWaitingTheMoneyGoesToTheOneThatIsTriedFirst) {
  Scene scene;
  const LinkId first = claimed_beyond_balance(scene);
  const LinkId second = claimed_beyond_balance(scene);
  EXPECT_TRUE(scene.world.run(Deposit{Scene::kMerchant, 500_paise, "operator:test"}));
  for (const Task& timer : scene.world.tasks_of(TaskKind::retry_queued))
    EXPECT_EQ(scene.fire(timer), kTaken);
  EXPECT_EQ(scene.payout(first).state, PayoutState::sent);
  EXPECT_EQ(scene.payout(second).state, PayoutState::queued);
  EXPECT_EQ(scene.world.money().available, 0);
}

TEST(Submit, AUpiClaimMayNameItsHolderAndTheNameIsChecked) {
  Scene scene;
  const LinkId id = scene.issue();
  SubmitClaim submit = scene.to_upi(id, scene.prove(id));
  submit.holder_name = "Rahul\x01Kumar";
  EXPECT_EQ(scene.world.refusal(submit), "holder_name_invalid");
  submit.holder_name = "Rahul Kumar";
  EXPECT_EQ(scene.world.refusal(submit), kTaken);
  EXPECT_EQ(scene.world.fund_accounts.at(scene.link(id).fund_account).holder_name, "Rahul Kumar");
}

}  // namespace
}  // namespace disburse::core
