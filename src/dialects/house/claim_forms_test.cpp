// The forms of the recipient's page: what they become and where they lead; and the templates and
// texts it is made of.
#include <gtest/gtest.h>

#include <algorithm>

#include "dialects/house/page_fixture.hpp"
#include "dialects/house/page_template.hpp"
#include "generated/claim_web.hpp"
#include "wire/base64.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;
using testing::Call;
using testing::code_sent;
using testing::contains;
using testing::header_of;
using testing::html;
using testing::page_url;
using testing::verified;
using wire::Method;

// ---- what its forms become
// ------------------------------------------------------------------------------------

TEST(ClaimForms, SendingGoesBackToThePage) {
  Call call(Method::post, page_url("/otp"), "channel=email");
  EXPECT_EQ(call.asked<core::SendOtp>().channel, core::Channel::email);
  const wire::Response sent = call.render(core::Reply(core::OtpSent{}));
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(header_of(sent, "location"), page_url());
  EXPECT_EQ(header_of(call.refused(Code::otp_too_soon), "location"),
            page_url("?error=otp_too_soon"));
}

TEST(ClaimForms, TheRightCodeSetsACookieForThisLinkOnly) {
  Call call(Method::post, page_url("/otp/verify"), "otp=123+456");
  EXPECT_EQ(call.asked<core::VerifyOtp>().otp.expose(), "123456");
  const core::OtpVerified proof{core::SecretText("t0ken"),
                                testing::time_of("2024-01-15T05:00:00Z")};
  const wire::Response answer = call.render(core::Reply(proof));
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header_of(answer, "location"), page_url());
  EXPECT_EQ(header_of(answer, "set-cookie"),
            "claim_token=t0ken; Path=" + page_url() + "; Max-Age=1800; HttpOnly; SameSite=Lax");
  call.public_url = "https://pay.example.com";
  EXPECT_TRUE(header_of(call.render(core::Reply(proof)), "set-cookie").ends_with("; Secure"));
}

TEST(ClaimForms, AWrongCodeIsToldBesideItsField) {
  Call call(Method::post, page_url("/otp/verify"), "otp=000000");
  EXPECT_EQ(header_of(call.refused(Code::otp_wrong, "otp"), "location"),
            page_url("?error=otp_wrong.otp"));
  const std::string page = html(code_sent(), "?error=otp_wrong.otp");
  EXPECT_TRUE(contains(page, "id=\"otp-error\">That code is not right."));
  EXPECT_TRUE(contains(page, "aria-invalid=\"true\" autofocus"));
  // Locked by now: the page shows it by itself.
  EXPECT_EQ(header_of(call.refused(Code::otp_locked, "otp"), "location"), page_url());
}

TEST(ClaimForms, AnEmptyCodeDoesNotCountAsATry) {
  const wire::Response answer = Call(Method::post, page_url("/otp/verify"), "otp=++").answer();
  EXPECT_EQ(header_of(answer, "location"), page_url("?error=field_required.otp"));
}

TEST(ClaimForms, TheAccountIsSentWithTheCookiesToken) {
  Call call(Method::post, page_url("/submit"),
            "method=bank&name=Gaurav+Kumar&account_number=51234567890&account_number_again="
            "51234567890&ifsc=hdfc0000001");
  call.header("Cookie", "other=1; claim_token=t0ken; claim_form=x");
  const auto command = call.asked<core::SubmitClaim>();
  EXPECT_EQ(command.claim_token.expose(), "t0ken");
  EXPECT_EQ(command.account_number.expose(), "51234567890");
  const wire::Response answer = call.render(core::Reply(core::LinkView{}));
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header_of(answer, "location"), page_url());
  EXPECT_TRUE(contains(header_of(answer, "set-cookie"), "Max-Age=0"))
      << "what was typed is forgotten";
}

TEST(ClaimForms, AllMistakesAreToldAtOnceAndWhatWasTypedIsKept) {
  Call call(Method::post, page_url("/submit"),
            "method=bank&name=%3CGaurav%3E&account_number=51234567890&account_number_again="
            "51234567891&ifsc=HDFC1");
  const wire::Response answer = call.answer();
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header_of(answer, "location"),
            page_url("?error=account_numbers_differ.account_number_again&error=ifsc_invalid.ifsc"));
  const std::string cookie_line = header_of(answer, "set-cookie");
  EXPECT_TRUE(contains(cookie_line, "HttpOnly"));
  const std::string cookies = cookie_line.substr(0, cookie_line.find(';'));

  const std::string page =
      html(verified(), "?error=account_numbers_differ.account_number_again&error=ifsc_invalid.ifsc",
           cookies);
  EXPECT_TRUE(contains(page, "value=\"&lt;Gaurav&gt;\""));
  EXPECT_TRUE(contains(page, "value=\"HDFC1\""));
  EXPECT_TRUE(contains(page, "The two account numbers are not the same."));
  EXPECT_TRUE(contains(page, "<a href=\"#ifsc\">"));
  EXPECT_TRUE(contains(page, "<title>Check what you entered"));
}

TEST(ClaimForms, AnAccountNumberIsNeitherInTheCookieNorInTheLocation) {
  Call call(
      Method::post, page_url("/submit"),
      "method=bank&name=G&account_number=51234567890&account_number_again=51234567890&ifsc=HDFC1");
  const wire::Response answer = call.answer();
  const std::string line = header_of(answer, "set-cookie");
  const std::size_t begin = line.find('=') + 1;
  const auto typed = wire::base64url_decode(line.substr(begin, line.find(';') - begin));
  ASSERT_TRUE(typed);
  EXPECT_EQ(*typed, "name=G&ifsc=HDFC1");
  EXPECT_FALSE(contains(header_of(answer, "location"), "5123"));
}

TEST(ClaimForms, AProofThatHasRunOutLeadsBackToTheFirstStep) {
  Call call(Method::post, page_url("/submit"), "method=upi&vpa=kk@okaxis");
  const wire::Response answer = call.refused(Code::otp_required);
  EXPECT_EQ(header_of(answer, "location"), page_url("?error=otp_required&method=upi"));
  EXPECT_TRUE(contains(html(testing::open_claim(), "?error=otp_required&method=upi"),
                       "please confirm again"));
}

TEST(ClaimForms, ALinkThatIsClosedMeanwhileShowsItsState) {
  Call call(Method::post, page_url("/submit"), "method=upi&vpa=kk@okaxis");
  EXPECT_EQ(header_of(call.refused(Code::link_expired), "location"), page_url());
  EXPECT_EQ(call.refused(Code::store_unavailable).status, 503);
}

TEST(ClaimForms, DamagedCookiesAreIgnored) {
  for (const std::string_view cookies :
       {"claim_form", "claim_form=", "claim_form=%", "claim_form=!!!", ";;;=;", "claim_form=JQ",
        "claim_token=%zz"}) {
    EXPECT_EQ(html(verified(), "", std::string(cookies)), html(verified())) << cookies;
  }
}

// ---- templates and texts
// --------------------------------------------------------------------------------------

TEST(Templates, EveryTextThatATemplateNamesIsInTheCatalogue) {
  for (const auto& [file, text] : embedded::claim_web_files) {
    for (std::size_t at = text.find("{{t:"); at != std::string_view::npos;
         at = text.find("{{t:", at + 1)) {
      const std::string_view name = text.substr(at + 4, text.find("}}", at) - at - 4);
      EXPECT_TRUE(find_text(name)) << file << ": " << name;
    }
  }
}

TEST(Templates, ConditionsAndValuesAreFilled) {
  Values values;
  values.set("a", "<1>").set("empty", "");
  EXPECT_EQ(fill("{{a}}|{{{a}}}|{{#a}}yes{{/a}}|{{^a}}no{{/a}}|{{#empty}}x{{/empty}}{{^empty}}y{{/"
                 "empty}}|{{none}}",
                 values, Language::english),
            "&lt;1&gt;|<1>|yes||y|");
}

TEST(Texts, EachHasWordsAndBalancedBraces) {
  for (const TextRow& row : all_texts()) {
    EXPECT_FALSE(row.english.empty()) << row.name;
    EXPECT_EQ(std::count(row.english.begin(), row.english.end(), '{'),
              std::count(row.english.begin(), row.english.end(), '}'))
        << row.name;
    EXPECT_EQ(find_text(row.name), row.text);
  }
}

}  // namespace
}  // namespace disburse::dialects::house
