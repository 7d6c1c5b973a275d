// The dialect as the front door uses it: routes, ids, filters, credentials, errors. Threads: one.
#include "dialects/razorpay/razorpay.hpp"

#include <gtest/gtest.h>

#include "dialects/razorpay/bench_test.hpp"
#include "dialects/razorpay/errors.hpp"
#include "wire/base64.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using core::LinkState;

const Route& route(wire::Method method, std::string_view pattern) {
  for (const Route& row : kDialect.routes) {
    if (row.method == method && row.pattern == pattern) return row;
  }
  ADD_FAILURE() << "no route " << pattern;
  return kDialect.routes.front();
}

PathArguments with_id(std::string id) {
  PathArguments path;
  path.values[0] = {"id", std::move(id)};
  path.count = 1;
  return path;
}

core::Result<Call> list(const Bench& bench, std::string query) {
  const Asked asked(wire::Method::get, "/v1/payout-links?" + std::move(query));
  return route(wire::Method::get, "/v1/payout-links")
      .parse(asked.request, {}, bench.caller(), bench.context());
}

core::ListLinks listed(const Bench& bench, std::string query) {
  const auto call = list(bench, query);
  EXPECT_TRUE(call) << query;
  const auto* asked = call ? std::get_if<core::Query>(&call->what) : nullptr;
  EXPECT_NE(asked, nullptr) << query;
  return asked == nullptr ? core::ListLinks() : std::get<core::ListLinks>(*asked);
}

wire::Response answered(const core::Result<Call>& call) {
  if (!call) return error_response(Offence(call.error()));
  const auto* response = std::get_if<wire::Response>(&call->what);
  EXPECT_NE(response, nullptr);
  return response == nullptr ? wire::Response{} : *response;
}

TEST(RazorpayList, WithoutParametersTheTenNewestAreAsked) {
  const Bench bench;
  const core::ListLinks asked = listed(bench, "");
  EXPECT_EQ(asked.limit, 10U);
  EXPECT_EQ(asked.skip, 0U);
  EXPECT_TRUE(asked.filter.states.empty());
  EXPECT_FALSE(asked.filter.from || asked.filter.to);
}

TEST(RazorpayList, EachFilterIsRead) {
  const Bench bench;
  const core::Link link = bench.issued_link().link;
  const std::string url = short_url("https://elsewhere.example", bench.ids, link);
  const std::string account = print_id(kFundAccountIds, bench.ids, bench.merchant.id, 8);
  EXPECT_EQ(listed(bench, "id=" + bench.link_id(77)).filter.id, core::LinkId{77});
  EXPECT_EQ(listed(bench, "contact_id=" + bench.contact_id(5)).filter.contact, core::ContactId{5});
  EXPECT_EQ(listed(bench, "fund_account_id=" + account).filter.fund_account,
            core::FundAccountId{8});
  EXPECT_EQ(listed(bench, "short_url=" + url).filter.id, core::LinkId{77});
  EXPECT_EQ(listed(bench, "receipt=Receipt+No.%201").filter.reference, "Receipt No. 1");
  EXPECT_EQ(listed(bench, "purpose=utility%20bill").filter.purpose, "utility bill");
  EXPECT_EQ(listed(bench, "contact_email=a%40b.example").filter.email, "a@b.example");
  EXPECT_EQ(listed(bench, "contact_phone_number=9000090000").filter.phone, "9000090000");
  EXPECT_EQ(listed(bench, "contact_phone_number=+919000090000").filter.phone, "+919000090000");
  EXPECT_EQ(listed(bench, "status=expired").filter.states, std::vector{LinkState::expired});
  EXPECT_EQ(listed(bench, "status=pending").filter.states,
            (std::vector{LinkState::pending, LinkState::scheduled}));
  EXPECT_EQ(listed(bench, "count=100&skip=200").limit, 100U);
  EXPECT_EQ(listed(bench, "count=100&skip=200").skip, 200U);
}

TEST(RazorpayList, BoundsTakeFractionsAndIncludeTheirSecond) {
  const Bench bench;
  const core::ListLinks asked = listed(bench, "from=1545383037.521&to=1545383037.1");
  EXPECT_EQ(asked.filter.from->ms(), 1'545'383'037'000);
  EXPECT_EQ(asked.filter.to->ms(), 1'545'383'037'999);
}

TEST(RazorpayList, UnknownAndEmptyParametersAreIgnoredAndTheLastOfRepeatedOnesCounts) {
  const Bench bench;
  const core::ListLinks asked =
      listed(bench, "account_number=1&status=&id=&colour=red&count=5&count=7");
  EXPECT_TRUE(asked.filter.states.empty());
  EXPECT_FALSE(asked.filter.id);
  EXPECT_EQ(asked.limit, 7U);
}

TEST(RazorpayList, BadParametersAreExplained) {
  const Bench bench;
  // clang-format off
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"count=0", "The count must be at least 1."},
      {"count=-1", "The count must be at least 1."},
      {"count=101", "The count may not be greater than 100."},
      {"count=99999999999999999999", "The count may not be greater than 100."},
      {"count=abc", "The count must be an integer."},
      {"count=1.5", "The count must be an integer."},
      {"skip=-1", "The skip must be at least 0."},
      {"skip=x", "The skip must be an integer."},
      {"from=yesterday", "The from must be an integer."},
      {"to=-5", "The to must be an integer."},
      {"status=attempted", "The selected status is invalid."},
      {"id=poutlk_1", "poutlk_1 is not a valid id."},
      {"contact_id=poutlk_00000000000001", "poutlk_00000000000001 is not a valid id."},
      {"receipt=%zz", "The request body could not be read."},
  };
  // clang-format on
  for (const auto& [query, description] : rows) {
    const wire::Response response = answered(list(bench, std::string(query)));
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_EQ(described(response), description) << query;
  }
}

TEST(RazorpayList, AMalformedIdIsBlamedOnItsParameter) {
  const Bench bench;
  const wire::Response response = answered(list(bench, "contact_id=7"));
  EXPECT_TRUE(response.body.ends_with(R"("field":"contact_id"}})")) << response.body;
}

TEST(RazorpayList, FiltersThatNobodyCanMatchGiveAnEmptyCollection) {
  const Bench bench;
  const std::string others = print_id(kLinkIds, bench.ids, core::MerchantId{2}, 77);
  core::Link foreign = bench.issued_link().link;
  foreign.merchant = core::MerchantId{2};
  const std::string url = short_url("https://pay.example.com", bench.ids, foreign);
  const std::string own = short_url("x", bench.ids, bench.issued_link().link);
  for (const std::string& query :
       {std::string("id=poutlk_00000000000001"), std::string("short_url=https://rzp.io/i/3b1Tw6"),
        "id=" + others, "short_url=" + url, "id=" + bench.link_id(78) + "&short_url=" + own}) {
    const wire::Response response = answered(list(bench, query));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"entity":"collection","count":0,"items":[]})") << query;
  }
}

TEST(RazorpayList, ThePageIsPrintedWithTheNumberOfItsItems) {
  const Bench bench;
  core::LinkPage page;
  page.links = {bench.issued_link(), bench.issued_link()};
  const Asked asked(wire::Method::get, "/v1/payout-links");
  const wire::Response response =
      route(wire::Method::get, "/v1/payout-links")
          .render(Answer(core::Reply(page)), asked.request, {}, bench.caller(), bench.context());
  EXPECT_TRUE(
      response.body.starts_with(R"({"entity":"collection","count":2,"items":[{"id":"poutlk_)"));
  EXPECT_TRUE(response.body.ends_with("}]}"));
}

TEST(RazorpayFetch, ExpandIsReadRawEncodedAndMisprinted) {
  const Bench bench;
  const Route& fetch = route(wire::Method::get, "/v1/payout-links/{id}");
  for (const std::string query : {"expand[]=payouts", "expand%5B%5D=payouts", "expand[l=payouts",
                                  "expand[0]=user&expand[1]=payouts"}) {
    const Asked asked(wire::Method::get, "/v1/payout-links/x?" + query);
    const auto call =
        fetch.parse(asked.request, with_id(bench.link_id(77)), bench.caller(), bench.context());
    ASSERT_TRUE(call) << query;
    EXPECT_TRUE(std::holds_alternative<core::LinkStory>(std::get<core::Query>(call->what)))
        << query;
  }
  const Asked plain(wire::Method::get, "/v1/payout-links/x?expand[]=user");
  const auto call =
      fetch.parse(plain.request, with_id(bench.link_id(77)), bench.caller(), bench.context());
  ASSERT_TRUE(call);
  EXPECT_EQ(std::get<core::FindLink>(std::get<core::Query>(call->what)).link.id, core::LinkId{77});
}

wire::Response refused_id(const Bench& bench, wire::Method method, std::string_view pattern,
                          const std::string& id) {
  const Asked asked(method, "/v1/payout-links/x");
  const Route& row = route(method, pattern);
  const PathArguments path = with_id(id);
  const auto call = row.parse(asked.request, path, bench.caller(), bench.context());
  EXPECT_FALSE(call) << id;
  if (call) return {};
  return row.render(tl::unexpected(call.error()), asked.request, path, bench.caller(),
                    bench.context());
}

TEST(RazorpayIds, MalformedOnesAreNamedAndForgedOnesDoNotExist) {
  const Bench bench;
  std::string flipped = bench.link_id(77);
  flipped.back() = flipped.back() == 'a' ? 'b' : 'a';
  const std::string foreign = print_id(kLinkIds, bench.ids, core::MerchantId{2}, 77);
  std::string disguised = bench.contact_id(77);
  disguised.replace(0, kContactIds.prefix.size(), kLinkIds.prefix);
  // clang-format off
  const std::pair<wire::Method, std::string_view> rows[] = {
      {wire::Method::get, "/v1/payout-links/{id}"},
      {wire::Method::post, "/v1/payout-links/{id}/cancel"},
  };
  // clang-format on
  for (const auto& [method, pattern] : rows) {
    for (const std::string& id : {flipped, foreign, disguised}) {
      EXPECT_EQ(refused_id(bench, method, pattern, id).body,
                R"({"error":{"code":"BAD_REQUEST_ERROR","description":"The id provided does not )"
                R"(exist","source":"business","step":null,"reason":"input_validation_failed",)"
                R"("metadata":{},"field":"id"}})");
    }
    for (const std::string id : {"poutlk_1", "POUTLK_00000000000001", "cont_00000000000001",
                                 "poutlk_0000000000000-", "poutlk_000000000000001"}) {
      const wire::Response response = refused_id(bench, method, pattern, id);
      EXPECT_EQ(response.status, 400);
      EXPECT_EQ(described(response), id + " is not a valid id.");
    }
  }
}

TEST(RazorpayCancel, OnlyIssuedLinksAreAskedToBeCancelledWhateverTheBody) {
  const Bench bench;
  const Route& cancel = route(wire::Method::post, "/v1/payout-links/{id}/cancel");
  for (const std::string body : {"", "null", "{}", "{", "a=b"}) {
    const Asked asked(wire::Method::post, "/v1/payout-links/x/cancel", body);
    const auto call =
        cancel.parse(asked.request, with_id(bench.link_id(77)), bench.caller(), bench.context());
    ASSERT_TRUE(call);
    const auto& command = std::get<core::CancelLink>(std::get<core::Command>(call->what));
    EXPECT_EQ(command.link.id, core::LinkId{77});
    EXPECT_EQ(command.rule, core::CancelRule::issued_only);
    EXPECT_EQ(command.merchant, bench.merchant.id);
  }
}

TEST(RazorpayCancel, EveryStateThatCannotBeCancelledSaysTheSame) {
  const Bench bench;
  const Route& cancel = route(wire::Method::post, "/v1/payout-links/{id}/cancel");
  const Asked asked(wire::Method::post, "/v1/payout-links/x/cancel");
  for (const Code code :
       {Code::link_pending, Code::link_scheduled, Code::link_processing, Code::link_processed,
        Code::link_cancelled, Code::link_rejected, Code::link_expired, Code::link_not_issued}) {
    const wire::Response response =
        cancel.render(core::fail(code), asked.request, with_id(bench.link_id(77)), bench.caller(),
                      bench.context());
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.body,
              R"({"error":{"code":"BAD_REQUEST_ERROR","description":"Payout Link is not in )"
              R"(issued state and cannot be cancelled.","source":"business","step":null,)"
              R"("reason":"input_validation_failed","metadata":{},"field":null}})");
  }
}

TEST(RazorpayCreateRoute, TheCommandCarriesTheIdempotencyKeyAndValuesComeBackInErrors) {
  const Bench bench;
  const Route& create = route(wire::Method::post, "/v1/payout-links");
  const std::string body =
      R"({"account_number":"7878780080857996","contact":{"name":"Gaurav Kumar",)"
      R"("contact":"912345678"},"amount":1000,"currency":"INR","purpose":"refund",)"
      R"("description":"x"})";
  const Asked good(wire::Method::post, "/v1/payout-links", body,
                   {{"x-payout-idempotency", "order-1001"}});
  const auto call = create.parse(good.request, {}, bench.caller(), bench.context());
  ASSERT_TRUE(call);
  EXPECT_EQ(call->idempotency_key, "order-1001");

  std::string wrong = body;
  wrong.replace(wrong.find("refund"), 6, R"(<\"b\">)");
  const Asked bad(wire::Method::post, "/v1/payout-links", wrong);
  const auto refused = create.parse(bad.request, {}, bench.caller(), bench.context());
  EXPECT_EQ(answered(refused).body,
            R"({"error":{"code":"BAD_REQUEST_ERROR","description":"Invalid purpose: <\"b\">",)"
            R"("source":"business","step":null,"reason":"input_validation_failed",)"
            R"("metadata":{},"field":"purpose"}})");
}

std::string basic(std::string_view pair) { return "Basic " + wire::base64_encode(pair); }

Presented presented(const std::string& header) {
  const Asked asked(wire::Method::get, "/v1/payout-links", "", {{"authorization", header}});
  return kDialect.credentials(asked.request);
}

TEST(RazorpayCredentials, TheKeyIdAndTheSecretAreReadFromBasic) {
  const Presented key = presented(basic("rzp_test_abc:sec:ret"));
  EXPECT_EQ(key.kind, "key");
  EXPECT_EQ(key.name, "rzp_test_abc");
  EXPECT_EQ(key.secret.expose(), "sec:ret");
}

TEST(RazorpayCredentials, OtherSpellingsShowNobody) {
  for (const std::string& header :
       {std::string(), "basic " + wire::base64_encode("a:b"), basic("nocolon"), basic(":secret"),
        std::string("Basic \"x\""), std::string("Bearer abc"), std::string("Basic")}) {
    const Presented nobody = presented(header);
    EXPECT_TRUE(nobody.name.empty() && nobody.secret.empty()) << header;
  }
}

TEST(RazorpayErrors, TheDocumentedShapesArePrintedByteForByte) {
  const Bench bench;
  const Asked asked(wire::Method::get, "/v1/contacts");
  const auto body = [&](Code code) {
    return kDialect.refuse({.code = code}, asked.request, bench.context()).body;
  };
  EXPECT_EQ(body(Code::credentials_invalid),
            R"({"error":{"code":"BAD_REQUEST_ERROR","description":"Authentication failed"}})");
  EXPECT_EQ(body(Code::route_not_found),
            R"({"error":{"code":"BAD_REQUEST_ERROR","description":"The requested URL was not )"
            R"(found on the server.","source":null,"step":null,"reason":null,"metadata":{}}})");
  EXPECT_EQ(body(Code::source_account_unknown),
            R"({"error":{"code":"BAD_REQUEST_ERROR","description":"The RazorpayX Account number )"
            R"(is invalid.","source":null,"step":null,"reason":null,"metadata":{},)"
            R"("field":"account_number"}})");
  EXPECT_EQ(body(Code::address_not_allowed),
            R"({"error":{"code":"BAD_REQUEST_ERROR","description":"Transactions from this IP are )"
            R"(not allowed. Contact support for help.","source":"business","step":null,)"
            R"("reason":"input_validation_failed","metadata":{},"field":null}})");
  EXPECT_EQ(body(Code::internal_error),
            R"({"error":{"code":"SERVER_ERROR","description":"We are facing some trouble )"
            R"(completing your request at the moment. Please try again shortly.","source":"NA",)"
            R"("step":"NA","reason":"NA","metadata":{}}})");
}

TEST(RazorpayErrors, StatusesAreTheDocumentedOnes) {
  // clang-format off
  const std::pair<Code, int> rows[] = {
      {Code::credentials_missing, 401},
      {Code::route_not_found, 400},
      {Code::method_not_allowed, 400},
      {Code::body_too_large, 413},
      {Code::too_many_requests, 429},
      {Code::idempotency_key_reused, 400},
      {Code::draining, 503},
      {Code::store_unavailable, 503},
      {Code::internal_error, 500},
      {Code::link_not_found, 400},
  };
  // clang-format on
  for (const auto& [code, status] : rows) {
    EXPECT_EQ(error_response(core::Error{.code = code}).status, status) << core::name(code);
  }
}

TEST(RazorpayErrors, NoTextIsEmptyOrHasAPlaceholderLeftWhenAFieldIsKnown) {
  for (const ErrorRow& row : kErrors) {
    const std::string text =
        described(error_response(core::Error{.code = row.code, .field = "name"}, "x"));
    EXPECT_FALSE(text.empty()) << core::name(row.code);
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
  }
}

TEST(RazorpayErrors, ABearerTokenIsRefusedInTheWordsOfOauth) {
  const Bench bench;
  const Asked asked(wire::Method::get, "/v1/payout-links", "", {{"Authorization", "Bearer x"}});
  const wire::Response response =
      kDialect.refuse({.code = Code::credentials_missing}, asked.request, bench.context());
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.body,
            R"({"error":{"code":"BAD_REQUEST_AUTHENTICATION_ERROR","description":"The OAuth token )"
            R"(used in the request was invalid or has expired","source":"business",)"
            R"("reason":"authentication_failed","step":null,"metadata":{}}})");
}

TEST(RazorpayLinks, TheUrlHasTheClaimCodeOfTheLink) {
  const Bench bench;
  const core::Link link = bench.issued_link().link;
  const std::string url = kDialect.link_url(link, bench.context());
  ASSERT_TRUE(url.starts_with("https://pay.example.com/i/"));
  EXPECT_EQ(url.size(), std::string_view("https://pay.example.com/i/").size() + 22);
  EXPECT_EQ(claim_of_short_url(bench.ids, url + "/?utm=x"),
            (core::Claim{.merchant = link.merchant, .link = link.id}));
  EXPECT_EQ(kDialect.claim_paths.front().pattern, "/i/{code}");
}

}  // namespace
}  // namespace disburse::dialects::razorpay
