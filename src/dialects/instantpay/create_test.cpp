#include "dialects/instantpay/create.hpp"

#include <gtest/gtest.h>

#include "dialects/instantpay/testing.hpp"

namespace disburse::dialects::instantpay {
namespace {

using core::CreateLink;
using core::PayMethod;
using testing::Sent;
using testing::Server;

constexpr std::string_view kPath = "/payments/payout/link/create";

struct Field {
  std::string_view name;
  std::string_view json;  // empty: left out
};

constexpr Field kGood[] = {
    {"contactDetails", R"({"name":"Gaurav","mobile":"9876543742","email":"help@instantpay.in"})"},
    {"verifyBene", "true"},
    {"amount", R"("120.112")"},
    {"purpose", R"("Refund")"},
    {"description", R"("Giving captch payment")"},
    {"referenceNo", R"("R-1")"},
    {"activatedAt", R"("2023-11-20 14:02:00")"},
    {"expiredAt", R"("2024-02-01 00:00:00")"},
    {"paymentModes", R"(["ACCOUNT","VPA"])"},
    {"sendAlert", "true"},
};

// The good request with one field put in the place of its own, or left out.
Sent with(std::string_view name = {}, std::string_view json = {}) {
  std::string body = "{";
  for (const Field& field : kGood) {
    const std::string_view value = field.name == name ? json : field.json;
    if (value.empty()) continue;
    if (body.size() > 1) body += ',';
    body.append("\"").append(field.name).append("\":").append(value);
  }
  return {.path = std::string(kPath), .body = body + "}"};
}

TEST(Create, TakesEveryFieldOfTheTable) {
  const auto link = Server().command<CreateLink>(with());
  EXPECT_EQ(link.merchant, core::MerchantId{1});
  EXPECT_EQ(link.dialect, "instantpay");
  EXPECT_EQ(link.amount.paise(), 12011);
  EXPECT_EQ(link.contact_name, "Gaurav");
  EXPECT_EQ(link.phone, "9876543742");
  EXPECT_EQ(link.email, "help@instantpay.in");
  EXPECT_EQ(link.purpose, "refund");
  EXPECT_EQ(link.description, "Giving captch payment");
  EXPECT_EQ(link.reference, "R-1");
  EXPECT_FALSE(link.reference_unique);
  EXPECT_TRUE(link.verify_beneficiary);
  EXPECT_EQ(link.methods, PayMethod::bank | PayMethod::upi);
  EXPECT_TRUE(link.send_sms);
  EXPECT_TRUE(link.send_email);
  EXPECT_EQ(core::rfc3339(*link.activates_at), "2023-11-20T08:32:00Z");
  EXPECT_EQ(core::rfc3339(*link.expires_at), "2024-01-31T18:30:00Z");
}

TEST(Create, NeedsNoContactReferenceOrAlert) {
  const Sent sent = {.path = std::string(kPath),
                     .body = R"({"verifyBene":false,"amount":1,"purpose":"Payout","description":"d",
  "activatedAt":"2024-01-01 00:00:00","expiredAt":"2024-02-01 00:00:00","paymentModes":["VPA"]})"};
  const auto link = Server().command<CreateLink>(sent);
  EXPECT_EQ(link.amount.paise(), 100);
  EXPECT_EQ(link.contact_name, "");
  EXPECT_EQ(link.reference, "");
  EXPECT_FALSE(link.send_sms);
  EXPECT_FALSE(link.send_email);
  EXPECT_EQ(link.methods, static_cast<core::PayMethods>(PayMethod::upi));
}

TEST(Create, NaIsNoReference) {
  EXPECT_EQ(Server().command<CreateLink>(with("referenceNo", R"("NA")")).reference, "");
  EXPECT_EQ(Server().command<CreateLink>(with("referenceNo", "null")).reference, "");
  EXPECT_EQ(Server().command<CreateLink>(with("referenceNo", "4711")).reference, "4711");
}

TEST(Create, AnExpiryThatCannotBeUsedBecomesNinetyDaysFromNow) {
  const Server server;
  const core::Instant replaced = server.now + std::chrono::hours(24 * 90);
  for (const char* expiry : {R"("2023-11-20 14:01:00")", R"("2023-11-20 14:02:00")",
                             R"("2024-01-15 10:00:00")", R"("2001-01-01 00:00:00")"}) {
    EXPECT_EQ(server.command<CreateLink>(with("expiredAt", expiry)).expires_at, replaced) << expiry;
  }
  const auto kept = server.command<CreateLink>(with("expiredAt", R"("2024-01-15 10:00:01")"));
  EXPECT_EQ(kept.expires_at, server.now + std::chrono::seconds(1));
  // After activation, too: the good request's expiry is on the first of February.
  const auto later = server.command<CreateLink>(with("activatedAt", R"("2024-03-01 00:00:00")"));
  EXPECT_EQ(later.expires_at, replaced);
}

TEST(Create, VerifyBeneMayBeATextAndDecidesWhetherTheContactIsNeeded) {
  const Server server;
  EXPECT_TRUE(server.command<CreateLink>(with("verifyBene", R"("true")")).verify_beneficiary);
  EXPECT_FALSE(server.command<CreateLink>(with("verifyBene", R"("false")")).verify_beneficiary);
  EXPECT_EQ(server.refusal(with("contactDetails", "")),
            "The contactDetails.name field is required.");
  EXPECT_EQ(server.refusal(with("contactDetails", "[]")),
            "The contactDetails.name field is required.");
  EXPECT_EQ(server.refusal(with("contactDetails", R"({"name":"A","email":"a@b.in"})")),
            "The contactDetails.mobile field is required.");
  EXPECT_EQ(server.refusal(with("contactDetails", R"({"name":"A","mobile":9876543742})")),
            "The contactDetails.email field is required.");
}

struct Bad {
  std::string_view field;
  std::string_view json;
  std::string_view status;
};

TEST(Create, RefusesEachBadFieldWithAValidatorsText) {
  const std::string long_text = "\"" + std::string(501, 'x') + "\"";
  const std::string long_name =
      R"({"name":")" + std::string(101, 'x') + R"(","mobile":"9876543742","email":"a@b.in"})";
  // clang-format off
  const Bad cases[] = {
      {"contactDetails", "7", "The contactDetails must be an array."},
      {"contactDetails", R"({"name":7})", "The contactDetails.name must be a string."},
      {"contactDetails", long_name,
       "The contactDetails.name must not be greater than 100 characters."},
      {"contactDetails", R"({"name":"A","mobile":"12345","email":"a@b.in"})",
       "The contactDetails.mobile format is invalid."},
      {"contactDetails", R"({"name":"A","mobile":"9876543742","email":"a@b"})",
       "The contactDetails.email must be a valid email address."},
      {"verifyBene", "", "The verifyBene field is required."},
      {"verifyBene", "1", "The verifyBene field must be true or false."},
      {"verifyBene", R"("yes")", "The verifyBene field must be true or false."},
      {"amount", "", "The amount field is required."},
      {"amount", R"("")", "The amount field is required."},
      {"amount", "true", "The amount must be a number."},
      {"amount", R"("12 rupees")", "The amount must be a number."},
      {"amount", R"("-1")", "The amount must be greater than 0."},
      {"amount", "0", "The amount must be greater than 0."},
      {"amount", R"("0.004")", "The amount must be greater than 0."},
      {"amount", "1000000000.01", "The amount must not be greater than 1000000000."},
      {"purpose", "", "The purpose field is required."},
      {"purpose", R"("refund")", "The selected purpose is invalid."},
      {"purpose", R"("Salary")", "The selected purpose is invalid."},
      {"purpose", "[]", "The selected purpose is invalid."},
      {"description", "", "The description field is required."},
      {"description", R"("   ")", "The description field is required."},
      {"description", "5", "The description must be a string."},
      {"description", long_text, "The description must not be greater than 500 characters."},
      {"referenceNo", R"("01234567890123456789012345678901234567890")",
       "The referenceNo must not be greater than 40 characters."},
      {"referenceNo", "{}", "The referenceNo must be a string."},
      {"activatedAt", "", "The activatedAt field is required."},
      {"activatedAt", R"("2023-11-20")", "The activatedAt does not match the format Y-m-d H:i:s."},
      {"activatedAt", "1700000000", "The activatedAt does not match the format Y-m-d H:i:s."},
      {"expiredAt", "", "The expiredAt field is required."},
      {"expiredAt", R"("soon")", "The expiredAt does not match the format Y-m-d H:i:s."},
      {"paymentModes", "", "The paymentModes field is required."},
      {"paymentModes", "[]", "The paymentModes field is required."},
      {"paymentModes", R"("ACCOUNT")", "The paymentModes must be an array."},
      {"paymentModes", R"(["ACCOUNT","CASH"])", "The selected paymentModes is invalid."},
      {"paymentModes", "[1]", "The selected paymentModes is invalid."},
      {"paymentModes", R"(["AMAZON","CREDITCARD"])",
       "The paymentModes must contain ACCOUNT or VPA."},
      {"sendAlert", R"("maybe")", "The sendAlert field must be true or false."},
  };
  // clang-format on
  const Server server;
  for (const Bad& bad : cases) {
    EXPECT_EQ(server.refusal(with(bad.field, bad.json)), bad.status) << bad.field << bad.json;
    EXPECT_EQ(server.refusal_code(with(bad.field, bad.json)), "ERR") << bad.field << bad.json;
  }
}

TEST(Create, ABodyThatIsNoJsonObjectIsRpi) {
  const Server server;
  for (const char* body : {"", "{", "nonsense", "7", "[1]", "{\"amount\":1,}", "a=b", "{}{}"}) {
    EXPECT_EQ(server.refusal_code({.path = std::string(kPath), .body = body}), "RPI") << body;
  }
  EXPECT_EQ(server.refusal({.path = std::string(kPath), .body = "{}"}),
            "The verifyBene field is required.");
  EXPECT_EQ(server.refusal({.path = std::string(kPath), .body = "[]"}),
            "The verifyBene field is required.");
}

TEST(Create, AnswersTheSampleOfTheProvidersPageKeyByKey) {
  const Server server;
  const core::LinkView view = testing::link_view(server);
  const auto response = server.render(with(), testing::answered(view));
  EXPECT_EQ(response.status, 200);
  const std::string id = response.body.substr(response.body.find("linkId") + 9, 24);
  const std::string code = response.body.substr(response.body.find("/l/") + 3, 22);
  const std::string order = response.body.substr(response.body.find("orderId") + 10, 18);
  EXPECT_EQ(response.body,
            R"({"statuscode":"TXN","actcode":null,"status":"Link Created Successfully",)"
            R"("data":{"linkId":")" +
                id + R"(","url":"http://127.0.0.1:8080/l/)" + code +
                R"(","status":"ISSUED",)"
                R"("contactDetails":{"name":"Instantpay India Limited","mobile":"9876543742",)"
                R"("email":"help@instantpay.in"},"amount":120.11,"purpose":"refund",)"
                R"("description":"Giving captch payment","referenceNo":"NA","verifyBene":true,)"
                R"("paymentModes":["ACCOUNT","VPA","AMAZON","CREDITCARD"],"orderId":")" +
                order +
                R"(","activatedAt":"2023-11-20 14:02:00","expiredAt":"2024-04-14 09:59:59"},)"
                R"("timestamp":"2024-01-15 10:00:00",)"
                R"("ipay_uuid":"h00001234567-89ab-4def-bedc-ba9876543210-)" +
                response.body.substr(response.body.find("ba9876543210-") + 13, 12) +
                R"(",)"
                R"("orderid":")" +
                order + R"(","environment":"PRODUCTION","internalCode":null})");
  EXPECT_EQ(order.substr(0, 13), "1240115042959");
}

TEST(Create, ALinkThatStartsLaterOrWaitsForApprovalIsIssuedOutwardly) {
  const Server server;
  core::LinkView view = testing::link_view(server);
  for (const auto state : {core::LinkState::scheduled, core::LinkState::pending}) {
    view.link.state = state;
    const auto response = server.render(with(), testing::answered(view));
    EXPECT_NE(response.body.find(R"("status":"ISSUED")"), std::string::npos) << response.body;
  }
}

TEST(Create, RefusalsOfTheEngineComeInTheEnvelopeToo) {
  const Server server;
  const auto response =
      server.render(with(), core::fail(core::Code::balance_too_low, "amount", "for the log"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Server::text(response, "statuscode"), "IAB");
  EXPECT_NE(response.body.find(R"("data":null)"), std::string::npos);
  EXPECT_NE(response.body.find(R"("orderid":null)"), std::string::npos);
  EXPECT_EQ(response.body.find("for the log"), std::string::npos);
}

}  // namespace
}  // namespace disburse::dialects::instantpay
