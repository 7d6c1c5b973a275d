#include "webhook/sender.hpp"

#include <gtest/gtest.h>

#include "webhook/sign.hpp"

namespace disburse::webhook {
namespace {

bool says_ok(const core::Delivery&, int status, std::string_view answer) {
  return status == 200 && answer == "ok";
}

dialects::WebhookRules signed_rules() {
  dialects::WebhookRules rules;
  rules.time_limit = std::chrono::seconds(5);
  rules.signature_header = "x-signature";
  rules.authorization_header = "authorization";
  return rules;
}

core::Delivery delivery() {
  core::Delivery made;
  made.merchant = core::MerchantId{1};
  made.id = core::DeliveryId{9};
  made.url = "https://example.com/hook";
  made.body = R"({"a":1})";
  made.headers = {{"x-event-id", "ev1"}};
  made.secret = core::SecretText("s");
  made.tries = 2;
  return made;
}

std::string header(const wire::OutgoingRequest& request, std::string_view name) {
  for (const auto& [known, value] : request.headers) {
    if (wire::equal_ignoring_case(known, name)) return value;
  }
  return "(none)";
}

TEST(WebhookRequest, CarriesTheExactBytesAndTheirSignature) {
  const auto request = request_for(delivery(), signed_rules(), wire::AddressRule::public_only);
  EXPECT_EQ(request.method, wire::Method::post);
  EXPECT_EQ(request.body, R"({"a":1})");
  EXPECT_EQ(header(request, "x-signature"), sign(core::SecretText("s"), R"({"a":1})"));
  EXPECT_EQ(header(request, "content-type"), "application/json");
  EXPECT_EQ(header(request, "user-agent"), "Disburse-Webhook/1");
  EXPECT_EQ(header(request, "x-event-id"), "ev1");
  EXPECT_EQ(header(request, "authorization"), "(none)");
  EXPECT_EQ(request.timeout, std::chrono::seconds(5));
  EXPECT_EQ(request.addresses, wire::AddressRule::public_only);
}

TEST(WebhookRequest, SendsTheAuthorizationAsItIs) {
  core::Delivery made = delivery();
  made.authorization = core::SecretText("Basic abc==");
  EXPECT_EQ(header(request_for(made, signed_rules(), wire::AddressRule::any), "authorization"),
            "Basic abc==");
}

TEST(WebhookRequest, AGetHasNoBodyAndNoContentType) {
  core::Delivery made = delivery();
  made.method = "GET";
  made.url = "https://example.com/hook?status=SUCCESS";
  const auto request = request_for(made, {}, wire::AddressRule::any);
  EXPECT_EQ(request.method, wire::Method::get);
  EXPECT_EQ(request.url, made.url);
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(header(request, "content-type"), "(none)");
}

TEST(WebhookRequest, AnEndpointWithoutASecretIsNotSigned) {
  core::Delivery made = delivery();
  made.secret = {};
  EXPECT_EQ(header(request_for(made, signed_rules(), wire::AddressRule::any), "x-signature"),
            "(none)");
}

TEST(WebhookRequest, AValueThatWouldBeginAnotherHeaderIsLeftOut) {
  core::Delivery made = delivery();
  made.authorization = core::SecretText("a\r\nx-admin: 1");
  made.headers = {{"x-event-id", "e\nx-admin: 1"}};
  const auto request = request_for(made, signed_rules(), wire::AddressRule::any);
  for (const auto& [name, value] : request.headers) {
    EXPECT_EQ(value.find('\n'), std::string::npos) << name;
  }
}

TEST(WebhookAttempt, IsAcknowledgedByTheDialectsRule) {
  dialects::WebhookRules rules;
  rules.acknowledged = says_ok;
  const auto at = core::Instant::from_seconds(1'700'000'000);
  wire::OutgoingAnswer answer;
  answer.status = 200;
  answer.body = "ok";
  answer.took = std::chrono::milliseconds(12);
  const auto good = attempt_of(delivery(), rules, at, answer);
  EXPECT_TRUE(good.acknowledged);
  EXPECT_EQ(good.number, 3u);
  EXPECT_EQ(good.at, at);
  EXPECT_EQ(good.took, std::chrono::milliseconds(12));
  answer.body = "no";
  EXPECT_FALSE(attempt_of(delivery(), rules, at, answer).acknowledged);
}

TEST(WebhookAttempt, WithoutARuleEvery2xxIsAcknowledged) {
  wire::OutgoingAnswer answer;
  answer.status = 204;
  EXPECT_TRUE(attempt_of(delivery(), {}, {}, answer).acknowledged);
  answer.status = 301;
  EXPECT_FALSE(attempt_of(delivery(), {}, {}, answer).acknowledged);
}

TEST(WebhookAttempt, NoAnswerIsNeverAcknowledgedAndSaysWhy) {
  wire::OutgoingAnswer answer;
  answer.failure = wire::Failure::timeout;
  answer.error = "slow";
  const auto attempt = attempt_of(delivery(), {}, {}, answer);
  EXPECT_FALSE(attempt.acknowledged);
  EXPECT_EQ(attempt.status, 0);
  EXPECT_EQ(attempt.error, "timeout: slow");
}

TEST(WebhookAttempt, KeepsTheBeginningOfALongAnswerAndNoHalfCharacter) {
  wire::OutgoingAnswer answer;
  answer.status = 200;
  answer.body = std::string(kAnswerKept - 1, 'a') + "₹" + std::string(100, 'b');
  EXPECT_EQ(attempt_of(delivery(), {}, {}, answer).answer, std::string(kAnswerKept - 1, 'a'));
}

TEST(WebhookSender, GivesOneAttemptForEachSend) {
  std::vector<wire::OutgoingRequest> sent;
  const Sender sender(
      [&sent](wire::OutgoingRequest request,
              const std::function<void(wire::OutgoingAnswer)>& done) {
        sent.push_back(std::move(request));
        wire::OutgoingAnswer answer;
        answer.status = 500;
        done(std::move(answer));
      },
      wire::AddressRule::any);
  std::vector<core::Attempt> attempts;
  sender.send(delivery(), signed_rules(), core::Instant::from_seconds(5),
              [&attempts](core::Attempt attempt) { attempts.push_back(std::move(attempt)); });
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].addresses, wire::AddressRule::any);
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].status, 500);
  EXPECT_FALSE(attempts[0].acknowledged);
  EXPECT_EQ(attempts[0].at, core::Instant::from_seconds(5));
}

}  // namespace
}  // namespace disburse::webhook
