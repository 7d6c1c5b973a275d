// Asking who owns the account before anything leaves.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kTaken = "taken";
using Answer = AccountVerified::Answer;

struct Asked {
  Scene scene;
  LinkId id;

  explicit Asked(const std::string& contact_name = "Rahul Kumar") {
    CreateLink create = Scene::request();
    create.verify_beneficiary = true;
    create.contact_name = contact_name;
    id = scene.create(create);
    scene.claim(id);
  }
  AccountVerified said(Answer answer, std::string name = {}) const {
    const std::vector<Task> asking = scene.world.tasks_of(TaskKind::verify);
    const TaskId task = asking.empty() ? TaskId{} : asking.back().id;
    return {Scene::kMerchant, scene.link(id).payout, task, answer, std::move(name)};
  }
  std::string_view answer(Answer answer, std::string name = {}) {
    return scene.world.refusal(said(answer, std::move(name)));
  }
};

TEST(Verify, TheAccountIsAskedAboutFirstAndNothingLeaves) {
  Asked asked;
  EXPECT_EQ(asked.scene.payout(asked.id).state, PayoutState::created);
  EXPECT_EQ(asked.scene.world.the(TaskKind::verify).payout, asked.scene.payout(asked.id).id);
  EXPECT_TRUE(asked.scene.world.tasks_of(TaskKind::pay).empty());
  EXPECT_EQ(asked.scene.world.money().held, 10'000);
}

TEST(Verify, TheSameNameIsPaid) {
  Asked asked;
  EXPECT_EQ(asked.answer(Answer::exists, "MR RAHUL KUMAR"), kTaken);
  EXPECT_EQ(asked.scene.payout(asked.id).state, PayoutState::sent);
  EXPECT_EQ(asked.scene.payout(asked.id).verified_name, "MR RAHUL KUMAR");
  EXPECT_TRUE(asked.scene.world.tasks_of(TaskKind::verify).empty());
  EXPECT_EQ(asked.scene.world.tasks_of(TaskKind::pay).size(), 1U);
  EXPECT_TRUE(asked.scene.world.happened(asked.id, HistoryKind::beneficiary_verified));
}

TEST(Verify, AnotherNameIsNotPaid) {
  Asked asked;
  EXPECT_EQ(asked.answer(Answer::exists, "PRIYA SHARMA"), kTaken);
  EXPECT_EQ(asked.scene.state(asked.id), LinkState::issued);
  EXPECT_EQ(asked.scene.payout(asked.id).state, PayoutState::refused);
  EXPECT_EQ(asked.scene.payout(asked.id).reason, "name_mismatch");
  EXPECT_EQ(asked.scene.world.money().available, Scene::kDeposited);
  EXPECT_TRUE(asked.scene.world.tasks_of(TaskKind::pay).empty());
  EXPECT_TRUE(asked.scene.world.happened(asked.id, HistoryKind::beneficiary_refused));
  EXPECT_EQ(asked.scene.world.topics(asked.id).back(), Topic::link_attempted);
}

TEST(Verify, WithoutAContactsNameTheHoldersCounts) {
  Asked same("");
  EXPECT_EQ(same.answer(Answer::exists, "RAHUL KUMAR"), kTaken);
  EXPECT_EQ(same.scene.payout(same.id).state, PayoutState::sent);
  Asked other("");
  EXPECT_EQ(other.answer(Answer::exists, "PRIYA SHARMA"), kTaken);
  EXPECT_EQ(other.scene.payout(other.id).state, PayoutState::refused);
}

TEST(Verify, AnAccountThatDoesNotExistIsNotPaid) {
  Asked asked;
  EXPECT_EQ(asked.answer(Answer::missing), kTaken);
  EXPECT_EQ(asked.scene.payout(asked.id).reason, "account_not_found");
  EXPECT_EQ(asked.scene.world.money().available, Scene::kDeposited);
}

TEST(Verify, WhereNobodyIsNamedTheAccountMustStillExist) {
  for (const Answer answer : {Answer::exists, Answer::missing}) {
    Scene scene;
    CreateLink create = Scene::request();
    create.verify_beneficiary = true;
    create.contact_name = "";
    const LinkId id = scene.create(create);
    EXPECT_EQ(scene.world.refusal(scene.to_upi(id, scene.prove(id))), kTaken);
    const Task ask = scene.world.the(TaskKind::verify);
    const AccountVerified said{Scene::kMerchant, scene.payout(id).id, ask.id, answer, ""};
    EXPECT_EQ(scene.world.refusal(said), kTaken);
    EXPECT_EQ(scene.payout(id).state,
              answer == Answer::exists ? PayoutState::sent : PayoutState::refused);
  }
}

TEST(Verify, SilenceIsAskedAgainAndThenTheTryIsGivenUp) {
  Asked asked;
  for (std::uint32_t i = 1; i < limits::kVerifyTries; ++i) {
    ASSERT_EQ(asked.answer(Answer::unknown), kTaken);
    const Task again = asked.scene.world.the(TaskKind::verify);
    EXPECT_EQ(again.tries, i);
    EXPECT_GT(again.due_at, asked.scene.world.now);
    EXPECT_EQ(asked.scene.payout(asked.id).state, PayoutState::created);
    asked.scene.world.now = again.due_at;
  }
  EXPECT_EQ(asked.answer(Answer::unknown), kTaken);
  EXPECT_EQ(asked.scene.payout(asked.id).reason, "verification_unavailable");
  EXPECT_EQ(asked.scene.state(asked.id), LinkState::issued);
  EXPECT_EQ(asked.scene.world.money().available, Scene::kDeposited);
  EXPECT_TRUE(asked.scene.world.tasks_of(TaskKind::verify).empty());
}

TEST(Verify, ASilenceThatNobodyAskedForFailsNothing) {
  Asked asked;
  AccountVerified unasked = asked.said(Answer::unknown);
  unasked.task = {};
  EXPECT_EQ(asked.scene.world.refusal(unasked), kTaken);
  EXPECT_EQ(asked.scene.payout(asked.id).state, PayoutState::created);
  EXPECT_EQ(asked.scene.world.tasks_of(TaskKind::verify).size(), 1U);
}

TEST(Verify, TheSameAnswerTwiceSendsOnce) {
  Asked asked;
  const AccountVerified said = asked.said(Answer::exists, "RAHUL KUMAR");
  EXPECT_EQ(asked.scene.world.refusal(said), kTaken);
  EXPECT_EQ(asked.scene.world.refusal(said), kTaken);
  EXPECT_EQ(asked.scene.world.tasks_of(TaskKind::pay).size(), 1U);
}

TEST(Verify, ALateMismatchDoesNotStopWhatHasLeft) {
  Asked asked;
  const AccountVerified late = asked.said(Answer::exists, "PRIYA SHARMA");
  EXPECT_EQ(asked.answer(Answer::exists, "RAHUL KUMAR"), kTaken);
  EXPECT_EQ(asked.scene.world.refusal(late), kTaken);
  EXPECT_EQ(asked.scene.payout(asked.id).state, PayoutState::sent);
}

TEST(Verify, AMismatchAfterTheDeadlineExpiresTheLink) {
  Scene scene;
  CreateLink create = Scene::request();
  create.verify_beneficiary = true;
  create.expires_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  scene.claim(id);
  scene.world.now = scene.world.now + 1h;
  const Task ask = scene.world.the(TaskKind::verify);
  const AccountVerified said{Scene::kMerchant, scene.payout(id).id, ask.id, Answer::missing, ""};
  EXPECT_EQ(scene.world.refusal(said), kTaken);
  EXPECT_EQ(scene.state(id), LinkState::expired);
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
}

TEST(Verify, AnUnknownPayoutIsRefused) {
  Scene scene;
  EXPECT_EQ(
      scene.world.refusal(AccountVerified{Scene::kMerchant, PayoutId{1}, {}, Answer::exists, "X"}),
      "payout_not_found");
}

}  // namespace
}  // namespace disburse::core
