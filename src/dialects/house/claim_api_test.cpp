// The claim API: codes, states, requests and answers.
#include <gtest/gtest.h>

#include "dialects/house/claim_code.hpp"
#include "dialects/house/errors.hpp"
#include "dialects/house/house_fixture.hpp"
#include "wire/json.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;
using testing::Call;
using testing::kClaim;
using wire::Method;

std::string api(std::string_view rest = "") {
  return "/api/v1/claims/" + testing::short_code() + std::string(rest);
}

std::string code_in(const wire::Response& response) {
  const auto body = wire::parse_json(response.body);
  if (!body || body->find("code") == nullptr) return {};
  return std::string(body->find("code")->text());
}

std::string field_in(const wire::Response& response) {
  const auto body = wire::parse_json(response.body);
  if (!body || body->find("field") == nullptr) return {};
  return std::string(body->find("field")->text());
}

std::string state_in(core::ClaimView claim) {
  const wire::Response response = Call(Method::get, api()).render(core::Reply(std::move(claim)));
  const auto body = wire::parse_json(response.body);
  return body ? std::string(body->find("state")->text()) : "";
}

TEST(ClaimCode, BothShapesOpenTheSameClaim) {
  const auto opened_short = open_code(testing::fixed_ids(), testing::short_code());
  const auto opened_long = open_code(testing::fixed_ids(), testing::long_code());
  ASSERT_TRUE(opened_short && opened_long);
  EXPECT_EQ(*opened_short, kClaim);
  EXPECT_EQ(*opened_long, kClaim);
}

TEST(ClaimCode, ABlankWhereAPlusWasStillOpens) {
  // Ids are tried until one has a "+" in it: one in two does.
  for (std::uint64_t id = 1; id < 100; ++id) {
    const auto sealed = testing::fixed_ids().seal384(core::IdKind::link, core::MerchantId{1}, id);
    std::string code =
        wire::base64_encode({reinterpret_cast<const char*>(sealed.data()), sealed.size()});
    if (code.find('+') == std::string::npos) continue;
    std::replace(code.begin(), code.end(), '+', ' ');
    const auto opened = open_code(testing::fixed_ids(), code);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->link.value, id);
    return;
  }
  FAIL() << "no code with a plus among a hundred";
}

TEST(ClaimCode, AnyChangedCharacterIsRefusedAsAnUnknownLinkIs) {
  for (const std::string& good : {testing::short_code(), testing::long_code()}) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string forged = good;
      forged[i] = forged[i] == 'A' ? 'B' : 'A';
      const auto opened = open_code(testing::fixed_ids(), forged);
      ASSERT_FALSE(opened) << forged;
      EXPECT_EQ(opened.error().code, Code::link_not_found);
    }
  }
}

TEST(ClaimCode, OtherLengthsAndLettersAreRefused) {
  const std::string cut = testing::short_code().substr(1);
  for (const std::string& code :
       {std::string(), std::string("-"), cut, testing::long_code() + "A", std::string(22, '\''),
        std::string(64, '<'), std::string(5000, 'a')}) {
    EXPECT_FALSE(open_code(testing::fixed_ids(), code)) << code;
  }
}

TEST(ClaimApi, ALookIsAQueryWithTheBearerToken) {
  const auto query =
      Call(Method::get, api()).header("Authorization", "bearer abc").asked<core::FindClaim>();
  EXPECT_EQ(query.claim, kClaim);
  EXPECT_EQ(query.claim_token.expose(), "abc");
}

TEST(ClaimApi, ThePercentEncodedLongCodeIsTaken) {
  const std::string target = "/api/v1/claims/" + wire::percent_encode(testing::long_code());
  EXPECT_EQ(Call(Method::get, target).asked<core::FindClaim>().claim, kClaim);
}

TEST(ClaimApi, AnOpenLinkIsToldInFull) {
  core::ClaimView claim = testing::open_claim();
  claim.view.contact.email = "gaurav.kumar@example.com";
  const wire::Response response = Call(Method::get, api()).render(core::Reply(claim));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(testing::header_of(response, "cache-control"), "no-store");
  EXPECT_EQ(
      response.body,
      R"({"state":"open","merchant":"Acme Refunds","amount_paise":125000,"currency":"INR",)"
      R"("description":"Order 4711, one item returned","methods":["bank","upi"],)"
      R"("expires_at":"2024-01-22T04:30:00Z","otp":{"required":true,"verified":false,)"
      R"("channels":[{"channel":"sms","to":"*******999"},)"
      R"({"channel":"email","to":"ga****@example.com"}],"sent_at":null,"locked_until":null},)"
      R"("purpose":"refund","activates_at":null,"utr":null,"last_failure":null,"support":""})");
}

TEST(ClaimApi, EveryStateHasItsWord) {
  using core::LinkState;
  core::ClaimView claim = testing::open_claim();
  const std::pair<LinkState, std::string_view> kWords[] = {
      {LinkState::pending, "approval"},  {LinkState::scheduled, "scheduled"},
      {LinkState::issued, "open"},       {LinkState::processing, "submitted"},
      {LinkState::processed, "paid"},    {LinkState::cancelled, "cancelled"},
      {LinkState::rejected, "rejected"}, {LinkState::expired, "expired"}};
  for (const auto& [state, word] : kWords) {
    claim.view.link.state = state;
    EXPECT_EQ(state_in(claim), word);
  }
}

TEST(ClaimApi, ADeadlineCountsBeforeItsTimerHasRun) {
  core::ClaimView claim = testing::open_claim();
  claim.view.link.expires_at = testing::time_of("2024-01-15T04:29:59Z");
  EXPECT_EQ(state_in(claim), "expired");
}

TEST(ClaimApi, ARefusedPayoutLeavesTheLinkOpenWithItsReason) {
  core::ClaimView claim = testing::open_claim();
  claim.view.payout.emplace();
  claim.view.payout->state = core::PayoutState::refused;
  claim.view.payout->reason = "account_closed";
  claim.view.payout->reason_text = "The account is closed.";
  const wire::Response response = Call(Method::get, api()).render(core::Reply(claim));
  EXPECT_EQ(state_in(claim), "open");
  EXPECT_NE(response.body.find(
                R"("last_failure":{"code":"account_closed","reason":"The account is closed."})"),
            std::string::npos)
      << response.body;
}

TEST(ClaimApi, AReversedPayoutIsFailedAndShowsNoReferenceAsPaid) {
  core::ClaimView claim = testing::open_claim();
  claim.view.link.state = core::LinkState::processed;
  claim.view.payout.emplace();
  claim.view.payout->utr = "402610123456";
  claim.view.payout->state = core::PayoutState::settled;
  EXPECT_EQ(state_in(claim), "paid");
  claim.view.payout->state = core::PayoutState::reversed;
  EXPECT_EQ(state_in(claim), "failed");
  EXPECT_EQ(Call(Method::get, api()).render(core::Reply(claim)).body.find("402610123456"),
            std::string::npos);
}

TEST(ClaimApi, UpiIsNotOfferedAboveWhatItCarries) {
  core::ClaimView claim = testing::open_claim();
  claim.view.link.amount = core::Money::from_paise(100'000'01).value_or(core::Money());
  const wire::Response response = Call(Method::get, api()).render(core::Reply(claim));
  EXPECT_NE(response.body.find(R"("methods":["bank"])"), std::string::npos) << response.body;
}

TEST(ClaimApi, WalletsAndCardsAreNotOffered) {
  core::ClaimView claim = testing::open_claim();
  claim.view.link.methods = 15;
  const wire::Response response = Call(Method::get, api()).render(core::Reply(claim));
  EXPECT_NE(response.body.find(R"("methods":["bank","upi"])"), std::string::npos) << response.body;
}

TEST(ClaimApi, SendingNamesTheChannel) {
  Call call(Method::post, api("/otp"), R"({"channel":"email"})");
  const auto command = call.asked<core::SendOtp>();
  EXPECT_EQ(command.claim, kClaim);
  EXPECT_EQ(command.channel, core::Channel::email);
  EXPECT_EQ(command.address, "203.0.113.9");
  const wire::Response sent = call.render(
      core::Reply(core::OtpSent{core::Channel::email, testing::time_of("2024-01-15T04:40:00Z")}));
  EXPECT_EQ(sent.status, 202);
  EXPECT_EQ(sent.body, R"({"channel":"email","expires_at":"2024-01-15T04:40:00Z"})");
}

TEST(ClaimApi, SendingRefusesOtherBodies) {
  const std::pair<std::string_view, std::string_view> kBodies[] = {
      {R"({"channel":"pigeon"})", "otp_channel_unknown"},
      {"{}", "field_required"},
      {R"({"channel":7})", "field_invalid"},
      {"[]", "malformed_request"},
      {"", "malformed_request"},
      {"channel=sms", "malformed_request"}};
  for (const auto& [body, code] : kBodies) {
    EXPECT_EQ(code_in(Call(Method::post, api("/otp"), std::string(body)).answer()), code) << body;
  }
}

TEST(ClaimApi, VerifyingAnswersTheClaimToken) {
  Call call(Method::post, api("/otp/verify"), R"({"otp":"012345"})");
  EXPECT_EQ(call.asked<core::VerifyOtp>().otp.expose(), "012345");
  const wire::Response answer = call.render(core::Reply(
      core::OtpVerified{core::SecretText("t0k"), testing::time_of("2024-01-15T05:00:00Z")}));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"claim_token":"t0k","expires_at":"2024-01-15T05:00:00Z"})");
  EXPECT_EQ(call.refused(Code::otp_wrong, "otp").status, 400);
  EXPECT_EQ(call.refused(Code::otp_locked, "otp").status, 429);
  EXPECT_EQ(testing::header_of(call.refused(Code::otp_locked), "retry-after"), "1800");
}

TEST(ClaimApi, SubmittingABankAccountCarriesTokenAndDetails) {
  Call call(Method::post, api("/submit"),
            R"({"method":"bank","name":" Gaurav Kumar ","account_number":"5123 4567 890",)"
            R"("account_number_again":"51234567890","ifsc":"hdfc0000001"})");
  const auto command = call.header("Authorization", "Bearer tok").asked<core::SubmitClaim>();
  EXPECT_EQ(command.claim_token.expose(), "tok");
  EXPECT_EQ(command.method, core::PayMethod::bank);
  EXPECT_EQ(command.holder_name, "Gaurav Kumar");
  EXPECT_EQ(command.account_number.expose(), "51234567890");
  EXPECT_EQ(command.ifsc, "HDFC0000001");
  const wire::Response answer = call.render(core::Reply(core::LinkView{}));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, R"({"state":"submitted"})");
}

TEST(ClaimApi, SubmittingAUpiIdNeedsNoName) {
  const auto command =
      Call(Method::post, api("/submit"), R"({"method":"upi","vpa":"Success@Sandbox"})")
          .asked<core::SubmitClaim>();
  EXPECT_EQ(command.method, core::PayMethod::upi);
  EXPECT_EQ(command.vpa.expose(), "success@sandbox");
}

struct BadDetails {
  std::string_view body;
  std::string_view code;
  std::string_view field;
};

TEST(ClaimApi, WrongDetailsNameTheirFieldAndNothingReachesTheEngine) {
  const BadDetails kBad[] = {
      {R"({})", "field_required", "method"},
      {R"({"method":"cash"})", "method_unknown", "method"},
      {R"({"method":"upi"})", "field_required", "vpa"},
      {R"({"method":"upi","vpa":"nobody"})", "vpa_invalid", "vpa"},
      {R"({"method":"bank","account_number":"51234567890","account_number_again":"51234567890","ifsc":"HDFC0000001"})",
       "field_required", "name"},
      {R"({"method":"bank","name":"G","account_number":"512345","account_number_again":"512345","ifsc":"HDFC0000001"})",
       "account_number_invalid", "account_number"},
      {R"({"method":"bank","name":"G","account_number":"51234567890",)"
       R"("account_number_again":"51234567891","ifsc":"HDFC0000001"})",
       "account_numbers_differ", "account_number_again"},
      {R"({"method":"bank","name":"G","account_number":"51234567890","ifsc":"HDFC0000001"})",
       "field_required", "account_number_again"},
      {R"({"method":"bank","name":"G","account_number":"51234567890",)"
       R"("account_number_again":"51234567890","ifsc":"HDFC1"})",
       "ifsc_invalid", "ifsc"},
      {R"({"method":"bank","name":"G","account_number":51234567890})", "field_invalid",
       "account_number"},
  };
  for (const BadDetails& bad : kBad) {
    const wire::Response answer =
        Call(Method::post, api("/submit"), std::string(bad.body)).answer();
    EXPECT_EQ(code_in(answer), bad.code) << bad.body;
    EXPECT_EQ(field_in(answer), bad.field) << bad.body;
    EXPECT_EQ(answer.status, 400) << bad.body;
    EXPECT_EQ(answer.body.find("5123456789"), std::string::npos) << "an account number is echoed";
  }
}

TEST(Problem, HasTheShapeOfRfc9457) {
  const wire::Response response = problem({Code::otp_expired, "otp", "only for the log"});
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(
      response.body,
      R"({"type":"urn:disburse:error:otp_expired","title":"The one-time password has expired; send a new one",)"
      R"("status":409,"code":"otp_expired","field":"otp",)"
      R"("detail":"The one-time password has expired; send a new one."})");
}

TEST(Problem, NamesAFieldOnlyWhenItIsKnown) {
  EXPECT_EQ(problem({Code::link_expired}).body.find("\"field\""), std::string::npos);
  EXPECT_EQ(field_in(problem({Code::ifsc_invalid})), "ifsc");
  EXPECT_EQ(field_in(problem({Code::holder_name_invalid, "holder_name"})), "name");
}

// What every code of a kind is answered with; 0: the kind has several.
int status_of(core::Kind kind) {
  switch (kind) {
    case core::Kind::not_found:
      return 404;
    case core::Kind::unauthorised:
      return 401;
    case core::Kind::forbidden:
      return 403;
    case core::Kind::conflict:
      return 409;
    case core::Kind::unavailable:
      return 503;
    case core::Kind::internal:
      return 500;
    case core::Kind::bad_request:
    case core::Kind::limited:
      return 0;
  }
  return 0;
}

TEST(Problem, StatusFollowsTheKindOfTheCode) {
  for (std::size_t i = 0; i < core::kCodeCount; ++i) {
    const Code code = static_cast<Code>(i);
    const int status = status_of(core::kind(code));
    if (status == 0) continue;
    EXPECT_EQ(error_row(code).status, status) << core::name(code);
  }
}

TEST(Problem, ARefusalThatMayPassSaysWhenToTryAgain) {
  EXPECT_EQ(testing::header_of(problem({Code::otp_too_soon}), "retry-after"), "30");
  EXPECT_EQ(testing::header_of(problem({Code::overloaded}), "retry-after"), "1");
  EXPECT_EQ(testing::header_of(problem({Code::link_expired}), "retry-after"), "");
  EXPECT_EQ(testing::header_of(problem({Code::otp_required}), "www-authenticate"), "Bearer");
}

}  // namespace
}  // namespace disburse::dialects::house
