#include <gtest/gtest.h>

#include "dialects/payu/payu_fixture.hpp"
#include "dialects/payu/smart_send.hpp"

namespace disburse::dialects::payu {
namespace {

using testing::Call;

constexpr std::string_view kSample =
    R"({"amount":1.0,"merchantRefId":"test1111","custEmail":"test@gmail.com",)"
    R"("custName":"test","custMobile":"9999999999","description":"smart pay test1"})";

Call create(std::string_view body) {
  return Call(wire::Method::post, "/payout/smartPay", {}, std::string(body));
}
core::CreateLink made(std::string_view body) { return create(body).command<core::CreateLink>(); }

// A good body but for one field, whose JSON is given; "" leaves it out.
std::string with(std::string_view field, std::string_view json) {
  const std::pair<std::string_view, std::string_view> fields[] = {
      {"merchantRefId", "\"r1\""}, {"amount", "1"},       {"custMobile", "\"9999999999\""},
      {"custEmail", "\"a@b.in\""}, {"custName", "\"n\""}, {"description", "\"d\""},
      {"verifyOtp", "true"}};
  std::string body = "{";
  for (const auto& [name, good] : fields) {
    const std::string_view value = name == field ? json : good;
    if (value.empty()) continue;
    if (body.size() > 1) body += ',';
    body += '"' + std::string(name) + "\":" + std::string(value);
  }
  return body + "}";
}

std::string fail_with(std::string_view list) {
  return R"({"status":1,"msg":"Fail","code":null,"data":[)" + std::string(list) + "]}";
}
std::string problem(std::string_view code, std::string_view message) {
  return fail_with("{\"code\":" + std::string(code) + ",\"message\":\"" + std::string(message) +
                   "\"}");
}

TEST(PayuCreate, TheDocumentedSampleBecomesALink) {
  const core::CreateLink link = made(kSample);
  EXPECT_EQ(link.merchant, core::MerchantId{1});
  EXPECT_EQ(link.dialect, "payu");
  EXPECT_EQ(link.variant, "v1");
  EXPECT_EQ(link.amount.paise(), 100);
  EXPECT_EQ(link.reference, "test1111");
  EXPECT_TRUE(link.reference_unique);
  EXPECT_EQ(link.description, "smart pay test1");
  EXPECT_EQ(link.contact_name, "test");
  EXPECT_EQ(link.phone, "9999999999");
  EXPECT_EQ(link.email, "test@gmail.com");
  EXPECT_TRUE(link.send_sms);
  EXPECT_TRUE(link.send_email);
  EXPECT_EQ(link.otp_required, std::nullopt);
  EXPECT_EQ(link.methods, core::PayMethod::bank | core::PayMethod::upi);
  EXPECT_EQ(link.expires_at, testing::time_of("2024-01-22T04:30:00Z"));
}

TEST(PayuCreate, TheAccountsSettingSaysHowLongALinkLives) {
  Call call = create(kSample);
  call.merchant.settings.link_life = std::chrono::hours(48);
  EXPECT_EQ(call.command<core::CreateLink>().expires_at, testing::time_of("2024-01-17T04:30:00Z"));
}

TEST(PayuCreate, TheLinkGoesToTheContactsThatWereGiven) {
  const core::CreateLink sms = made(with("custEmail", "\"\""));
  EXPECT_TRUE(sms.send_sms);
  EXPECT_FALSE(sms.send_email);
  const core::CreateLink email = made(with("custMobile", "null"));
  EXPECT_FALSE(email.send_sms);
  EXPECT_TRUE(email.send_email);
}

TEST(PayuCreate, NumbersComeAsNumbersOrStrings) {
  EXPECT_EQ(made(with("amount", "\"1\"")).amount.paise(), 100);
  EXPECT_EQ(made(with("amount", "1234.12")).amount.paise(), 123'412);
  EXPECT_EQ(made(with("amount", "\"100.00\"")).amount.paise(), 10'000);
  EXPECT_EQ(made(with("amount", "0.5")).amount.paise(), 50);
  EXPECT_EQ(made(with("custMobile", "7754927986")).phone, "7754927986");
  EXPECT_EQ(made(with("merchantRefId", "1584856958885")).reference, "1584856958885");
}

TEST(PayuCreate, AMobileIsKeptAsWritten) {
  EXPECT_EQ(made(with("custMobile", "\"+91 99999-99999\"")).phone, "+91 99999-99999");
  EXPECT_EQ(made(with("custMobile", "\"09999999999\"")).phone, "09999999999");
}

TEST(PayuCreate, AnOtpIsAskedForOnlyWhenTheFlagWasSent) {
  EXPECT_EQ(made(with("verifyOtp", "true")).otp_required, true);
  EXPECT_EQ(made(with("verifyOtp", "\"false\"")).otp_required, false);
  EXPECT_EQ(made(with("verifyOtp", "\"TRUE\"")).otp_required, true);
  EXPECT_EQ(made(with("verifyOtp", "\"\"")).otp_required, std::nullopt);
  EXPECT_EQ(made(with("verifyOtp", "")).otp_required, std::nullopt);
  EXPECT_EQ(create(with("verifyOtp", "1")).answer(), problem("null", "verifyOtp is invalid"));
}

TEST(PayuCreate, AmountsThatAreNotWholePaiseAreRefused) {
  for (const std::string_view amount :
       {"0",       "0.00",    "-1",        "1.005",  "1.000",         "1e3",
        "1E2",     "\"ten\"", "\"1,000\"", "\"+1\"", "true",          "[]",
        "{}",      "null",    "\"\"",      "\" \"",  "1000000000.01", "99999999999999999999",
        "\"NaN\"", "\"1.\"",  "\".5\""}) {
    EXPECT_EQ(create(with("amount", amount)).answer(), problem("1104", "amount is invalid"))
        << amount;
  }
  EXPECT_EQ(made(with("amount", "1000000000.00")).amount.paise(), 100'000'000'000);
}

TEST(PayuCreate, EachFieldHasItsCode) {
  EXPECT_EQ(create(with("merchantRefId", "")).answer(),
            problem("1101", "merchantRefId is required"));
  EXPECT_EQ(create(with("merchantRefId", "\"  \"")).answer(),
            problem("1101", "merchantRefId is required"));
  EXPECT_EQ(create(with("merchantRefId", "[1]")).answer(),
            problem("1101", "merchantRefId is invalid"));
  EXPECT_EQ(create(with("merchantRefId", "\"" + std::string(41, 'a') + "\"")).answer(),
            problem("1102", "merchantRefId length is invalid"));
  EXPECT_EQ(create(with("custMobile", "\"5999999999\"")).answer(),
            problem("1105", "custMobile is invalid"));
  EXPECT_EQ(create(with("custMobile", "\"+1 202 555 0100\"")).answer(),
            problem("1105", "custMobile is invalid"));
  EXPECT_EQ(create(with("custMobile", "true")).answer(), problem("1105", "custMobile is invalid"));
  EXPECT_EQ(create(with("custEmail", "\"nobody\"")).answer(),
            problem("1106", "custEmail is invalid"));
  EXPECT_EQ(create(with("custEmail", "{}")).answer(), problem("1106", "custEmail is invalid"));
  EXPECT_EQ(create(with("description", "\"\"")).answer(),
            problem("1114", "description is required"));
  EXPECT_EQ(create(with("description", "\"" + std::string(501, 'd') + "\"")).answer(),
            problem("1114", "description is invalid"));
  EXPECT_EQ(create(with("custName", "\"" + std::string(101, 'n') + "\"")).answer(),
            problem("null", "custName is invalid"));
}

TEST(PayuCreate, AReferenceOfFortyCharactersIsTaken) {
  EXPECT_EQ(made(with("merchantRefId", "\"" + std::string(40, 'a') + "\"")).reference.size(), 40U);
}

TEST(PayuCreate, WithoutAContactItIs1108WhichIsTheDocumentedFailure) {
  EXPECT_EQ(create(R"({"amount":1,"merchantRefId":"r","description":"d"})").answer(),
            problem("1108", "custMobile or custEmail is required"));
  EXPECT_EQ(create(R"({"amount":1,"merchantRefId":"r","description":"d","custMobile":"",)"
                   R"("custEmail":""})")
                .answer(),
            problem("1108", "custMobile or custEmail is required"));
}

TEST(PayuCreate, AllProblemsAreListedAtOnceInTheOrderOfTheCodes) {
  EXPECT_EQ(create("{}").answer(),
            fail_with(R"({"code":1101,"message":"merchantRefId is required"},)"
                      R"({"code":1104,"message":"amount is invalid"},)"
                      R"({"code":1108,"message":"custMobile or custEmail is required"},)"
                      R"({"code":1114,"message":"description is required"})"));
  EXPECT_EQ(
      create(R"({"custMobile":"1","custEmail":"2","amount":"x","merchantRefId":"r"})").answer(),
      fail_with(R"({"code":1104,"message":"amount is invalid"},)"
                R"({"code":1105,"message":"custMobile is invalid"},)"
                R"({"code":1106,"message":"custEmail is invalid"},)"
                R"({"code":1114,"message":"description is required"})"));
}

TEST(PayuCreate, WhatIsNoJsonObjectIsASpring400) {
  for (const std::string_view body :
       {"", "{", "[]", "\"a\"", "merchantRefId=1", "{\"amount\":01}"}) {
    Call call = create(body);
    const auto parsed = call.parse();
    ASSERT_FALSE(parsed) << body;
    const wire::Response response =
        call.render(core::Result<Answer>(tl::unexpected(parsed.error())));
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_NE(response.body.find(R"("error":"Bad Request")"), std::string::npos);
  }
}

TEST(PayuCreate, TheEnginesRefusalsAreListsOfOne) {
  Call call = create(kSample);
  EXPECT_EQ(call.refused(core::Code::reference_taken).body,
            problem("1103", "Duplicate merchantRefId"));
  EXPECT_EQ(call.refused(core::Code::amount_too_small).body, problem("1104", "amount is invalid"));
  EXPECT_EQ(call.refused(core::Code::store_unavailable).status, 503);
}

TEST(PayuCreate, TheAnswerIsTheLinkWithItsIdPercentEncoded) {
  Call call = create(kSample);
  const core::LinkView view = testing::open_link();
  const std::string id = link_id(call.ids, view.link.merchant, view.link.id);
  std::string encoded;
  for (const char c : id) {
    encoded += c == '+' ? "%2B" : c == '/' ? "%2F" : std::string(1, c);
  }
  const std::string url = "http://127.0.0.1:8080/smartPay?id=" + encoded;
  EXPECT_EQ(call.render(Answer(core::Reply(view))).body,
            R"({"status":0,"msg":"Success","code":null,"data":{"link":")" + url +
                R"(","linkId":")" + id + "\"}}");
  EXPECT_EQ(kDialect.link_url(view.link, call.context()), url);
}

TEST(PayuMerchant, IsNamedByTheFirstOfFourPlaces) {
  const auto refused = [](Call call) { return call.parse().has_value() ? "" : "denied"; };
  const std::string mine = "1111122";
  const std::string other = "1111123";
  const auto call = [](std::string query) {
    Call made_call(wire::Method::post, "/payout/smartPay", std::move(query), std::string(kSample));
    made_call.without_merchant();
    return made_call;
  };
  EXPECT_STREQ(refused(call("")), "denied");
  EXPECT_STREQ(refused(call("pid=" + mine)), "");
  EXPECT_STREQ(refused(call("payoutMerchantId=" + mine)), "");
  EXPECT_STREQ(refused(call("pid=" + other + "&payoutMerchantId=" + mine)), "denied");
  EXPECT_STREQ(refused(call("").header("PID", mine)), "");
  EXPECT_STREQ(refused(call("").header("payoutmerchantid", mine)), "");
  EXPECT_STREQ(refused(call("").header("payoutMerchantId", other)), "denied");
  EXPECT_STREQ(refused(call("").header("pid", other).header("payoutMerchantId", mine)), "denied");
  EXPECT_STREQ(refused(call("pid=" + other).header("payoutMerchantId", mine)), "");
}

TEST(PayuMerchant, AnothersIsA401WithThePathInTheSpringBody) {
  Call call = create(kSample);
  call.header("payoutMerchantId", "1111123");
  const auto parsed = call.parse();
  ASSERT_FALSE(parsed);
  const wire::Response response = call.render(core::Result<Answer>(tl::unexpected(parsed.error())));
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.body,
            R"({"timestamp":"2024-01-15T04:30:00.000+0000","status":401,"error":"Unauthorized",)"
            R"("message":"Access is denied","path":"/payout/smartPay"})");
}

}  // namespace
}  // namespace disburse::dialects::payu
