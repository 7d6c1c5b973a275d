// One-time passwords: sending, proving, limits and locks.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kTaken = "taken";

TEST(SendOtp, AMessageIsQueuedAndTheNonceIsFresh) {
  Scene scene;
  const LinkId id = scene.issue();
  const Result<Reply> reply = scene.world.run(scene.send(id));
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<OtpSent>(*reply).expires_at, scene.world.now + limits::kOtpLife);
  const Task task = scene.world.the(TaskKind::notify);
  EXPECT_EQ(task.notice, Notice::otp);
  EXPECT_EQ(task.channel, Channel::sms);
  EXPECT_EQ(task.otp_nonce, scene.link(id).otp.nonce);
  const std::uint64_t first = scene.link(id).otp.nonce;
  scene.world.now = scene.world.now + limits::kOtpSendGap;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  EXPECT_NE(scene.link(id).otp.nonce, first);
}

TEST(SendOtp, NoOtpIsStoredAnywhere) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  const std::string digits = scene.digits(id);
  for (const History& row : scene.world.history)
    EXPECT_EQ(row.note.find(digits), std::string::npos);
  EXPECT_EQ(scene.world.history.back().note, "*******210");
}

TEST(SendOtp, TheNextOneMustWaitHalfAMinute) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  scene.world.now = scene.world.now + limits::kOtpSendGap - 1ms;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), "otp_too_soon");
  scene.world.now = scene.world.now + 1ms;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
}

TEST(SendOtp, ALinkGetsTenInAnHour) {
  Scene scene;
  const LinkId id = scene.issue();
  const Instant first = scene.world.now;
  for (std::uint32_t i = 0; i < limits::kOtpSendsPerLink; ++i) {
    ASSERT_EQ(scene.world.refusal(scene.send(id)), kTaken);
    scene.world.now = scene.world.now + limits::kOtpSendGap;
  }
  EXPECT_EQ(scene.world.refusal(scene.send(id)), "otp_too_many_sends");
  scene.world.now = first + limits::kOtpWindow - 1ms;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), "otp_too_many_sends");
  scene.world.now = first + limits::kOtpWindow;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
}

TEST(SendOtp, AContactGetsTwentyInAnHourHoweverManyLinks) {
  Scene scene;
  for (std::uint32_t i = 0; i < limits::kOtpSendsPerContact; ++i) {
    SendOtp send = Scene::send(scene.issue());
    send.address = "203.0.113." + std::to_string(i);
    ASSERT_EQ(scene.world.refusal(send), kTaken);
  }
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), "otp_too_many_sends");
  CreateLink somebody_else = Scene::request();
  somebody_else.phone = "+919876543211";
  EXPECT_EQ(scene.world.refusal(scene.send(scene.create(somebody_else))), kTaken);
  scene.world.now = scene.world.now + limits::kOtpWindow;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
}

TEST(SendOtp, APhoneWrittenInAnotherWayIsTheSameContact) {
  Scene scene;
  for (std::uint32_t i = 0; i < limits::kOtpSendsPerContact; ++i) {
    CreateLink create = Scene::request();
    create.phone = i % 2 == 0 ? "98765 43210" : "09876543210";
    ASSERT_EQ(scene.world.refusal(scene.send(scene.create(create))), kTaken);
  }
  EXPECT_EQ(scene.world.refusal(scene.send(scene.issue())), "otp_too_many_sends");
}

std::string_view sixty_first_send(bool limit_addresses) {
  Scene scene;
  scene.world.limit_addresses = limit_addresses;
  for (std::uint32_t i = 0; i <= limits::kOtpSendsPerAddress; ++i) {
    CreateLink create = Scene::request();
    create.phone = std::to_string(9'000'000'000 + i);
    const std::string_view answer = scene.world.refusal(scene.send(scene.create(create)));
    if (i == limits::kOtpSendsPerAddress) return answer;
    EXPECT_EQ(answer, kTaken);
  }
  return {};
}

TEST(SendOtp, AnAddressGetsSixtyInAnHourUnlessAddressesAreNotLimited) {
  EXPECT_EQ(sixty_first_send(true), "otp_too_many_sends");
  EXPECT_EQ(sixty_first_send(false), kTaken);
}

TEST(SendOtp, NeitherAddressNorPhoneIsInTheCounters) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(scene.send(scene.issue())), kTaken);
  EXPECT_EQ(scene.world.counters.size(), 2U);
  for (const Counter& counter : scene.world.counters) {
    EXPECT_EQ(counter.key.size(), 16U);
    EXPECT_EQ(counter.key.find("203"), std::string::npos);
    EXPECT_EQ(counter.key.find("9876543210"), std::string::npos);
  }
}

TEST(SendOtp, OnlyOverAChannelThatTheContactHas) {
  Scene scene;
  CreateLink create = Scene::request();
  create.email = "";
  SendOtp send = Scene::send(scene.create(create));
  send.channel = Channel::email;
  EXPECT_EQ(scene.world.refusal(send), "otp_channel_unknown");
}

TEST(SendOtp, ALinkWithoutOtpSendsNone) {
  Scene scene;
  scene.world.settings().otp = OtpRule::as_asked;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), "otp_not_needed");
  EXPECT_EQ(scene.world.refusal(VerifyOtp{{Scene::kMerchant, id}, SecretText("000000"), ""}),
            "otp_not_needed");
}

TEST(SendOtp, ALinkThatIsNotOpenSendsNone) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(scene.send(scene.paid())), "link_processed");
  const LinkId cancelled = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.cancel(cancelled)), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.send(cancelled)), "link_cancelled");
  EXPECT_EQ(scene.world.refusal(scene.send(LinkId{99})), "link_not_found");
  scene.world.settings().approval_above = 1_paise;
  EXPECT_EQ(scene.world.refusal(scene.send(scene.issue())), "link_pending");
  CreateLink create = Scene::request(1_paise);
  create.expires_at = scene.world.now + 1h;
  const LinkId late = scene.create(create);
  scene.world.now = scene.world.now + 1h;
  EXPECT_EQ(scene.world.refusal(scene.send(late)), "link_expired");
}

TEST(VerifyOtp, TheRightOneGivesAClaimToken) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  const Result<Reply> reply = scene.world.run(scene.verify(id));
  ASSERT_TRUE(reply);
  const OtpVerified& verified = std::get<OtpVerified>(*reply);
  EXPECT_EQ(verified.expires_at, scene.world.now + limits::kClaimTokenLife);
  EXPECT_TRUE(
      is_claim_token(scene.world.hash, scene.link(id), verified.claim_token, scene.world.now));
  EXPECT_TRUE(scene.world.happened(id, HistoryKind::otp_verified));
}

TEST(VerifyOtp, WithoutASendThereIsNothingToProve) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(VerifyOtp{{Scene::kMerchant, id}, SecretText("123456"), ""}),
            "otp_not_sent");
}

TEST(VerifyOtp, ItIsGoodForTenMinutes) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  scene.world.now = scene.world.now + limits::kOtpLife;
  EXPECT_EQ(scene.world.refusal(scene.verify(id)), "otp_expired");
  scene.world.now = scene.world.now - 1ms;
  EXPECT_EQ(scene.world.refusal(scene.verify(id)), kTaken);
}

TEST(VerifyOtp, ItIsUsedOnce) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  const VerifyOtp verify = scene.verify(id);
  EXPECT_EQ(scene.world.refusal(verify), kTaken);
  EXPECT_EQ(scene.world.refusal(verify), "otp_not_sent");
}

TEST(VerifyOtp, AnotherSendMakesTheFirstWorthless) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  const VerifyOtp first = scene.verify(id);
  scene.world.now = scene.world.now + limits::kOtpSendGap;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  ASSERT_NE(first.otp, scene.verify(id).otp);
  EXPECT_EQ(scene.world.refusal(first), "otp_wrong");
}

TEST(VerifyOtp, AWrongTryIsRememberedAlthoughItIsRefused) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.wrong(id)), "otp_wrong");
  EXPECT_EQ(scene.link(id).otp.wrong_tries, 1U);
  EXPECT_TRUE(scene.world.happened(id, HistoryKind::otp_wrong));
  for (const std::string_view text : {"", "12345", "1234567"}) {
    EXPECT_EQ(
        scene.world.refusal(VerifyOtp{{Scene::kMerchant, id}, SecretText(std::string(text)), ""}),
        "otp_wrong");
  }
  EXPECT_EQ(scene.link(id).otp.wrong_tries, 4U);
}

TEST(VerifyOtp, AFifthWrongOtpLocksTheLinkForHalfAnHour) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  const VerifyOtp right = scene.verify(id);
  const VerifyOtp wrong = scene.wrong(id);
  for (int i = 0; i < 4; ++i) ASSERT_EQ(scene.world.refusal(wrong), "otp_wrong");
  EXPECT_EQ(scene.world.refusal(wrong), "otp_locked");
  EXPECT_TRUE(scene.world.happened(id, HistoryKind::otp_locked));
  EXPECT_EQ(scene.world.refusal(right), "otp_locked") << "the right one is of no use any more";
  scene.world.now = scene.world.now + limits::kOtpLock - 1ms;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), "otp_locked");
  EXPECT_EQ(scene.world.refusal(right), "otp_locked");
  scene.world.now = scene.world.now + 1ms;
  EXPECT_EQ(scene.world.refusal(right), "otp_not_sent");
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  EXPECT_EQ(scene.link(id).otp.wrong_tries, 0U);
  EXPECT_EQ(scene.world.refusal(scene.verify(id)), kTaken);
}

TEST(VerifyOtp, AskingForAnotherDoesNotForgetTheWrongOnes) {
  Scene scene;
  const LinkId id = scene.issue();
  for (int i = 0; i < 4; ++i) {
    scene.world.now = scene.world.now + limits::kOtpSendGap;
    EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
    EXPECT_EQ(scene.world.refusal(scene.wrong(id)), "otp_wrong");
  }
  scene.world.now = scene.world.now + limits::kOtpSendGap;
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.wrong(id)), "otp_locked");
}

TEST(VerifyOtp, TheRightOneForgetsTheWrongOnes) {
  Scene scene;
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.wrong(id)), "otp_wrong");
  EXPECT_EQ(scene.world.refusal(scene.verify(id)), kTaken);
  EXPECT_EQ(scene.link(id).otp.wrong_tries, 0U);
}

TEST(VerifyOtp, AContactHasThirtyTriesInAnHourOverAllLinks) {
  Scene scene;
  std::uint32_t tries = 0;
  while (tries < limits::kOtpTriesPerContact) {
    const LinkId id = scene.issue();
    EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
    for (int i = 0; i < 4 && tries < limits::kOtpTriesPerContact; ++i, ++tries) {
      ASSERT_EQ(scene.world.refusal(scene.wrong(id)), "otp_wrong") << tries;
    }
  }
  const LinkId id = scene.issue();
  EXPECT_EQ(scene.world.refusal(scene.send(id)), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.verify(id)), "otp_locked");
}

TEST(VerifyOtp, AnAddressHasAHundredAndTwentyTriesInAnHour) {
  Scene scene;
  for (std::uint32_t i = 0; i < limits::kOtpTriesPerAddress; ++i) {
    CreateLink create = Scene::request();
    create.phone = std::to_string(9'000'000'000 + i);
    const LinkId id = scene.create(create);
    SendOtp send = Scene::send(id);
    send.address = "";
    ASSERT_EQ(scene.world.refusal(send), kTaken);
    ASSERT_EQ(scene.world.refusal(scene.wrong(id)), "otp_wrong");
  }
  const LinkId id = scene.issue();
  SendOtp send = Scene::send(id);
  send.address = "";
  EXPECT_EQ(scene.world.refusal(send), kTaken);
  EXPECT_EQ(scene.world.refusal(scene.verify(id)), "otp_locked");
  VerifyOtp from_elsewhere = scene.verify(id);
  from_elsewhere.address = "198.51.100.1";
  EXPECT_EQ(scene.world.refusal(from_elsewhere), kTaken);
}

TEST(LateKeys, TheCountersOfContactAndAddressAreAskedFor) {
  Scene scene;
  const LinkId id = scene.issue();
  for (const Command& command :
       {Command{scene.send(id)}, Command{VerifyOtp{{Scene::kMerchant, id}, {}, "203.0.113.9"}}}) {
    Keys keys;
    add_late_keys(command, scene.world, scene.world.hash, keys);
    ASSERT_EQ(keys.counters.size(), 2U);
    scene.world.now = scene.world.now + limits::kOtpSendGap;
    if (std::holds_alternative<VerifyOtp>(command)) {
      EXPECT_EQ(scene.world.refusal(scene.wrong(id)), "otp_wrong");
    } else {
      EXPECT_EQ(scene.world.refusal(command), kTaken);
    }
    // What is asked for is what is counted.
    for (const auto& key : keys.counters)
      EXPECT_NE(scene.world.counter(key.merchant, key.key), nullptr);
  }
}

TEST(LateKeys, OfALinkThatIsNotThereOnlyTheAddressIsCounted) {
  Scene scene;
  const LinkId id = scene.issue();
  const auto counted = [&scene](const Command& command) {
    Keys keys;
    add_late_keys(command, scene.world, scene.world.hash, keys);
    return keys.counters.size();
  };
  EXPECT_EQ(counted(SendOtp{{Scene::kMerchant, id}, Channel::sms, ""}), 1U) << "the contact";
  EXPECT_EQ(counted(SendOtp{{Scene::kMerchant, LinkId{5}}, Channel::sms, "203.0.113.9"}), 1U);
  EXPECT_EQ(counted(SendOtp{{Scene::kMerchant, LinkId{5}}, Channel::sms, ""}), 0U);
  EXPECT_EQ(counted(scene.cancel(id)), 0U);
}

TEST(SendOtp, AContactWithoutAPhoneProvesItselfByEmail) {
  Scene scene;
  CreateLink create = Scene::request();
  create.phone = "";
  const LinkId id = scene.create(create);
  EXPECT_EQ(scene.world.refusal(scene.send(id)), "otp_channel_unknown");
  SendOtp send = scene.send(id);
  send.channel = Channel::email;
  EXPECT_EQ(scene.world.refusal(send), kTaken);
  EXPECT_EQ(scene.world.the(TaskKind::notify).channel, Channel::email);
  EXPECT_EQ(scene.world.history.back().note.find("rahul@example.com"), std::string::npos)
      << "the address is masked";
  EXPECT_EQ(scene.world.refusal(scene.verify(id)), kTaken);
}

}  // namespace
}  // namespace disburse::core
