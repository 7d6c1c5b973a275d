// The webhook endpoints API, and the table of the dialect: tokens, unknown paths, new credentials.
#include <gtest/gtest.h>

#include "dialects/house/house_fixture.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;
using testing::Call;
using wire::Method;

constexpr core::EndpointId kEndpoint{0xabcdef01};
constexpr core::DeliveryId kDelivery{0xabcdef02};

std::string sealed(std::string_view prefix, core::IdKind kind, std::uint64_t id,
                   std::uint32_t merchant = 1) {
  return std::string(prefix) +
         core::base62(testing::fixed_ids().seal83(kind, core::MerchantId{merchant}, id), 14);
}
std::string endpoint_id() { return sealed("whep_", core::IdKind::endpoint, kEndpoint.value); }
std::string delivery_id() { return sealed("whdl_", core::IdKind::delivery, kDelivery.value); }

std::string code_in(const wire::Response& response) {
  const auto body = wire::parse_json(response.body);
  if (!body || body->find("code") == nullptr) return {};
  return std::string(body->find("code")->text());
}

core::Endpoint endpoint() {
  core::Endpoint row;
  row.merchant = core::MerchantId{1};
  row.id = kEndpoint;
  row.dialect = "razorpay";
  row.url = "https://example.com/hook?a=b";
  row.secret = core::SecretText("very-secret");
  row.events = {"payout_link.processed"};
  row.created_at = testing::time_of("2024-01-15T04:30:00Z");
  return row;
}

TEST(Webhooks, AddingAnEndpointChecksEveryMember) {
  const std::pair<std::string_view, std::string_view> kBad[] = {
      {R"({"url":"https://example.com/"})", "field_required"},
      {R"({"dialect":"house","url":"https://example.com/"})", "field_invalid"},
      {R"({"dialect":"nobody","url":"https://example.com/"})", "field_invalid"},
      {R"({"dialect":"razorpay"})", "field_required"},
      {R"({"dialect":"razorpay","url":"ftp://example.com/"})", "webhook_url_invalid"},
      {R"({"dialect":"razorpay","url":"https://me:secret@example.com/"})", "webhook_url_invalid"},
      {R"({"dialect":"razorpay","url":"https://example.com/","events":["payout_link.vanished"]})",
       "event_unknown"},
      {R"({"dialect":"razorpay","url":"https://example.com/","events":[7]})", "event_unknown"},
      {R"({"dialect":"razorpay","url":"https://example.com/","events":[]})", "field_invalid"},
      {R"({"dialect":"razorpay","url":"https://example.com/","events":"all"})", "field_invalid"},
      {R"({"dialect":"razorpay","url":"https://example.com/","links":"some"})", "field_invalid"},
      {R"({"dialect":"razorpay","url":"https://example.com/","authorization":"a\r\nX-Evil: b"})",
       "field_invalid"},
  };
  for (const auto& [body, code] : kBad) {
    EXPECT_EQ(code_in(Call(Method::post, "/api/v1/webhooks", std::string(body)).answer()), code)
        << body;
  }
}

TEST(Webhooks, AddingAnEndpointBecomesACommand) {
  const std::string_view event = find("razorpay")->event_names.front();
  const std::string body =
      R"({"dialect":"razorpay","url":"http://127.0.0.1:9/h","secret":"s","authorization":null,)"
      R"("links":"all","events":[")" +
      std::string(event) + R"("]})";
  const auto command = Call(Method::post, "/api/v1/webhooks", body).asked<core::AddEndpoint>();
  EXPECT_EQ(command.merchant, core::MerchantId{1});
  EXPECT_EQ(command.dialect, "razorpay");
  EXPECT_EQ(command.url, "http://127.0.0.1:9/h");
  EXPECT_EQ(command.secret.expose(), "s");
  EXPECT_TRUE(command.authorization.empty());
  EXPECT_EQ(command.events, std::vector<std::string>{std::string(event)});
  EXPECT_TRUE(command.all_links);
  EXPECT_FALSE(command.replace_same_events);
}

TEST(Webhooks, ASecretIsNeverAnsweredOnlyThatThereIsOne) {
  const wire::Response response =
      Call(Method::post, "/api/v1/webhooks").render(core::Reply(endpoint()));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(
      response.body,
      R"({"id":")" + endpoint_id() +
          R"(","dialect":"razorpay","url":"https://example.com/hook?a=b","events":["payout_link.processed"],)"
          R"("links":"own","has_secret":true,"has_authorization":false,)"
          R"("created_at":"2024-01-15T04:30:00Z","disabled_at":null})");
}

TEST(Webhooks, ListingAndRemoving) {
  const wire::Response list =
      Call(Method::get, "/api/v1/webhooks").render(core::Reply(core::EndpointList{{endpoint()}}));
  EXPECT_TRUE(list.body.starts_with(R"({"webhooks":[{"id":")")) << list.body;
  EXPECT_EQ(list.body.find("very-secret"), std::string::npos);

  Call removal(Method::delete_, "/api/v1/webhooks/" + endpoint_id());
  EXPECT_EQ(removal.asked<core::RemoveEndpoint>().endpoint, kEndpoint);
  EXPECT_EQ(removal.render(core::Reply(core::Done{})).status, 204);
}

TEST(Webhooks, IdsOfAnotherMerchantOrKindAreNotFound) {
  const std::string foreign = sealed("whep_", core::IdKind::endpoint, kEndpoint.value, 2);
  const std::string other_kind = sealed("whep_", core::IdKind::delivery, kEndpoint.value);
  for (const std::string& id :
       {foreign, other_kind, std::string("whep_x"), delivery_id(), std::string("1")}) {
    const wire::Response answer = Call(Method::delete_, "/api/v1/webhooks/" + id).answer();
    EXPECT_EQ(code_in(answer), "endpoint_not_found") << id;
    EXPECT_EQ(answer.status, 404);
  }
  const std::string path =
      "/api/v1/webhooks/" + endpoint_id() + "/deliveries/" + endpoint_id() + "/replay";
  EXPECT_EQ(code_in(Call(Method::post, path).answer()), "delivery_not_found");
}

TEST(Webhooks, DeliveriesShowRequestAndAnswers) {
  core::DeliveryRecord record;
  record.delivery.merchant = core::MerchantId{1};
  record.delivery.endpoint = kEndpoint;
  record.delivery.id = kDelivery;
  record.delivery.state = core::DeliveryState::due;
  record.delivery.event = "payout_link.issued";
  record.delivery.event_id = "e1";
  record.delivery.url = "https://example.com/hook";
  record.delivery.headers = {{"X-Event", "e1"}};
  record.delivery.body = R"({"a":1})";
  record.delivery.secret = core::SecretText("very-secret");
  record.delivery.tries = 2;
  record.delivery.created_at = testing::time_of("2024-01-15T04:30:00Z");
  record.delivery.due_at = testing::time_of("2024-01-15T05:30:00Z");
  core::Attempt silent;
  silent.number = 1;
  silent.at = record.delivery.created_at;
  silent.took = std::chrono::milliseconds(5000);
  silent.error = "timeout";
  core::Attempt refused = silent;
  refused.number = 2;
  refused.status = 500;
  refused.answer = "no";
  refused.error.clear();
  record.attempts = {silent, refused};

  Call call(Method::get, "/api/v1/webhooks/" + endpoint_id() + "/deliveries?limit=5");
  EXPECT_EQ(call.asked<core::ListDeliveries>().limit, 5U);
  EXPECT_EQ(call.asked<core::ListDeliveries>().endpoint, kEndpoint);
  EXPECT_EQ(
      call.render(core::Reply(core::DeliveryList{{record}})).body,
      R"({"deliveries":[{"id":")" + delivery_id() +
          R"(","event":"payout_link.issued","event_id":"e1","state":"due","tries":2,)"
          R"("created_at":"2024-01-15T04:30:00Z","due_at":"2024-01-15T05:30:00Z","replay_of":null,)"
          R"("request":{"method":"POST","url":"https://example.com/hook","headers":{"X-Event":"e1"},)"
          R"("body":"{\"a\":1}"},"attempts":[)"
          R"({"number":1,"at":"2024-01-15T04:30:00Z","took_ms":5000,"status":null,"answer":null,)"
          R"("error":"timeout","acknowledged":false},)"
          R"({"number":2,"at":"2024-01-15T04:30:00Z","took_ms":5000,"status":500,"answer":"no",)"
          R"("error":null,"acknowledged":false}]}]})");
}

TEST(Webhooks, ABadLimitIsRefused) {
  for (const std::string_view limit : {"0", "-1", "1x", "99999999999"}) {
    const std::string target =
        "/api/v1/webhooks/" + endpoint_id() + "/deliveries?limit=" + std::string(limit);
    EXPECT_EQ(code_in(Call(Method::get, target).answer()), "field_invalid") << limit;
  }
}

TEST(Webhooks, AReplayIsANewDelivery) {
  Call call(Method::post,
            "/api/v1/webhooks/" + endpoint_id() + "/deliveries/" + delivery_id() + "/replay");
  const auto command = call.asked<core::ReplayDelivery>();
  EXPECT_EQ(command.endpoint, kEndpoint);
  EXPECT_EQ(command.delivery, kDelivery);
  core::Delivery fresh;
  fresh.merchant = core::MerchantId{1};
  fresh.id = core::DeliveryId{0xabcdef03};
  fresh.replay_of = kDelivery;
  const wire::Response answer = call.render(core::Reply(fresh));
  EXPECT_EQ(answer.status, 202);
  EXPECT_NE(answer.body.find(R"("replay_of":")" + delivery_id() + "\""), std::string::npos);
}

// ---- the dialect's table
// --------------------------------------------------------------------------------------

Presented shown(std::string authorization) {
  Call call(Method::get, "/api/v1/webhooks");
  if (!authorization.empty()) call.header("Authorization", std::move(authorization));
  return kDialect.credentials(call.request());
}

TEST(House, ATokenIsANameAndASecret) {
  const Presented good = shown("Bearer dsh_shop.s3.cret");
  EXPECT_EQ(good.kind, "token");
  EXPECT_EQ(good.name, "shop");
  EXPECT_EQ(good.secret.expose(), "s3.cret");
  EXPECT_TRUE(shown("").secret.empty());
  EXPECT_TRUE(shown("Basic dsh_shop.secret").secret.empty());
  // Not one of ours: refused by name, not taken for an access token.
  EXPECT_FALSE(shown("Bearer something").name.empty());
}

TEST(House, ANewTokenIsReadBackAsItself) {
  std::array<std::uint8_t, 256> fresh{};
  for (std::size_t i = 0; i < fresh.size(); ++i) fresh[i] = static_cast<std::uint8_t>(i);
  const auto made = kDialect.new_credentials(core::Merchant{}, FreshBytes(fresh));
  const Sheet sheet = kDialect.sheet(core::Merchant{}, made);
  ASSERT_EQ(made.size(), 1U);
  ASSERT_EQ(sheet.size(), 1U);
  EXPECT_EQ(sheet[0].first, "token");
  const Presented presented = shown("Bearer " + sheet[0].second);
  EXPECT_EQ(presented.name, made[0].name);
  EXPECT_EQ(presented.secret, made[0].secret);
}

wire::Response refusal(std::string path, Code code, std::string accept = "") {
  Call call(Method::get, std::move(path));
  if (!accept.empty()) call.header("Accept", std::move(accept));
  return kDialect.refuse(core::Error{code}, call.request(), call.context());
}

TEST(House, UnknownPathsAreRefusedInTheCallersLanguage) {
  EXPECT_EQ(refusal("/api/v1/nothing", Code::route_not_found, "text/html").content_type,
            "application/problem+json");
  EXPECT_EQ(refusal("/c/a/b/c", Code::route_not_found).content_type, "text/html; charset=utf-8");
  EXPECT_EQ(refusal("/", Code::route_not_found, "text/html,*/*").content_type,
            "text/html; charset=utf-8");
  EXPECT_EQ(refusal("/", Code::route_not_found).content_type, "application/problem+json");
}

TEST(House, AWrongMethodIsToldTheRightOnes) {
  const wire::Response response = refusal("/api/v1/webhooks", Code::method_not_allowed);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(testing::header_of(response, "allow"), "POST, GET");
}

TEST(House, TheLinksUrlIsThePublicUrlWithTheShortCode) {
  core::Link link;
  link.merchant = testing::kClaim.merchant;
  link.id = testing::kClaim.link;
  EXPECT_EQ(kDialect.link_url(link, Call(Method::get, "/c/x").context()),
            "http://127.0.0.1:8080/c/" + testing::short_code());
}

TEST(House, NoTwoRoutesAreTheSame) {
  std::vector<std::string> seen;
  for (const Route& route : kDialect.routes) {
    EXPECT_NE(route.parse, nullptr);
    EXPECT_NE(route.render, nullptr);
    seen.push_back(std::string(wire::name(route.method)) + " " + std::string(route.pattern));
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

}  // namespace
}  // namespace disburse::dialects::house
