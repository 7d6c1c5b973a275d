// Cancelling, extending, approving, rejecting and sending again, from each state.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

// A scene with a link in the state.
struct Staged {
  Scene scene;
  LinkId id;
};

Staged staged(LinkState state) {
  Staged out;
  Scene& scene = out.scene;
  CreateLink create = Scene::request();
  create.expires_at = scene.world.now + 24h;
  if (state == LinkState::pending || state == LinkState::rejected)
    scene.world.settings().approval_above = 1_paise;
  if (state == LinkState::scheduled) create.activates_at = scene.world.now + 1h;
  out.id = scene.create(create);
  const LinkRef ref{out.id, {}};
  if (state == LinkState::processing || state == LinkState::processed) scene.claim(out.id);
  if (state == LinkState::processed) {
    EXPECT_EQ(scene.bank(out.id, BankOutcome::settled), "taken");
  }
  if (state == LinkState::cancelled) {
    EXPECT_EQ(scene.world.refusal(scene.cancel(out.id)), "taken");
  }
  if (state == LinkState::rejected) {
    EXPECT_EQ(scene.world.refusal(RejectLink{Scene::kMerchant, ref, "house", "no"}), "taken");
  }
  if (state == LinkState::expired) {
    EXPECT_EQ(scene.fire_due(TaskKind::expire_link), "taken");
  }
  EXPECT_EQ(scene.state(out.id), state);
  return out;
}

struct Row {
  LinkState state;
  std::string_view answer;
};

using enum LinkState;

TEST(Cancel, BeforeTheClaimEveryOpenLinkCanBeCancelled) {
  for (const Row& row : {Row{pending, "taken"},
                         {scheduled, "taken"},
                         {issued, "taken"},
                         {processing, "link_processing"},
                         {processed, "link_processed"},
                         {cancelled, "link_cancelled"},
                         {rejected, "link_rejected"},
                         {expired, "link_expired"}}) {
    Staged at = staged(row.state);
    EXPECT_EQ(at.scene.world.refusal(at.scene.cancel(at.id)), row.answer) << name(row.state);
    EXPECT_EQ(at.scene.state(at.id), row.answer == "taken" ? cancelled : row.state);
  }
}

TEST(Cancel, UnderTheStricterRuleOnlyAnIssuedLinkCan) {
  for (const Row& row : {Row{pending, "link_pending"},
                         {scheduled, "link_scheduled"},
                         {issued, "taken"},
                         {processing, "link_processing"},
                         {processed, "link_processed"},
                         {cancelled, "link_cancelled"},
                         {rejected, "link_rejected"},
                         {expired, "link_expired"}}) {
    Staged at = staged(row.state);
    EXPECT_EQ(at.scene.world.refusal(at.scene.cancel(at.id, CancelRule::issued_only)), row.answer)
        << name(row.state);
  }
}

TEST(Cancel, ItIsToldDatedAndClosesTheOtp) {
  Staged at = staged(issued);
  EXPECT_EQ(at.scene.world.refusal(at.scene.send(at.id)), "taken");
  EXPECT_EQ(at.scene.world.refusal(at.scene.cancel(at.id)), "taken");
  EXPECT_EQ(at.scene.link(at.id).cancelled_at, at.scene.world.now);
  EXPECT_EQ(at.scene.link(at.id).otp.nonce, 0U);
  EXPECT_EQ(at.scene.world.topics(at.id), (std::vector{Topic::link_issued, Topic::link_cancelled}));
}

TEST(Cancel, AfterTheDeadlineItIsTooLateAlsoBeforeTheTimerHasRun) {
  Staged at = staged(issued);
  at.scene.world.now = at.scene.world.now + 24h;
  EXPECT_EQ(at.scene.world.refusal(at.scene.cancel(at.id)), "link_expired");
}

TEST(Cancel, WhatWasHeldAtIssueIsGivenBack) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.money().held, 10'000);
  EXPECT_EQ(scene.world.refusal(scene.cancel(id)), "taken");
  EXPECT_EQ(scene.world.money().held, 0);
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
  EXPECT_FALSE(scene.link(id).held);
}

TEST(Cancel, AnotherMerchantsLinkIsNotThere) {
  Staged at = staged(issued);
  CancelLink cancel = at.scene.cancel(at.id);
  cancel.merchant = MerchantId{2};
  EXPECT_EQ(at.scene.world.refusal(cancel), "link_not_found");
  cancel = at.scene.cancel(LinkId{12'345});
  EXPECT_EQ(at.scene.world.refusal(cancel), "link_not_found");
}

TEST(Cancel, AReferenceNamesTheNewestLinkWithIt) {
  Scene scene;
  CreateLink create = Scene::request();
  create.reference = "R1";
  const LinkId older = scene.create(create);
  const LinkId newer = scene.create(create);
  CancelLink cancel{Scene::kMerchant, {LinkId{}, "R1"}, CancelRule::before_claim, "house"};
  EXPECT_EQ(scene.world.refusal(cancel), "taken");
  EXPECT_EQ(scene.state(older), issued);
  EXPECT_EQ(scene.state(newer), cancelled);
  cancel.link.reference = "R2";
  EXPECT_EQ(scene.world.refusal(cancel), "link_not_found");
}

TEST(Extend, OpenLinksCanBeExtendedAndOthersNot) {
  for (const Row& row : {Row{pending, "taken"},
                         {scheduled, "taken"},
                         {issued, "taken"},
                         {processing, "link_processing"},
                         {processed, "link_processed"},
                         {cancelled, "link_cancelled"},
                         {rejected, "link_rejected"},
                         {expired, "link_expired"}}) {
    Staged at = staged(row.state);
    const Instant later = at.scene.world.now + 48h;
    EXPECT_EQ(at.scene.world.refusal(ExtendLink{Scene::kMerchant, {at.id, {}}, later, "house"}),
              row.answer)
        << name(row.state);
    EXPECT_EQ(at.scene.state(at.id), row.state);
    if (row.answer == "taken") {
      EXPECT_EQ(at.scene.link(at.id).expires_at, later);
    }
  }
}

TEST(Extend, TheNewDeadlineMustBeLaterThanTheOldAndAhead) {
  Staged at = staged(issued);
  const Instant now = at.scene.world.now;
  const auto extend = [&](Instant to) {
    return at.scene.world.refusal(ExtendLink{Scene::kMerchant, {at.id, {}}, to, "house"});
  };
  EXPECT_EQ(extend(now), "expiry_invalid");
  EXPECT_EQ(extend(now + limits::kLongestLinkLife + 1ms), "expiry_invalid");
  EXPECT_EQ(extend(now + 23h), "expiry_not_later");
  EXPECT_EQ(extend(now + 24h), "expiry_not_later");
  EXPECT_EQ(extend(now + 24h + 1ms), "taken");
}

TEST(Extend, ALinkPastItsDeadlineStaysExpired) {
  Staged at = staged(issued);
  at.scene.world.now = at.scene.world.now + 24h;
  const ExtendLink extend{Scene::kMerchant, {at.id, {}}, at.scene.world.now + 1h, "house"};
  EXPECT_EQ(at.scene.world.refusal(extend), "link_expired");
}

TEST(Approve, OnlyAPendingLinkCanBeApprovedOrRejected) {
  for (const Row& row : {Row{pending, "taken"},
                         {scheduled, "link_scheduled"},
                         {issued, "link_not_issued"},
                         {processing, "link_processing"},
                         {processed, "link_processed"},
                         {cancelled, "link_cancelled"},
                         {rejected, "link_rejected"},
                         {expired, "link_expired"}}) {
    Staged at = staged(row.state);
    EXPECT_EQ(at.scene.world.refusal(ApproveLink{Scene::kMerchant, {at.id, {}}, "house"}),
              row.answer)
        << name(row.state);
    at = staged(row.state);
    EXPECT_EQ(at.scene.world.refusal(RejectLink{Scene::kMerchant, {at.id, {}}, "house", "no"}),
              row.answer)
        << name(row.state);
  }
}

TEST(Approve, AnApprovedLinkIsIssuedAndToldToItsContact) {
  Scene scene;
  scene.world.settings().approval_above = 1_paise;
  CreateLink create = Scene::request();
  create.send_sms = true;
  const LinkId id = scene.create(create);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::notify).empty());
  EXPECT_EQ(scene.world.refusal(ApproveLink{Scene::kMerchant, {id, {}}, "house"}), "taken");
  EXPECT_EQ(scene.world.topics(id), (std::vector{Topic::link_pending, Topic::link_issued}));
  EXPECT_EQ(scene.world.tasks_of(TaskKind::notify).size(), 1U);
}

TEST(Approve, BeforeItsTimeAnApprovedLinkIsScheduled) {
  Scene scene;
  scene.world.settings().approval_above = 1_paise;
  CreateLink create = Scene::request();
  create.activates_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::activate_link).empty());
  EXPECT_EQ(scene.world.refusal(ApproveLink{Scene::kMerchant, {id, {}}, "house"}), "taken");
  EXPECT_EQ(scene.state(id), scheduled);
  EXPECT_EQ(scene.fire_due(TaskKind::activate_link), "taken");
  EXPECT_EQ(scene.state(id), issued);
}

TEST(Approve, AfterItsTimeAnApprovedLinkIsIssuedAtOnce) {
  Scene scene;
  scene.world.settings().approval_above = 1_paise;
  CreateLink create = Scene::request();
  create.activates_at = scene.world.now + 1h;
  const LinkId id = scene.create(create);
  scene.world.now = scene.world.now + 2h;
  EXPECT_EQ(scene.world.refusal(ApproveLink{Scene::kMerchant, {id, {}}, "house"}), "taken");
  EXPECT_EQ(scene.state(id), issued);
}

TEST(Approve, AfterItsDeadlineAPendingLinkIsExpired) {
  Staged at = staged(pending);
  at.scene.world.now = at.scene.world.now + 24h;
  EXPECT_EQ(at.scene.world.refusal(ApproveLink{Scene::kMerchant, {at.id, {}}, "house"}),
            "link_expired");
  EXPECT_EQ(at.scene.world.refusal(RejectLink{Scene::kMerchant, {at.id, {}}, "house", ""}),
            "link_expired");
}

TEST(Reject, WhatWasHeldAtIssueIsGivenBackAndTheReasonKept) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  scene.world.settings().approval_above = 1_paise;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(RejectLink{Scene::kMerchant, {id, {}}, "house", "too much"}),
            "taken");
  EXPECT_EQ(scene.world.money().held, 0);
  EXPECT_EQ(scene.world.history.back().note, "too much");
  EXPECT_EQ(scene.world.topics(id).back(), Topic::link_rejected);
}

TEST(Notify, OnlyAnIssuedLinkIsSentAgain) {
  for (const Row& row : {Row{pending, "link_pending"},
                         {scheduled, "link_scheduled"},
                         {issued, "taken"},
                         {processing, "link_processing"},
                         {processed, "link_processed"},
                         {cancelled, "link_cancelled"},
                         {rejected, "link_rejected"},
                         {expired, "link_expired"}}) {
    Staged at = staged(row.state);
    EXPECT_EQ(at.scene.world.refusal(NotifyLink{Scene::kMerchant, {at.id, {}}, "house"}),
              row.answer)
        << name(row.state);
  }
}

TEST(Notify, ItGoesToEveryContactWhateverTheLinksOwnSwitchesSay) {
  Scene scene;
  const LinkId id = scene.issue();
  const Result<Reply> reply = scene.world.run(NotifyLink{Scene::kMerchant, {id, {}}, "house"});
  ASSERT_TRUE(reply);
  EXPECT_TRUE(std::get<Notified>(*reply).sms);
  EXPECT_TRUE(std::get<Notified>(*reply).email);
  EXPECT_EQ(scene.world.tasks_of(TaskKind::notify).size(), 2U);
  EXPECT_FALSE(scene.link(id).send_sms);
  EXPECT_FALSE(scene.link(id).send_email);
  EXPECT_EQ(scene.link(id).notices, 1U);
}

TEST(Notify, WithoutAContactThereIsNobodyToSendTo) {
  Scene scene;
  CreateLink create = Scene::request();
  create.phone = create.email = "";
  const LinkId id = scene.create(create);
  EXPECT_EQ(scene.world.refusal(NotifyLink{Scene::kMerchant, {id, {}}, "house"}),
            "contact_missing");
}

TEST(Notify, ALinkIsSentFiftyTimesAndNoMore) {
  Scene scene;
  const LinkId id = scene.issue();
  const NotifyLink notify{Scene::kMerchant, {id, {}}, "house"};
  for (std::uint32_t i = 0; i < limits::kNoticesPerLink; ++i)
    ASSERT_EQ(scene.world.refusal(notify), "taken");
  EXPECT_EQ(scene.world.refusal(notify), "too_many_requests");
}

TEST(ExpiryTimer, AnOpenLinkExpiresAndGivesBackWhatWasHeld) {
  for (const LinkState state : {pending, scheduled, issued}) {
    Scene scene;
    scene.world.settings().hold = HoldAt::issue;
    CreateLink create = Scene::request();
    create.expires_at = scene.world.now + 24h;
    if (state == pending) scene.world.settings().approval_above = 1_paise;
    if (state == scheduled) create.activates_at = scene.world.now + 23h;
    const LinkId id = scene.create(create);
    ASSERT_EQ(scene.state(id), state);
    EXPECT_EQ(scene.fire_due(TaskKind::expire_link), "taken");
    EXPECT_EQ(scene.state(id), expired);
    EXPECT_EQ(scene.link(id).expired_at, scene.world.now);
    EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
    EXPECT_EQ(scene.world.topics(id).back(), Topic::link_expired);
    EXPECT_TRUE(scene.world.tasks_of(TaskKind::expire_link).empty());
  }
}

TEST(ExpiryTimer, AnExtendedLinkOutlivesItsFirstTimer) {
  Staged at = staged(issued);
  const Task first = at.scene.world.the(TaskKind::expire_link);
  EXPECT_EQ(
      at.scene.world.refusal(ExtendLink{Scene::kMerchant, {at.id, {}}, first.due_at + 1h, "house"}),
      "taken");
  at.scene.world.now = first.due_at;
  EXPECT_EQ(at.scene.fire(first), "taken");
  EXPECT_EQ(at.scene.state(at.id), issued);
  EXPECT_EQ(at.scene.fire_due(TaskKind::expire_link), "taken");
  EXPECT_EQ(at.scene.state(at.id), expired);
}

TEST(ExpiryTimer, OneThatRunsBeforeItsTimeStaysAndRunsLater) {
  Staged at = staged(issued);
  EXPECT_EQ(at.scene.fire(at.scene.world.the(TaskKind::expire_link)), "taken");
  EXPECT_EQ(at.scene.state(at.id), issued);
  EXPECT_EQ(at.scene.fire_due(TaskKind::expire_link), "taken");
  EXPECT_EQ(at.scene.state(at.id), expired);
}

TEST(ExpiryTimer, WhatIsBeingPaidOrDoneDoesNotExpire) {
  for (const LinkState state : {processing, processed, cancelled, rejected}) {
    Staged at = staged(state);
    const std::size_t told = at.scene.world.announced.size();
    EXPECT_EQ(at.scene.fire_due(TaskKind::expire_link), "taken");
    EXPECT_EQ(at.scene.state(at.id), state);
    EXPECT_EQ(at.scene.world.announced.size(), told);
  }
}

TEST(ExpiryTimer, ATimerThatHasRunDoesNothingAgain) {
  Staged at = staged(issued);
  const Task timer = at.scene.world.the(TaskKind::expire_link);
  at.scene.world.now = timer.due_at;
  EXPECT_EQ(at.scene.fire(timer), "taken");
  EXPECT_EQ(at.scene.fire(timer), "taken");
  EXPECT_TRUE(at.scene.world.last.empty());
}

TEST(ActivationTimer, AScheduledLinkIsIssuedAndToldToItsContact) {
  Scene scene;
  CreateLink create = Scene::request();
  create.activates_at = scene.world.now + 1h;
  create.send_sms = true;
  const LinkId id = scene.create(create);
  EXPECT_EQ(scene.fire_due(TaskKind::activate_link), "taken");
  EXPECT_EQ(scene.state(id), issued);
  EXPECT_EQ(scene.world.tasks_of(TaskKind::notify).size(), 1U);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::activate_link).empty());
}

TEST(ActivationTimer, OneThatRunsBeforeItsTimeStaysAndRunsLater) {
  Staged at = staged(scheduled);
  EXPECT_EQ(at.scene.fire(at.scene.world.the(TaskKind::activate_link)), "taken");
  EXPECT_EQ(at.scene.state(at.id), scheduled);
  EXPECT_EQ(at.scene.fire_due(TaskKind::activate_link), "taken");
  EXPECT_EQ(at.scene.state(at.id), issued);
}

TEST(ActivationTimer, ACancelledLinkIsNotWokenAgain) {
  Staged at = staged(scheduled);
  EXPECT_EQ(at.scene.world.refusal(at.scene.cancel(at.id)), "taken");
  EXPECT_EQ(at.scene.fire_due(TaskKind::activate_link), "taken");
  EXPECT_EQ(at.scene.state(at.id), cancelled);
}

TEST(ActivationTimer, OneThatRunsAfterTheDeadlineDoesNotIssueTheLink) {
  Staged at = staged(scheduled);
  at.scene.world.now = at.scene.world.now + 24h;
  EXPECT_EQ(at.scene.fire(at.scene.world.the(TaskKind::activate_link)), "taken");
  EXPECT_EQ(at.scene.state(at.id), scheduled);
  EXPECT_EQ(at.scene.fire_due(TaskKind::expire_link), "taken");
  EXPECT_EQ(at.scene.state(at.id), expired);
}

TEST(ActivationTimer, ALinkWhoseTimeHasComeCountsAsIssuedBeforeItRuns) {
  Staged at = staged(scheduled);
  at.scene.world.now = at.scene.world.now + 1h;
  EXPECT_EQ(at.scene.world.refusal(at.scene.send(at.id)), "taken");
  EXPECT_EQ(at.scene.state(at.id), issued);
  EXPECT_EQ(at.scene.world.topics(at.id).back(), Topic::link_issued);
  EXPECT_EQ(at.scene.fire(at.scene.world.the(TaskKind::activate_link)), "taken");
  EXPECT_EQ(at.scene.world.topics(at.id).size(), 2U) << "told once";
}

}  // namespace
}  // namespace disburse::core
