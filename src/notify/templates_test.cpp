#include "notify/templates.hpp"

#include <gtest/gtest.h>

#include "notify/captured.hpp"
#include "wire/json.hpp"

namespace disburse::notify {
namespace {

Facts facts(core::Notice notice, core::Channel channel) {
  Facts made;
  made.notice = notice;
  made.channel = channel;
  made.id = "77";
  made.to = channel == core::Channel::sms ? "+91 98765-43210" : "Gaurav.Kumar@Example.com";
  made.merchant_name = "Acme Refunds";
  made.amount = *core::Money::from_paise(12'345'650);
  made.url = "https://pay.example.com/i/abc";
  made.otp = core::SecretText("123456");
  made.otp_life = std::chrono::minutes(10);
  made.at = core::Instant::from_seconds(1'705'293'000);
  return made;
}

constexpr core::Notice kNotices[] = {core::Notice::link_issued, core::Notice::otp,
                                     core::Notice::link_paid, core::Notice::link_failed};

TEST(Templates, EachNoticeHasATextForEachChannelWithEverythingFilledIn) {
  for (const core::Notice notice : kNotices) {
    for (const core::Channel channel : {core::Channel::sms, core::Channel::email}) {
      const Message message = render(facts(notice, channel), {});
      const std::string& text = message.text.expose();
      SCOPED_TRACE(text);
      EXPECT_NE(text.find("Acme Refunds"), std::string::npos);
      EXPECT_NE(text.find("1,23,456.50"), std::string::npos);
      EXPECT_EQ(text.find('{'), std::string::npos);
      EXPECT_EQ(message.subject.empty(), channel == core::Channel::sms);
      const bool has_otp = text.find("123456") != std::string::npos;
      EXPECT_EQ(has_otp, notice == core::Notice::otp);
      EXPECT_EQ(message.otp.empty(), !has_otp);
      const bool has_url = text.find("https://pay.example.com/i/abc") != std::string::npos;
      EXPECT_EQ(message.url.empty(), !has_url);
    }
  }
}

TEST(Templates, AnOtpIsNotInASubject) {
  EXPECT_EQ(render(facts(core::Notice::otp, core::Channel::email), {}).subject.find("123456"),
            std::string::npos);
}

TEST(Templates, AMerchantsNameIsNotATemplate) {
  Facts made = facts(core::Notice::link_issued, core::Channel::sms);
  made.merchant_name = "{otp}";
  const Message message = render(made, {});
  EXPECT_EQ(message.text.expose().find("123456"), std::string::npos);
  EXPECT_NE(message.text.expose().find("{otp}"), std::string::npos);
}

TEST(Templates, AnSmsCarriesItsRegistration) {
  Dlt dlt{.header = "ACMERF", .entity_id = "110100", .template_ids = {"t1", "t2", "t3", "t4"}};
  const Message sms = render(facts(core::Notice::otp, core::Channel::sms), dlt);
  EXPECT_EQ(sms.dlt_header, "ACMERF");
  EXPECT_EQ(sms.dlt_entity_id, "110100");
  EXPECT_EQ(sms.dlt_template_id, "t2");
  EXPECT_EQ(render(facts(core::Notice::otp, core::Channel::email), dlt).dlt_template_id, "");
}

TEST(Templates, ArePrintedForRegistrationWithTheirHoles) {
  const auto rows = templates_for_registration();
  ASSERT_EQ(rows.size(), 4u);
  for (const Registration& row : rows) {
    EXPECT_NE(row.text.find("{#var#}"), std::string::npos);
    EXPECT_EQ(row.text.find("{merchant}"), std::string::npos);
  }
}

TEST(Templates, AnSmsFitsIntoOneWithUsualFillings) {
  for (const core::Notice notice : kNotices) {
    EXPECT_LE(render(facts(notice, core::Channel::sms), {}).text.expose().size(), 160u);
  }
}

TEST(Templates, AnEmailNamesWhomToAsk) {
  Facts made = facts(core::Notice::link_issued, core::Channel::email);
  made.support = "help@example.com";
  EXPECT_NE(render(made, {}).text.expose().find("help@example.com"), std::string::npos);
}

class InboxTest : public ::testing::Test {
 protected:
  void take(core::Notice notice, core::Channel channel, std::string to = {}) {
    Facts made = facts(notice, channel);
    if (!to.empty()) made.to = std::move(to);
    bool sent = false;
    inbox_.send(render(made, {}), [&sent](const NotifyResult& result) { sent = result.sent; });
    EXPECT_TRUE(sent);
  }
  Inbox inbox_;
};

TEST_F(InboxTest, IsTheJsonOfTheContract) {
  take(core::Notice::otp, core::Channel::sms);
  const auto json = wire::parse_json(inbox_.json(""));
  ASSERT_TRUE(json);
  const wire::JsonValue* messages = json->find("messages");
  ASSERT_EQ(messages->size(), 1u);
  const wire::JsonValue& message = *messages->begin();
  EXPECT_EQ(message.find("id")->text(), "77");
  EXPECT_EQ(message.find("channel")->text(), "sms");
  EXPECT_EQ(message.find("to")->text(), "+91 98765-43210");
  EXPECT_EQ(message.find("subject")->text(), "");
  EXPECT_NE(message.find("text")->text().find("123456"), std::string_view::npos);
  EXPECT_EQ(message.find("otp")->text(), "123456");
  EXPECT_TRUE(message.find("url")->is_null());
  EXPECT_EQ(message.find("at")->text(), "2024-01-15T04:30:00Z");
}

TEST_F(InboxTest, AMessageWithoutAnOtpSaysNull) {
  take(core::Notice::link_issued, core::Channel::email);
  const auto json = wire::parse_json(inbox_.json(""));
  ASSERT_TRUE(json);
  const wire::JsonValue& message = *json->find("messages")->begin();
  EXPECT_TRUE(message.find("otp")->is_null());
  EXPECT_EQ(message.find("url")->text(), "https://pay.example.com/i/abc");
  EXPECT_EQ(message.find("channel")->text(), "email");
}

TEST_F(InboxTest, FindsAPhoneByItsLastTenDigitsAndAnEmailInAnyCase) {
  take(core::Notice::otp, core::Channel::sms);
  take(core::Notice::otp, core::Channel::email);
  take(core::Notice::otp, core::Channel::sms, "9999999999");
  EXPECT_EQ(inbox_.list("").size(), 3u);
  EXPECT_EQ(inbox_.list("9876543210").size(), 1u);
  EXPECT_EQ(inbox_.list(" 919876543210").size(), 1u) << "a form makes a blank of the plus";
  EXPECT_EQ(inbox_.list("gaurav.kumar@example.COM").size(), 1u);
  EXPECT_EQ(inbox_.list("nobody@example.com").size(), 0u);
}

TEST_F(InboxTest, IsNewestFirstAndKeepsAThousand) {
  take(core::Notice::otp, core::Channel::sms, "9000000000");
  for (std::size_t i = 0; i < Inbox::kMessagesKept; ++i) {
    take(core::Notice::otp, core::Channel::sms);
  }
  take(core::Notice::link_paid, core::Channel::email);
  EXPECT_EQ(inbox_.list("").size(), Inbox::kMessagesKept);
  EXPECT_EQ(inbox_.list("").front().channel, core::Channel::email);
  EXPECT_EQ(inbox_.list("9000000000").size(), 0u);
}

TEST(ByChannelTest, AChannelWithoutASenderRefusesForGood) {
  Inbox inbox;
  ByChannel both(&inbox, nullptr);
  NotifyResult result;
  both.send(render(facts(core::Notice::otp, core::Channel::email), {}),
            [&result](NotifyResult said) { result = std::move(said); });
  EXPECT_FALSE(result.sent);
  EXPECT_FALSE(result.worth_retrying);
  both.send(render(facts(core::Notice::otp, core::Channel::sms), {}),
            [&result](NotifyResult said) { result = std::move(said); });
  EXPECT_TRUE(result.sent);
}

}  // namespace
}  // namespace disburse::notify
