#include "dialects/payu/answers.hpp"

#include <gtest/gtest.h>

#include "dialects/payu/errors.hpp"
#include "dialects/payu/payu_fixture.hpp"

namespace disburse::dialects::payu {
namespace {

using testing::Call;
using testing::time_of;

std::string java(std::int64_t paise) {
  return java_double(core::Money::from_paise(paise).value_or(core::Money()));
}

// What `Double.toString(paise / 100.0)` gives on a JVM.
TEST(PayuAmounts, ArePrintedAsJavaPrintsADouble) {
  EXPECT_EQ(java(0), "0.0");
  EXPECT_EQ(java(1), "0.01");
  EXPECT_EQ(java(10), "0.1");
  EXPECT_EQ(java(99), "0.99");
  EXPECT_EQ(java(100), "1.0");
  EXPECT_EQ(java(150), "1.5");
  EXPECT_EQ(java(12'011), "120.11");
  EXPECT_EQ(java(100'000'000), "1000000.0");
  EXPECT_EQ(java(999'999'999), "9999999.99");
}

TEST(PayuAmounts, GetAnExponentFromTenMillionRupeesOn) {
  EXPECT_EQ(java(1'000'000'000), "1.0E7");
  EXPECT_EQ(java(1'000'000'001), "1.000000001E7");
  EXPECT_EQ(java(1'234'567'890), "1.23456789E7");
  EXPECT_EQ(java(1'230'000'000), "1.23E7");
  EXPECT_EQ(java(10'000'000'010), "1.000000001E8");
  EXPECT_EQ(java(100'000'000'000), "1.0E9");
  EXPECT_EQ(java(999'999'999'999'999), "9.99999999999999E12");
}

TEST(PayuAnswers, EnvelopesHaveFourKeysInPayusOrder) {
  EXPECT_EQ(success("Success").body, R"({"status":0,"msg":"Success","code":null,"data":null})");
  EXPECT_EQ(refusal({1112, "SmartPay Link not found"}).body,
            R"({"status":1,"msg":"SmartPay Link not found","code":1112,"data":null})");
  EXPECT_EQ(refusal({0, "Invalid value"}).body,
            R"({"status":1,"msg":"Invalid value","code":null,"data":null})");
  EXPECT_EQ(refusal({1112, ""}).status, 200);
}

TEST(PayuAnswers, SpringBodiesNameThePathWithItsContext) {
  Call call(wire::Method::put, "/payout/v2/smartSend/expiry/123");
  const wire::Response response =
      spring_error(401, "Access is denied", call.request(), time_of("2024-01-30T09:07:37.189Z"));
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.body,
            R"({"timestamp":"2024-01-30T09:07:37.189+0000","status":401,"error":"Unauthorized",)"
            R"("message":"Access is denied","path":"/payout/v2/smartSend/expiry/123"})");
}

TEST(PayuErrors, EveryCodeHasAnAnswerAndNoneShowsOurOwnWords) {
  Call call(wire::Method::post, "/payout/smartPay");
  for (std::size_t i = 0; i < core::kCodeCount; ++i) {
    const auto code = static_cast<core::Code>(i);
    const core::Error error{code, "amount", "a detail for our log"};
    const std::string body = kDialect.refuse(error, call.request(), call.context()).body;
    EXPECT_FALSE(error_row(code).message.empty()) << core::name(code);
    EXPECT_EQ(body.find("a detail"), std::string::npos) << body;
    EXPECT_EQ(body.find(core::name(code)), std::string::npos) << body;
  }
}

TEST(PayuErrors, UnknownPathsAndWrongMethodsAreSpringBodies) {
  Call call(wire::Method::get, "/payout/nothing");
  const wire::Response unknown =
      kDialect.refuse({core::Code::route_not_found}, call.request(), call.context());
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.body.find(R"("error":"Not Found")"), std::string::npos);
  EXPECT_EQ(
      kDialect.refuse({core::Code::method_not_allowed}, call.request(), call.context()).status,
      405);
  EXPECT_EQ(kDialect.refuse({core::Code::malformed_request}, call.request(), call.context()).status,
            400);
  EXPECT_EQ(kDialect.refuse({core::Code::body_too_large}, call.request(), call.context()).status,
            413);
}

}  // namespace
}  // namespace disburse::dialects::payu
