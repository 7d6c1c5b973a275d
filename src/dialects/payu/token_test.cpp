#include "dialects/payu/token.hpp"

#include <gtest/gtest.h>

#include "dialects/payu/payu_fixture.hpp"
#include "dialects/payu/requests.hpp"

namespace disburse::dialects::payu {
namespace {

using testing::Call;
using namespace std::chrono_literals;

constexpr std::string_view kPublic =
    "6f8bb4951e030d4d7349e64a144a534778673585f86039617c167166e9154f7e";
constexpr std::string_view kOtherPublic =
    "ccbb70745faad9c06092bb5c79bfd919b6f45fd454f34619d83920893e90ae6b";

Call token(std::string body, std::string type = "application/x-www-form-urlencoded") {
  Call call(wire::Method::post, "/oauth/token", {}, std::move(body));
  call.header("content-type", std::move(type));
  return call;
}

SignIn sign_in(Call call) {
  const auto parsed = call.parse();
  const SignIn* found = parsed ? std::get_if<SignIn>(&parsed->what) : nullptr;
  return found == nullptr ? SignIn{} : *found;
}

std::string error_of(Call call) {
  const std::string body = call.answer();
  constexpr std::string_view kStart = R"({"error":")";
  if (!body.starts_with(kStart)) return body;
  return body.substr(kStart.size(), body.find('"', kStart.size()) - kStart.size());
}

std::string password_body(std::string_view client) {
  return "grant_type=password&scope=create_payout_transactions&client_id=" + std::string(client) +
         "&username=payouttest4%40mailinator.com&password=Tester%40123&=";
}

TEST(PayuToken, ThePasswordSampleWithItsEmptyPairIsASignIn) {
  for (const std::string_view client : {kPublic, kOtherPublic}) {
    const SignIn sign = sign_in(token(password_body(client)));
    EXPECT_EQ(sign.grant, SignIn::Grant::password);
    EXPECT_EQ(sign.kind, "user");
    EXPECT_EQ(sign.name, "payouttest4@mailinator.com");
    EXPECT_EQ(sign.secret.expose(), "Tester@123");
    EXPECT_EQ(sign.scope, "create_payout_transactions");
  }
}

TEST(PayuToken, ClientCredentialsAreASignIn) {
  const SignIn sign =
      sign_in(token("grant_type=client_credentials&client_id=ab&client_secret=cd"
                    "&scope=create_payout_transactions"));
  EXPECT_EQ(sign.grant, SignIn::Grant::client);
  EXPECT_EQ(sign.kind, "client");
  EXPECT_EQ(sign.name, "ab");
  EXPECT_EQ(sign.secret.expose(), "cd");
}

TEST(PayuToken, RefreshingNeedsNoSecretAndNoScope) {
  const SignIn sign = sign_in(
      token("grant_type=refresh_token&client_id=" + std::string(kPublic) + "&refresh_token=ff8e"));
  EXPECT_EQ(sign.grant, SignIn::Grant::refresh);
  EXPECT_EQ(sign.refresh_token.expose(), "ff8e");
}

TEST(PayuToken, OnlyFormsAreRead) {
  EXPECT_EQ(error_of(token(password_body(kPublic), "application/json")), "invalid_request");
  EXPECT_EQ(error_of(token(password_body(kPublic), "")), "invalid_request");
  EXPECT_EQ(
      sign_in(token(password_body(kPublic), "Application/X-WWW-Form-Urlencoded; charset=UTF-8"))
          .name,
      "payouttest4@mailinator.com");
}

TEST(PayuToken, EachCauseHasItsError) {
  const std::string client = "&client_id=" + std::string(kPublic);
  EXPECT_EQ(error_of(token("")), "invalid_request");
  EXPECT_EQ(error_of(token("scope=create_payout_transactions" + client)), "invalid_request");
  EXPECT_EQ(error_of(token("grant_type=refresh_token" + client)), "invalid_request");
  EXPECT_EQ(error_of(token("grant_type=password&username=a" + client)), "invalid_request");
  EXPECT_EQ(error_of(token("grant_type=%zz")), "invalid_request");
  EXPECT_EQ(error_of(token(password_body("abcd"))), "invalid_client");
  EXPECT_EQ(error_of(token("grant_type=refresh_token&refresh_token=a&client_id=b")),
            "invalid_client");
  EXPECT_EQ(error_of(token("grant_type=client_credentials&client_id=a")), "invalid_client");
  EXPECT_EQ(error_of(token("grant_type=implicit" + client)), "unsupported_grant_type");
  EXPECT_EQ(error_of(token("grant_type=client_credentials&client_id=a&client_secret=b&scope=all")),
            "invalid_scope");
}

TEST(PayuToken, WrongCredentialsAreInvalidGrantAndAWrongClientIsInvalidClient) {
  Call password = token(password_body(kPublic));
  const wire::Response refused = password.refused(core::Code::credentials_invalid);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body,
            R"({"error":"invalid_grant","error_description":"The provided authorization grant is )"
            R"(invalid, expired, revoked, does not match the redirection URI used in the )"
            R"(authorization request, or was issued to another client."})");
  Call client = token("grant_type=client_credentials&client_id=a&client_secret=b");
  EXPECT_NE(client.refused(core::Code::credentials_invalid).body.find("\"invalid_client\""),
            std::string::npos);
  EXPECT_EQ(client.refused(core::Code::draining).status, 503);
}

Tokens sample_tokens() {
  Tokens tokens;
  tokens.access_token = core::SecretText("581b");
  tokens.expires_in = 7'199'999ms;
  tokens.created_at = core::Instant::from_seconds(1'585'216'027);
  tokens.scope = "create_payout_transactions";
  tokens.credential = core::CredentialId{7};
  return tokens;
}

TEST(PayuToken, ThePasswordAnswerHasTheSamplesKeysInTheSamplesOrder) {
  Tokens tokens = sample_tokens();
  tokens.refresh_token = core::SecretText("ff8e");
  const wire::Response response = token(password_body(kPublic)).render(Answer(tokens));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"access_token":"581b","token_type":"Bearer","expires_in":7199,)"
                           R"("refresh_token":"ff8e","scope":"create_payout_transactions",)"
                           R"("created_at":1585216027,"user_uuid":")" +
                               user_uuid(core::CredentialId{7}) + "\"}");
}

TEST(PayuToken, APrivateClientGetsNeitherRefreshTokenNorUser) {
  Call call = token("grant_type=client_credentials&client_id=a&client_secret=b");
  EXPECT_EQ(call.render(Answer(sample_tokens())).body,
            R"({"access_token":"581b","token_type":"Bearer","expires_in":7199,)"
            R"("scope":"create_payout_transactions","created_at":1585216027})");
}

TEST(PayuCredentials, TheTokenComesWithAnySchemeOfTheSamplesOrNone) {
  const auto shown = [](std::string name, std::string value) {
    Call call(wire::Method::get, "/payout/smartPay/status");
    call.header(std::move(name), std::move(value));
    return credentials(call.request()).secret.expose();
  };
  EXPECT_EQ(shown("Authorization", "Bearer abc"), "abc");
  EXPECT_EQ(shown("authorization", "bearer abc"), "abc");
  EXPECT_EQ(shown("Authorization", "BEARER   abc "), "abc");
  EXPECT_EQ(shown("Authorization", "abc"), "abc");
  EXPECT_EQ(shown("Authentication", "Bearer abc"), "abc");
  EXPECT_EQ(shown("X-Other", "Bearer abc"), "");
}

}  // namespace
}  // namespace disburse::dialects::payu
