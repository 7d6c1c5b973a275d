// An event that is rendered late says what was true when it happened.
#include "core/event_view.hpp"

#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

// The view that the relay would load now for the announcement of the topic.
LinkView now_view(const Scene& scene, LinkId id) { return view_of(scene.world, scene.link(id)); }

Task announcement(const Scene& scene, LinkId id, Topic topic) {
  for (const Task& task : scene.world.announced) {
    if (task.link == id && task.topic == topic) return task;
  }
  ADD_FAILURE() << "not announced: " << name(topic);
  return {};
}

TEST(EventView, AnIssuedLinkThatIsPaidByNowIsStillIssued) {
  Scene scene;
  const LinkId id = scene.issue();
  const Instant issued_at = scene.world.now;
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, BankOutcome::settled), "taken");
  const LinkView then = as_it_was(now_view(scene, id), announcement(scene, id, Topic::link_issued));
  EXPECT_EQ(then.link.state, LinkState::issued);
  EXPECT_EQ(then.link.attempts, 0U);
  EXPECT_EQ(then.link.updated_at, issued_at);
  EXPECT_FALSE(then.link.fund_account);
  EXPECT_FALSE(then.link.payout);
  EXPECT_FALSE(then.fund_account);
  EXPECT_FALSE(then.payout);
}

TEST(EventView, AProcessingLinkThatIsPaidByNowKnowsNothingOfTheUtr) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  EXPECT_EQ(scene.bank(id, BankOutcome::settled), "taken");
  const LinkView then =
      as_it_was(now_view(scene, id), announcement(scene, id, Topic::link_processing));
  EXPECT_EQ(then.link.state, LinkState::processing);
  ASSERT_TRUE(then.payout);
  EXPECT_EQ(then.payout->state, PayoutState::sent);
  EXPECT_EQ(then.payout->utr, "");
  EXPECT_FALSE(then.payout->ended_at);
}

TEST(EventView, APaidLinkWhosePayoutIsReversedByNowWasPaid) {
  Scene scene;
  const LinkId id = scene.paid();
  EXPECT_EQ(scene.bank(id, BankOutcome::reversed), "taken");
  const LinkView paid =
      as_it_was(now_view(scene, id), announcement(scene, id, Topic::link_processed));
  EXPECT_EQ(paid.payout->state, PayoutState::settled);
  EXPECT_EQ(paid.payout->utr, "UTR000000001");
  const LinkView reversed =
      as_it_was(now_view(scene, id), announcement(scene, id, Topic::payout_reversed));
  EXPECT_EQ(reversed.payout->state, PayoutState::reversed);
}

TEST(EventView, ALinkThatIsCancelledByNowHadNoCancellationThen) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.cancel(id)), "taken");
  EXPECT_FALSE(as_it_was(now_view(scene, id), announcement(scene, id, Topic::link_issued))
                   .link.cancelled_at);
  EXPECT_TRUE(as_it_was(now_view(scene, id), announcement(scene, id, Topic::link_cancelled))
                  .link.cancelled_at);
}

TEST(EventView, AFailedTryNamesItsOwnAccount) {
  Scene scene;
  const LinkId id = scene.issue();
  const PayoutId first = scene.claim(id);
  const FundAccountId account = scene.link(id).fund_account;
  EXPECT_EQ(scene.bank(id, BankOutcome::refused), "taken");
  scene.claim(id);
  const Task failed = announcement(scene, id, Topic::link_attempted);
  EXPECT_EQ(failed.payout, first);
  LinkView view = now_view(scene, id);
  view.payout = scene.world.payouts.at(first);
  const LinkView then = as_it_was(view, failed);
  EXPECT_EQ(then.link.payout, first);
  EXPECT_EQ(then.link.fund_account, account);
  EXPECT_EQ(then.link.attempts, 1U);
  EXPECT_EQ(then.payout->state, PayoutState::refused);
  EXPECT_EQ(then.payout->reason, "account_closed");
}

TEST(EventView, ALinkThatExpiredSaysWhen) {
  Scene scene;
  CreateLink create = Scene::request();
  create.expires_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  EXPECT_EQ(scene.fire_due(TaskKind::expire_link), "taken");
  const LinkView expired =
      as_it_was(now_view(scene, id), announcement(scene, id, Topic::link_expired));
  EXPECT_EQ(expired.link.expired_at, scene.world.now);
  const LinkView issued =
      as_it_was(now_view(scene, id), announcement(scene, id, Topic::link_issued));
  EXPECT_FALSE(issued.link.expired_at) << "not known then";
}

TEST(EventView, AnyTraceOfAClaimKeepsThePayout) {
  Scene scene;
  const LinkId id = scene.issue();
  scene.claim(id);
  const Task whole = announcement(scene, id, Topic::link_processing);
  Task task = whole;
  task.attempts = 0;
  EXPECT_TRUE(as_it_was(now_view(scene, id), task).payout);
  task.fund_account = {};
  EXPECT_TRUE(as_it_was(now_view(scene, id), task).payout);
  task.payout = {};
  EXPECT_FALSE(as_it_was(now_view(scene, id), task).payout);
}

}  // namespace
}  // namespace disburse::core
