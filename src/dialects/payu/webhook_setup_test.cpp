#include "dialects/payu/webhook_setup.hpp"

#include <gtest/gtest.h>

#include "dialects/payu/payu_fixture.hpp"

namespace disburse::dialects::payu {
namespace {

using testing::Call;

Call set(std::string body) {
  return Call(wire::Method::post, "/payout/v2/webhook", {}, std::move(body));
}
Call erase(std::string body) {
  return Call(wire::Method::delete_, "/payout/v2/webhook", {}, std::move(body));
}
std::string setting(std::string_view key, std::string_view url) {
  return R"({"webhook":")" + std::string(key) + R"(","values":{"url":")" + std::string(url) +
         "\"}}";
}

constexpr std::string_view kBadUrl =
    R"({"status":1,"msg":"Webhook url is invalid","code":20407,"data":null})";
constexpr std::string_view kBadValue =
    R"({"status":1,"msg":"Invalid value","code":null,"data":null})";

TEST(PayuSetWebhook, TheDocumentedArrayAddsAnEndpointThatReplacesTheKeysOldOne) {
  const auto endpoint =
      set(R"([{"webhook":"transfer_success","values":{"url":"https://test.com/webhook/payment",)"
          R"("authorization":"asjafya56%^eyy63547ysrt4"}}])")
          .command<core::AddEndpoint>();
  EXPECT_EQ(endpoint.merchant, core::MerchantId{1});
  EXPECT_EQ(endpoint.dialect, "payu");
  EXPECT_EQ(endpoint.url, "https://test.com/webhook/payment");
  EXPECT_EQ(endpoint.authorization.expose(), "asjafya56%^eyy63547ysrt4");
  EXPECT_EQ(endpoint.events, std::vector<std::string>{"transfer_success"});
  EXPECT_TRUE(endpoint.replace_same_events);
  EXPECT_TRUE(endpoint.also.empty());
}

TEST(PayuSetWebhook, ASingleObjectAndAHostWithoutADotAreTaken) {
  EXPECT_EQ(set(setting("default", "https://payu.in")).command<core::AddEndpoint>().url,
            "https://payu.in");
  EXPECT_EQ(set("[" + setting("default", "https://webhook/443cc175-9aab-44c56d-33157a71cb63") + "]")
                .command<core::AddEndpoint>()
                .events,
            std::vector<std::string>{"default"});
}

TEST(PayuSetWebhook, KeysAreTrimmedInAnyCaseAndByTheirOlderNames) {
  const auto key = [](std::string_view given) {
    const auto events = set(setting(given, "https://a.in")).command<core::AddEndpoint>().events;
    return events.empty() ? std::string() : events.front();
  };
  EXPECT_EQ(key(" Transfer_Success "), "transfer_success");
  EXPECT_EQ(key("deposit"), "deposit_success");
  EXPECT_EQ(key("deposit__success"), "deposit_success");
  EXPECT_EQ(key("low_balance"), "low_balance_alert");
  EXPECT_EQ(key("SMART_SEND_EXPIRED"), "smart_send_expired");
}

TEST(PayuSetWebhook, SeveralSettingsAreOneChange) {
  const auto endpoint = set("[" + setting("default", "https://a.in") + "," +
                            setting("transfer_failed", "https://b.in") + "," +
                            setting("transfer_success", "https://c.in") + "]")
                            .command<core::AddEndpoint>();
  ASSERT_EQ(endpoint.also.size(), 2U);
  EXPECT_EQ(endpoint.url, "https://a.in");
  EXPECT_EQ(endpoint.also[0].url, "https://b.in");
  EXPECT_EQ(endpoint.also[1].events, std::vector<std::string>{"transfer_success"});
  EXPECT_TRUE(endpoint.also[1].replace_same_events);
}

TEST(PayuSetWebhook, OfAKeySetTwiceTheLaterCounts) {
  const auto endpoint =
      set("[" + setting("default", "https://a.in") + "," + setting("Default", "https://b.in") + "]")
          .command<core::AddEndpoint>();
  EXPECT_EQ(endpoint.url, "https://b.in");
  EXPECT_TRUE(endpoint.also.empty());
}

TEST(PayuSetWebhook, BadUrlsAre20407) {
  for (const std::string_view url : {"", "payu.in", "ftp://payu.in", "https://", "https://a b",
                                     "javascript:alert(1)", "https://user@payu.in/"}) {
    EXPECT_EQ(set("[" + setting("default", url) + "]").answer(), kBadUrl) << url;
  }
  EXPECT_EQ(set(R"([{"webhook":"default"}])").answer(), kBadUrl);
  EXPECT_EQ(set(R"([{"webhook":"default","values":{"url":7}}])").answer(), kBadUrl);
  EXPECT_EQ(set(setting("default", "https://a.in/" + std::string(2'000, 'x'))).answer(), kBadUrl);
  EXPECT_EQ(set("[]").refused(core::Code::webhook_target_forbidden).body, kBadUrl);
}

TEST(PayuSetWebhook, UnknownKeysAndNothingAtAllAreInvalidValues) {
  EXPECT_EQ(set(setting("transfer_done", "https://a.in")).answer(), kBadValue);
  EXPECT_EQ(set(setting("", "https://a.in")).answer(), kBadValue);
  EXPECT_EQ(set(R"({"values":{"url":"https://a.in"}})").answer(), kBadValue);
  EXPECT_EQ(set("[]").answer(), kBadValue);
}

TEST(PayuSetWebhook, AnAuthorizationThatWouldBeASecondHeaderIsRefused) {
  EXPECT_EQ(set(R"({"webhook":"default","values":{"url":"https://a.in",)"
                R"("authorization":"a\r\nX-Evil: 1"}})")
                .answer(),
            kBadValue);
}

TEST(PayuSetWebhook, WhatIsNoJsonIsASpring400) {
  EXPECT_NE(set("webhook=default").answer().find(R"("status":400)"), std::string::npos);
  EXPECT_NE(set("\"default\"").answer().find(R"("status":400)"), std::string::npos);
  EXPECT_NE(set("[1]").answer().find(R"("status":400)"), std::string::npos);
}

TEST(PayuSetWebhook, SavingAnswersThatItSaved) {
  EXPECT_EQ(set("[]").render(Answer(core::Reply(core::Endpoint{}))).body,
            R"({"status":0,"msg":"Webhook saved successfully","code":null,"data":null})");
}

TEST(PayuListWebhooks, ShowsOurSettingsWithoutTheirSecrets) {
  core::EndpointList list;
  list.endpoints.resize(3);
  list.endpoints[0].dialect = "payu";
  list.endpoints[0].url = "https://a.in";
  list.endpoints[0].events = {"transfer_success"};
  list.endpoints[0].authorization = core::SecretText("asjafya56");
  list.endpoints[1].dialect = "other";
  list.endpoints[1].events = {"default"};
  list.endpoints[2].dialect = "payu";
  list.endpoints[2].url = "https://b.in";
  list.endpoints[2].events = {"default", "transfer_failed"};
  Call call(wire::Method::get, "/payout/v2/webhook");
  EXPECT_EQ(
      call.render(Answer(core::Reply(list))).body,
      R"({"status":0,"msg":"Success","code":null,"data":[)"
      R"({"webhook":"transfer_success","values":{"url":"https://a.in","authorization":""}},)"
      R"({"webhook":"default","values":{"url":"https://b.in","authorization":""}},)"
      R"({"webhook":"transfer_failed","values":{"url":"https://b.in","authorization":""}}]})");
}

TEST(PayuDeleteWebhooks, TheDocumentedListWithItsEmptyKeyNamesThreeEvents) {
  const auto command = erase(R"({"webhook":["default","deposit","transfer_success",""]})")
                           .command<core::RemoveEndpoint>();
  EXPECT_EQ(command.dialect, "payu");
  EXPECT_FALSE(command.endpoint);
  EXPECT_EQ(command.events,
            (std::vector<std::string>{"default", "deposit_success", "transfer_success"}));
  EXPECT_EQ(erase(R"({"webhook":"default"})").command<core::RemoveEndpoint>().events,
            std::vector<std::string>{"default"});
}

TEST(PayuDeleteWebhooks, UnknownKeysAndNoKeysAreInvalidValues) {
  EXPECT_EQ(erase(R"({"webhook":["nothing"]})").answer(), kBadValue);
  EXPECT_EQ(erase(R"({"webhook":[""]})").answer(), kBadValue);
  EXPECT_EQ(erase(R"({})").answer(), kBadValue);
  EXPECT_EQ(erase(R"({"webhook":["default"]})").render(Answer(core::Reply(core::Done{}))).body,
            R"({"status":0,"msg":"Webhook deleted successfully","code":null,"data":null})");
}

}  // namespace
}  // namespace disburse::dialects::payu
