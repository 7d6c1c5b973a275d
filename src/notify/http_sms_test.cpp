#include "notify/http_sms.hpp"

#include <gtest/gtest.h>

#include <future>

#include "notify/templates.hpp"
#include "notify/test_server.hpp"
#include "wire/form.hpp"
#include "wire/json.hpp"

namespace disburse::notify {
namespace {

using testing::Connection;
using testing::Heard;
using testing::TestServer;

Message message(std::string to = "98765 43210") {
  Facts facts;
  facts.notice = core::Notice::otp;
  facts.channel = core::Channel::sms;
  facts.id = "77";
  facts.to = std::move(to);
  facts.merchant_name = "Acme \"Refunds\" & Co";
  facts.amount = *core::Money::from_paise(100);
  facts.otp = core::SecretText("123456");
  facts.otp_life = std::chrono::minutes(10);
  return render(facts,
                {.header = "ACMERF", .entity_id = "1101", .template_ids = {"a", "b", "c", "d"}});
}

HttpSmsOptions get_options() {
  HttpSmsOptions options;
  options.method = wire::Method::get;
  options.url = "https://sms.example.com/send?to={to_digits}&text={text}&te={dlt_template_id}";
  return options;
}

TEST(HttpSmsRequest, FillsAUrlPercentEncoded) {
  const auto request = sms_request(get_options(), message());
  ASSERT_TRUE(request);
  EXPECT_TRUE(
      request->url.starts_with("https://sms.example.com/send?to=919876543210&text=123456%20is"))
      << request->url;
  EXPECT_NE(request->url.find("Acme%20%22Refunds%22%20%26%20Co"), std::string::npos);
  EXPECT_TRUE(request->url.ends_with("&te=b"));
  EXPECT_EQ(request->body, "");
}

TEST(HttpSmsRequest, FillsAJsonBodyThatStaysJson) {
  HttpSmsOptions options;
  options.url = "https://sms.example.com/send";
  options.body_kind = BodyKind::json;
  options.body =
      R"({"to":["{to}"],"national":"{to_national}","text":"{text}","dlt":{"pe":"{dlt_entity_id}"}})";
  options.headers = {{"authkey", "k"}};
  const auto request = sms_request(options, message());
  ASSERT_TRUE(request);
  const auto json = wire::parse_json(request->body);
  ASSERT_TRUE(json) << request->body;
  EXPECT_EQ(json->find("to")->begin()->text(), "+919876543210");
  EXPECT_EQ(json->find("national")->text(), "9876543210");
  EXPECT_EQ(json->find("text")->text(), message().text.expose());
  EXPECT_EQ(json->find("dlt")->find("pe")->text(), "1101");
  ASSERT_EQ(request->headers.size(), 2u);
  EXPECT_EQ(request->headers[0].second, "k");
  EXPECT_EQ(request->headers[1].second, "application/json");
}

TEST(HttpSmsRequest, FillsAFormThatStaysAForm) {
  HttpSmsOptions options;
  options.url = "https://sms.example.com/send";
  options.body_kind = BodyKind::form;
  options.body = "To={to}&Body={text}&From={dlt_header}&Otp={otp}";
  const auto request = sms_request(options, message());
  ASSERT_TRUE(request);
  const auto form = wire::Form::parse(request->body);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->pairs().size(), 4u);
  EXPECT_EQ(form->get("To"), "+919876543210");
  EXPECT_EQ(form->get("Body"), message().text.expose());
  EXPECT_EQ(form->get("From"), "ACMERF");
  EXPECT_EQ(form->get("Otp"), "123456");
}

TEST(HttpSmsRequest, WhatIsFilledInIsNotFilledAgain) {
  HttpSmsOptions options = get_options();
  options.url = "https://sms.example.com/send?m={merchant}";
  Message made = message();
  made.variables[0].second = core::SecretText("{otp}");
  const auto request = sms_request(options, made);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->url, "https://sms.example.com/send?m=%7Botp%7D");
}

TEST(HttpSmsRequest, ANumberFromAbroadKeepsItsCountry) {
  HttpSmsOptions options = get_options();
  options.url = "https://sms.example.com/{to}/{to_digits}";
  const auto request = sms_request(options, message("+44 20 7946 0958"));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->url, "https://sms.example.com/%2B442079460958/442079460958");
}

TEST(HttpSmsCheck, RefusesUnknownPlaceholdersAndBadUrls) {
  EXPECT_TRUE(check(get_options()));
  HttpSmsOptions options = get_options();
  options.url += "&x={nobody}";
  ASSERT_FALSE(check(options));
  EXPECT_EQ(check(options).error().field, "sms-url");
  options = get_options();
  options.body = R"({"a":{"b":"{nobody}"}})";
  ASSERT_FALSE(check(options));
  EXPECT_EQ(check(options).error().field, "sms-body");
  options = get_options();
  options.url = "ftp://sms.example.com";
  EXPECT_FALSE(check(options));
}

struct AnswerRow {
  int status;
  std::string body;
  bool sent;
  bool worth_retrying;
};

TEST(HttpSmsResult, TellsWhatIsWorthAnotherTry) {
  HttpSmsOptions options;
  options.success_text = R"("status":"ok")";
  const AnswerRow rows[] = {
      {200, R"({"status":"ok"})", true, false},
      {202, R"({"status":"ok"})", true, false},
      {200, R"({"status":"error"})", false, true},
      {400, "", false, false},
      {422, "", false, false},
      {401, "", false, true},
      {429, "", false, true},
      {500, "", false, true},
      {0, "", false, true},
  };
  for (const AnswerRow& row : rows) {
    SCOPED_TRACE(row.status);
    wire::OutgoingAnswer answer;
    answer.status = row.status;
    answer.body = row.body;
    if (row.status == 0) answer.failure = wire::Failure::timeout;
    const NotifyResult result = sms_result(options, answer);
    EXPECT_EQ(result.sent, row.sent);
    if (!row.sent) {
      EXPECT_EQ(result.worth_retrying, row.worth_retrying);
    }
    EXPECT_EQ(result.error.empty(), row.sent);
  }
}

// The whole way, through the real HTTP client to a gateway on loopback.
class HttpSmsGatewayTest : public ::testing::Test {
 protected:
  void serve(Connection& connection) {
    std::string line;
    if (!connection.hear_line(line)) return;
    heard_.add(line);
    while (connection.hear_line(line) && !line.empty()) {
    }
    if (answer_ == "hang") return connection.hang();
    connection.say(answer_);
  }

  NotifyResult send(core::Duration limit, wire::AddressRule addresses,
                    const Message& made = message()) {
    HttpSmsOptions options = get_options();
    options.url = "http://" + server_.address() + "/send?to={to_digits}&otp={otp}";
    options.time_limit = limit;
    options.addresses = addresses;
    HttpSms sms(options, [this](wire::OutgoingRequest request,
                                std::function<void(wire::OutgoingAnswer)> answer) {
      client_.send(std::move(request), std::move(answer));
    });
    std::promise<NotifyResult> promise;
    sms.send(made, [&promise](NotifyResult result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }

  std::string answer_ = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
  Heard heard_;
  TestServer server_{[this](Connection& connection) { serve(connection); }};
  wire::HttpClient client_;
};

TEST_F(HttpSmsGatewayTest, AMessageIsHandedOver) {
  const NotifyResult result = send(std::chrono::seconds(10), wire::AddressRule::any);
  EXPECT_TRUE(result.sent) << result.error;
  ASSERT_EQ(heard_.lines().size(), 1u);
  EXPECT_EQ(heard_.lines()[0], "GET /send?to=919876543210&otp=123456 HTTP/1.1");
}

TEST_F(HttpSmsGatewayTest, AGatewayThatHangsCostsTheTimeLimit) {
  answer_ = "hang";
  const NotifyResult result = send(std::chrono::milliseconds(200), wire::AddressRule::any);
  EXPECT_FALSE(result.sent);
  EXPECT_TRUE(result.worth_retrying);
}

TEST_F(HttpSmsGatewayTest, AGatewayInsideIsNotCalledUnlessAllowed) {
  const NotifyResult result = send(std::chrono::seconds(10), wire::AddressRule::public_only);
  EXPECT_FALSE(result.sent);
  EXPECT_TRUE(heard_.lines().empty());
}

TEST_F(HttpSmsGatewayTest, ANumberThatIsNoneIsRefusedForGood) {
  const NotifyResult result = send(std::chrono::seconds(10), wire::AddressRule::any, message("12"));
  EXPECT_FALSE(result.sent);
  EXPECT_FALSE(result.worth_retrying);
  EXPECT_TRUE(heard_.lines().empty());
}

}  // namespace
}  // namespace disburse::notify
