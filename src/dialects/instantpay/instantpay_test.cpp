#include "dialects/instantpay/instantpay.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/testing.hpp"

namespace disburse::dialects::instantpay {
namespace {

using testing::Headers;
using testing::Sent;
using testing::Server;

Sent list(Headers headers) {
  return {.method = wire::Method::get,
          .path = "/payments/payout/link/list",
          .headers = std::move(headers)};
}
Sent cancel(Headers headers) {
  return {.path = "/payments/payout/link/cancel", .body = "{}", .headers = std::move(headers)};
}

Headers headers_with(std::string_view name, std::string_view value) {
  Headers headers = testing::good_headers();
  for (auto& header : headers) {
    if (header.first == name) header.second = value;
  }
  return headers;
}
Headers headers_without(std::string_view name) {
  Headers headers = testing::good_headers();
  std::erase_if(headers, [name](const auto& header) { return header.first == name; });
  return headers;
}

TEST(InstantPay, PresentsTheClientIdAndSecretOfTheHeaders) {
  const wire::Header headers[] = {{"x-ipay-client-id", " YWJj "},
                                  {"X-IPAY-CLIENT-SECRET", "5ecret"}};
  wire::Request request;
  request.headers = headers;
  const Presented presented = kDialect.credentials(request);
  EXPECT_EQ(presented.kind, "client");
  EXPECT_EQ(presented.name, "YWJj");
  EXPECT_EQ(presented.secret.expose(), "5ecret");
}

TEST(InstantPay, TheAuthCodeIsOneInEitherSpelling) {
  const Server server;
  for (const char* code : {"1", "01", " 1 "}) {
    EXPECT_TRUE(server.parse(list(headers_with("X-Ipay-Auth-Code", code)))) << code;
  }
  for (const char* code : {"", "2", "001", "one", "1,1"}) {
    const Sent sent = list(headers_with("X-Ipay-Auth-Code", code));
    EXPECT_EQ(server.refusal_code(sent), "IAT") << code;
    EXPECT_EQ(server.refusal(sent), "Invalid Access Token") << code;
  }
  EXPECT_EQ(server.refusal_code(list(headers_without("X-Ipay-Auth-Code"))), "IAT");
  EXPECT_EQ(server.refusal_code(cancel(headers_without("X-Ipay-Auth-Code"))), "IAT");
}

TEST(InstantPay, TheEndpointAddressIsNeededOnPostsAndMayBeIpv6) {
  const Server server;
  const Headers without = headers_without("X-Ipay-Endpoint-Ip");
  EXPECT_EQ(server.refusal(cancel(without)), "The X-Ipay-Endpoint-Ip header is required.");
  EXPECT_TRUE(server.parse(list(without)));
  EXPECT_TRUE(server.parse(list(headers_with("X-Ipay-Endpoint-Ip", "2001:db8::1"))));
  for (const char* address : {"localhost", "1.2.3", "1.2.3.256", "12:34"}) {
    EXPECT_EQ(server.refusal(list(headers_with("X-Ipay-Endpoint-Ip", address))),
              "The X-Ipay-Endpoint-Ip header must have valid IP address.");
  }
}

TEST(InstantPay, RefusalsOutsideARouteHaveAllNineKeysAndStatus200) {
  const Server server;
  const auto response =
      kDialect.refuse({core::Code::route_not_found, {}, {}}, wire::Request{}, server.context());
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(std::regex_match(
      response.body,
      std::regex(R"(\{"statuscode":"OUE","actcode":null,"status":"Unknown Method","data":null,)"
                 R"("timestamp":"2024-01-15 10:00:00","ipay_uuid":"h000[0-9a-zA-Z-]{49}",)"
                 R"("orderid":null,"environment":"PRODUCTION","internalCode":null\})")))
      << response.body;
}

TEST(InstantPay, TestMerchantsAndTheSandboxAnswerSandbox) {
  Server server;
  const auto environment = [&server] {
    return Server::text(
        server.render(list(testing::good_headers()), testing::answered(core::LinkPage{{}, 0})),
        "environment");
  };
  EXPECT_EQ(environment(), "PRODUCTION");
  server.merchant.mode = core::Mode::test;
  EXPECT_EQ(environment(), "SANDBOX");
  server.merchant.mode = core::Mode::live;
  server.sandbox = true;
  EXPECT_EQ(environment(), "SANDBOX");
}

TEST(InstantPay, AReplyOfAnotherKindIsASystemError) {
  const Server server;
  const auto response =
      server.render(list(testing::good_headers()), testing::answered(core::Done{}));
  EXPECT_EQ(Server::text(response, "statuscode"), "ISE");
}

TEST(InstantPay, OnlyTheImageIsOpenToAnybody) {
  for (const Route& route : kDialect.routes) {
    const bool image = route.pattern.find("/qr/") != std::string_view::npos;
    EXPECT_EQ(route.access == Access::open, image) << route.pattern;
  }
}

Sent qr(std::string_view code, std::string_view root = "/payment") {
  return {.method = wire::Method::get,
          .path = std::string(root) + "/payout/link/qr/" + std::string(code),
          .headers = {}};
}

TEST(InstantPay, TheImageIsAPngUnderBothPaths) {
  const Server server;
  const core::LinkView view = testing::link_view(server);
  const std::string code = core::claim_code(server.ids, {view.link.merchant, view.link.id});
  core::ClaimView claim;
  claim.view = view;
  for (const char* root : {"/payment", "/payments"}) {
    EXPECT_EQ(server.query<core::FindClaim>(qr(code, root)).claim.link, view.link.id);
    const auto response = server.render(qr(code, root), testing::answered(claim));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "image/png");
    EXPECT_EQ(response.body.substr(1, 3), "PNG");
  }
}

TEST(InstantPay, ACodeThatOpensNothingIs404InTheEnvelope) {
  const Server server;
  for (const char* code : {"LS25FH", "0000000000000000000000", "x"}) {
    const auto call = server.parse(qr(code));
    ASSERT_FALSE(call) << code;
    const auto response = server.render(qr(code), tl::unexpected<core::Error>(call.error()));
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(Server::text(response, "status"), "No Record Found");
  }
  const auto unknown = server.render(qr("x"), core::fail(core::Code::link_not_found));
  EXPECT_EQ(unknown.status, 404);
}

TEST(InstantPay, CredentialsHaveTheShapesOfTheProvidersSamples) {
  std::array<std::uint8_t, 256> fresh{};
  for (std::size_t i = 0; i < fresh.size(); ++i) fresh[i] = static_cast<std::uint8_t>(i * 7);
  const auto issued = kDialect.new_credentials(core::Merchant{}, FreshBytes(fresh));
  ASSERT_EQ(issued.size(), 1U);
  EXPECT_EQ(issued[0].kind, "client");
  EXPECT_EQ(issued[0].name.size(), 44U);
  EXPECT_TRUE(std::regex_match(issued[0].secret.expose(), std::regex("[0-9a-f]{64}")));
  const Sheet rows = kDialect.sheet(core::Merchant{}, issued);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0], std::pair(std::string("client_id"), issued[0].name));
  EXPECT_EQ(rows[1], std::pair(std::string("client_secret"), issued[0].secret.expose()));
  EXPECT_EQ(rows[2].first, "encryption_key");
  EXPECT_EQ(rows[2].second.size(), 32U);
}

}  // namespace
}  // namespace disburse::dialects::instantpay
