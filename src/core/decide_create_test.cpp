#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

std::string_view refusal(const CreateLink& create) {
  Scene scene;
  const std::string_view code = scene.world.refusal(create);
  EXPECT_EQ(scene.world.links.size(), code == "taken" ? 1U : 0U);
  return code;
}

template <class Change>
std::string_view refusal_after(Change change) {
  CreateLink create = Scene::request();
  change(create);
  return refusal(create);
}

TEST(Create, ALinkIsIssuedWithItsContactAndTold) {
  Scene scene;
  const LinkId id = scene.issue();
  const Link& link = scene.link(id);
  EXPECT_EQ(link.state, LinkState::issued);
  EXPECT_EQ(link.version, 1U);
  EXPECT_EQ(link.created_at, scene.world.now);
  EXPECT_EQ(scene.world.contacts.at(link.contact).phone, "+919876543210");
  EXPECT_EQ(scene.world.topics(id), std::vector{Topic::link_issued});
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::expire_link).empty());
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
}

TEST(Create, ItTellsTheContactByTheChannelsAskedFor) {
  Scene scene;
  CreateLink create = Scene::request();
  create.send_sms = true;
  scene.create(create);
  EXPECT_EQ(scene.world.the(TaskKind::notify).channel, Channel::sms);
  create.send_email = true;
  const LinkId both = scene.create(create);
  EXPECT_EQ(scene.world.tasks_of(TaskKind::notify).size(), 3U);
  EXPECT_TRUE(scene.world.happened(both, HistoryKind::notified));
}

TEST(Create, WhatTheHistorySaysOfContactsIsMasked) {
  Scene scene;
  CreateLink create = Scene::request();
  create.send_sms = create.send_email = true;
  scene.create(create);
  for (const History& row : scene.world.history) {
    EXPECT_EQ(row.note.find("9876543"), std::string::npos) << row.note;
    EXPECT_EQ(row.note.find("rahul@"), std::string::npos) << row.note;
  }
}

TEST(Create, TheSumMustBeAboveZeroAndNotAboveTheLargest) {
  EXPECT_EQ(refusal(Scene::request(0_paise)), "amount_invalid");
  EXPECT_EQ(refusal(Scene::request(1_paise)), "taken");
  const Money most = *Money::from_paise(limits::kLargestLinkPaise);
  EXPECT_EQ(refusal(Scene::request(most)), "taken");
  EXPECT_EQ(refusal(Scene::request(*add(most, 1_paise))), "amount_too_large");
}

TEST(Create, FieldsThatAreTooLongAreRefused) {
  EXPECT_EQ(refusal_after([](auto& c) { c.reference = std::string(40, 'r'); }), "taken");
  EXPECT_EQ(refusal_after([](auto& c) { c.reference = std::string(41, 'r'); }),
            "reference_too_long");
  EXPECT_EQ(refusal_after([](auto& c) { c.contact_name = std::string(101, 'n'); }),
            "field_too_long");
  EXPECT_EQ(refusal_after([](auto& c) { c.description = std::string(501, 'd'); }),
            "field_too_long");
  EXPECT_EQ(refusal_after([](auto& c) { c.purpose = std::string(41, 'p'); }), "field_too_long");
}

TEST(Create, FieldsWithControlCharactersAreRefused) {
  EXPECT_EQ(refusal_after([](auto& c) { c.reference = "a\x01"; }), "field_invalid");
  EXPECT_EQ(refusal_after([](auto& c) { c.contact_name = "\xff"; }), "field_invalid");
  EXPECT_EQ(refusal_after([](auto& c) { c.description = "two\nlines"; }), "taken");
}

TEST(Create, AContactThatCannotBeReachedIsRefused) {
  EXPECT_EQ(refusal_after([](auto& c) { c.phone = "12ab"; }), "phone_invalid");
  EXPECT_EQ(refusal_after([](auto& c) { c.email = "rahul"; }), "email_invalid");
}

TEST(Create, NotesHaveTheirLimits) {
  const auto notes = [](std::size_t count, std::size_t key, std::size_t value) {
    return refusal_after([&](auto& c) {
      c.notes = Notes(count, {std::string(key, 'k'), std::string(value, 'v')});
    });
  };
  EXPECT_EQ(notes(15, 256, 512), "taken");
  EXPECT_EQ(notes(16, 1, 1), "notes_too_many");
  EXPECT_EQ(notes(1, 257, 1), "notes_too_long");
  EXPECT_EQ(notes(1, 1, 513), "notes_too_long");
  EXPECT_EQ(refusal_after([](auto& c) { c.notes = {{"k", "\x02"}}; }), "field_invalid");
  EXPECT_EQ(refusal_after([](auto& c) { c.notes = {{"\x02", "v"}}; }), "field_invalid");
}

TEST(Create, AnExpiryMustLieAheadAndNotTooFar) {
  const Instant now = Scene().world.now;
  EXPECT_EQ(refusal_after([&](auto& c) { c.expires_at = now; }), "expiry_invalid");
  EXPECT_EQ(refusal_after([&](auto& c) { c.expires_at = now - 1ms; }), "expiry_invalid");
  EXPECT_EQ(refusal_after([&](auto& c) { c.expires_at = now + 1ms; }), "taken");
  // Whole seconds count: exactly the dialect's least life is enough.
  const auto lives = [&](auto& c, Duration least, Duration life) {
    c.least_life = least;
    c.expires_at = Instant::from_seconds((now + life).seconds());
  };
  EXPECT_EQ(refusal_after([&](auto& c) { lives(c, 15min, 15min); }), "taken");
  EXPECT_EQ(refusal_after([&](auto& c) { lives(c, 15min, 15min - 1s); }), "expiry_invalid");
  EXPECT_EQ(refusal_after([&](auto& c) { c.expires_at = now + limits::kLongestLinkLife + 1ms; }),
            "expiry_invalid");
}

TEST(Create, AnActivationMustLieBeforeTheExpiry) {
  const Instant now = Scene().world.now;
  const auto times = [&](Duration activation, Duration expiry) {
    return refusal_after([&](auto& c) {
      c.activates_at = now + activation;
      c.expires_at = now + expiry;
    });
  };
  EXPECT_EQ(times(1h, 2h), "taken");
  EXPECT_EQ(times(1h, 1h), "activation_invalid");
  EXPECT_EQ(times(2h, 1h), "activation_invalid");
}

TEST(Create, AnUnknownMerchantIsRefused) {
  EXPECT_EQ(refusal_after([](auto& c) { c.merchant = MerchantId{99}; }), "merchant_not_found");
}

TEST(Create, AUniqueReferenceIsTakenOnce) {
  Scene scene;
  CreateLink create = Scene::request();
  create.reference = "R1";
  create.reference_unique = true;
  scene.create(create);
  EXPECT_EQ(scene.world.refusal(create), "reference_taken");
  create.reference_unique = false;
  EXPECT_EQ(scene.world.refusal(create), "taken");
  create.reference_unique = true;
  create.reference = "R2";
  EXPECT_EQ(scene.world.refusal(create), "taken");
}

TEST(Create, OnlyAReferenceThatMustBeUniqueIsToldToTheStoreAsTaken) {
  Scene scene;
  CreateLink create = Scene::request();
  create.reference = "R1";
  scene.create(create);
  EXPECT_TRUE(scene.world.last.references_taken.empty());
  create.reference = "R2";
  create.reference_unique = true;
  scene.create(create);
  EXPECT_EQ(scene.world.last.references_taken,
            (std::vector{std::pair(Scene::kMerchant, std::string("R2"))}));
}

TEST(Create, WithoutAReferenceNothingIsTaken) {
  Scene scene;
  CreateLink create = Scene::request();
  create.reference_unique = true;
  scene.create(create);
  EXPECT_EQ(scene.world.refusal(create), "taken");
}

TEST(Create, AnExistingContactIsUsedAndAnotherMerchantsIsNot) {
  Scene scene;
  const ContactId contact = scene.link(scene.issue()).contact;
  CreateLink again = Scene::request();
  again.contact_id = contact;
  again.contact_name = again.phone = again.email = "";
  EXPECT_EQ(scene.link(scene.create(again)).contact, contact);
  EXPECT_EQ(scene.world.contacts.size(), 1U);
  EXPECT_TRUE(scene.world.run(CreateMerchant{
      .name = "Other", .account_number = {}, .settings = {}, .allowed_addresses = {}}));
  again.merchant = MerchantId{2};
  EXPECT_EQ(scene.world.refusal(again), "contact_not_found");
}

TEST(Create, AboveTheMerchantsSumALinkWaitsForApproval) {
  Scene scene;
  scene.world.settings().approval_above = 5'000_paise;
  EXPECT_EQ(scene.state(scene.issue(5'000_paise)), LinkState::issued);
  const LinkId id = scene.issue(5'001_paise);
  EXPECT_EQ(scene.state(id), LinkState::pending);
  EXPECT_EQ(scene.world.topics(id), std::vector{Topic::link_pending});
  CreateLink skipping = Scene::request(5'001_paise);
  skipping.skip_approval = true;
  EXPECT_EQ(scene.state(scene.create(skipping)), LinkState::issued);
}

TEST(Create, ALinkForLaterIsScheduledAndTellsNobodyYet) {
  Scene scene;
  CreateLink create = Scene::request();
  create.activates_at = scene.world.now + 1h;
  create.send_sms = true;
  const LinkId id = scene.create(create);
  EXPECT_EQ(scene.state(id), LinkState::scheduled);
  EXPECT_EQ(scene.world.topics(id), std::vector{Topic::link_scheduled});
  EXPECT_EQ(scene.world.the(TaskKind::activate_link).due_at, scene.world.now + 1h);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::notify).empty());
}

TEST(Create, AnActivationThatHasPassedIsAtOnce) {
  Scene scene;
  CreateLink create = Scene::request();
  create.activates_at = scene.world.now;
  EXPECT_EQ(scene.state(scene.create(create)), LinkState::issued);
}

TEST(Create, ADeadlineHasATimer) {
  Scene scene;
  CreateLink create = Scene::request();
  create.expires_at = scene.world.now + 1h;
  scene.create(create);
  EXPECT_EQ(scene.world.the(TaskKind::expire_link).due_at, scene.world.now + 1h);
}

TEST(Create, HeldAtIssueTheMoneyIsPromisedAtOnce) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  const LinkId id = scene.issue(10'000_paise);
  EXPECT_TRUE(scene.link(id).held);
  EXPECT_EQ(scene.world.money().held, 10'000);
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited - 10'000);
}

TEST(Create, HeldAtIssueALowBalanceRefusesTheLink) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  EXPECT_EQ(scene.world.refusal(Scene::request(*Money::from_paise(Scene::kDeposited + 1))),
            "balance_too_low");
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
  EXPECT_EQ(scene.world.refusal(Scene::request(*Money::from_paise(Scene::kDeposited))), "taken");
  EXPECT_EQ(scene.world.money().available, 0);
}

TEST(Create, ALinkThatWaitsForApprovalIsHeldForToo) {
  Scene scene;
  scene.world.settings().hold = HoldAt::issue;
  scene.world.settings().approval_above = 1_paise;
  EXPECT_EQ(scene.state(scene.issue()), LinkState::pending);
  EXPECT_EQ(scene.world.money().held, 10'000);
}

struct OtpCase {
  OtpRule rule;
  std::optional<bool> asked;
  bool contact;
  bool needed;
};

TEST(Create, WhetherAnOtpIsNeededFollowsTheMerchantsRule) {
  const OtpCase cases[] = {
      {OtpRule::always, std::nullopt, true, true}, {OtpRule::always, false, true, true},
      {OtpRule::always, true, false, false},       {OtpRule::as_asked, std::nullopt, true, false},
      {OtpRule::as_asked, true, true, true},       {OtpRule::as_asked, false, true, false},
      {OtpRule::as_asked, true, false, false}};
  for (const OtpCase& row : cases) {
    Scene scene;
    scene.world.settings().otp = row.rule;
    CreateLink create = Scene::request();
    create.otp_required = row.asked;
    if (!row.contact) create.phone = create.email = "";
    EXPECT_EQ(scene.link(scene.create(create)).otp_required, row.needed);
  }
}

}  // namespace
}  // namespace disburse::core
