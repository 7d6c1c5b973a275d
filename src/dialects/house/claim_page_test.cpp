// The recipient's page: what it shows, what its forms become, and that nothing gets into it as markup.
#include <gtest/gtest.h>

#include "dialects/house/house_fixture.hpp"
#include "dialects/house/page_form.hpp"
#include "dialects/house/page_template.hpp"
#include "generated/claim_web.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;
using testing::Call;
using testing::header_of;
using wire::Method;

std::string page_url(std::string_view rest = "") { return "/c/" + testing::short_code() + std::string(rest); }

std::string html(const core::ClaimView& claim, std::string_view query = "", std::string cookies = "") {
  Call call(Method::get, page_url(query));
  if (!cookies.empty()) call.header("Cookie", std::move(cookies));
  return call.render(core::Reply(claim)).body;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

core::ClaimView verified() {
  core::ClaimView claim = testing::open_claim();
  claim.otp_verified = true;
  return claim;
}

core::ClaimView code_sent() {
  core::ClaimView claim = testing::open_claim();
  claim.view.link.otp.nonce = 7;
  claim.view.link.otp.sent_at = testing::time_of("2024-01-15T04:29:50Z");
  return claim;
}

// ---- what it shows --------------------------------------------------------------------------------------------

TEST(ClaimPage, AnOpenLinkSaysWhoSendsHowMuchAndWhy) {
  const std::string page = html(testing::open_claim());
  EXPECT_TRUE(contains(page, "Acme Refunds is sending you"));
  EXPECT_TRUE(contains(page, "₹1,250"));
  EXPECT_TRUE(contains(page, "Order 4711, one item returned"));
  EXPECT_TRUE(contains(page, "*******999"));
  EXPECT_FALSE(contains(page, "9999999999")) << "the whole number is shown";
  EXPECT_TRUE(contains(page, "action=\"" + page_url("/otp") + "\""));
  EXPECT_FALSE(contains(page, "account_number")) << "details are asked before the one-time password";
}

TEST(ClaimPage, TheLongCodesPageHasFormsWithTheShortCode) {
  Call call(Method::get, "/c/" + wire::percent_encode(testing::long_code()));
  const std::string page = call.render(core::Reply(testing::open_claim())).body;
  EXPECT_TRUE(contains(page, "action=\"" + page_url("/otp") + "\""));
  EXPECT_FALSE(contains(page, testing::long_code()));
}

TEST(ClaimPage, TwoContactsAreOfferedAsAChoice) {
  core::ClaimView claim = testing::open_claim();
  EXPECT_FALSE(contains(html(claim), "type=\"radio\""));
  claim.view.contact.email = "gaurav.kumar@example.com";
  const std::string page = html(claim);
  EXPECT_TRUE(contains(page, "type=\"radio\" name=\"channel\" value=\"email\""));
  EXPECT_TRUE(contains(page, "ga****@example.com"));
}

TEST(ClaimPage, AfterSendingItAsksForTheCodeUntilTheCodeExpires) {
  Call call(Method::get, page_url());
  EXPECT_TRUE(contains(call.render(core::Reply(code_sent())).body, "autocomplete=\"one-time-code\""));
  call.now = call.now + core::limits::kOtpLife;
  EXPECT_FALSE(contains(call.render(core::Reply(code_sent())).body, "autocomplete=\"one-time-code\""));
}

TEST(ClaimPage, ALockedClaimAsksForNothing) {
  core::ClaimView claim = code_sent();
  claim.view.link.otp.locked_until = testing::time_of("2024-01-15T05:00:00Z");
  const std::string page = html(claim);
  EXPECT_TRUE(contains(page, "Locked for a while"));
  EXPECT_TRUE(contains(page, "10:30"));
  EXPECT_FALSE(contains(page, "<form"));
}

TEST(ClaimPage, OnceProvenItAsksForAnAccount) {
  const std::string page = html(verified());
  for (const std::string_view name : {"name", "account_number", "account_number_again", "ifsc"}) {
    EXPECT_TRUE(contains(page, "name=\"" + std::string(name) + "\"")) << name;
  }
  EXPECT_FALSE(contains(page, "name=\"vpa\""));
  EXPECT_TRUE(contains(html(verified(), "?method=upi"), "name=\"vpa\""));
}

TEST(ClaimPage, ALinkWithoutAOneTimePasswordAsksForTheAccountAtOnce) {
  core::ClaimView claim = testing::open_claim();
  claim.view.link.otp_required = false;
  EXPECT_TRUE(contains(html(claim), "name=\"account_number\""));
}

TEST(ClaimPage, OnlyTheLinksMethodsAreShown) {
  core::ClaimView claim = verified();
  claim.view.link.methods = static_cast<core::PayMethods>(core::PayMethod::upi);
  EXPECT_TRUE(contains(html(claim), "name=\"vpa\""));
  EXPECT_FALSE(contains(html(claim), "?method=bank"));
  claim.view.link.methods = static_cast<core::PayMethods>(core::PayMethod::bank);
  EXPECT_FALSE(contains(html(claim, "?method=upi"), "name=\"vpa\""));
  // UPI alone, for more than UPI carries: there is no way to be paid, and no form.
  claim.view.link.methods = static_cast<core::PayMethods>(core::PayMethod::upi);
  claim.view.link.amount = core::Money::from_paise(100'000'01).value_or(core::Money());
  EXPECT_FALSE(contains(html(claim), "<form"));
}

TEST(ClaimPage, EveryStateHasItsPageAndNoForm) {
  using core::LinkState;
  const std::pair<LinkState, std::string_view> kPages[] = {
      {LinkState::pending, "Waiting for the sender"}, {LinkState::scheduled, "Not open yet"},
      {LinkState::processing, "On its way"},          {LinkState::processed, "Paid"},
      {LinkState::cancelled, "This link was cancelled"}, {LinkState::rejected, "This payment was not approved"},
      {LinkState::expired, "This link has expired"}};
  for (const auto& [state, headline] : kPages) {
    core::ClaimView claim = verified();
    claim.view.link.state = state;
    const std::string page = html(claim);
    EXPECT_TRUE(contains(page, "<h1>" + std::string(headline) + "</h1>")) << headline;
    EXPECT_FALSE(contains(page, "<form")) << headline;
  }
}

TEST(ClaimPage, APayoutThatRunsIsLookedAtAgainAndMoreSeldomWithTime) {
  core::ClaimView claim = verified();
  claim.view.link.state = core::LinkState::processing;
  claim.view.payout.emplace();
  claim.view.payout->created_at = testing::time_of("2024-01-15T04:30:00Z");
  EXPECT_TRUE(contains(html(claim), "content=\"3;url=" + page_url() + "\""));
  claim.view.payout->created_at = testing::time_of("2024-01-15T03:30:00Z");
  EXPECT_TRUE(contains(html(claim), "content=\"60;url="));
  EXPECT_FALSE(contains(html(testing::open_claim()), "http-equiv=\"refresh\""));
}

TEST(ClaimPage, APaidLinkShowsTheReferenceAndTheAccountOnlyToItsOwner) {
  core::ClaimView claim = testing::open_claim();
  claim.view.link.state = core::LinkState::processed;
  claim.view.payout.emplace();
  claim.view.payout->state = core::PayoutState::settled;
  claim.view.payout->utr = "402610123456";
  claim.view.fund_account.emplace();
  claim.view.fund_account->account_number = core::SecretText("51234567890");
  EXPECT_TRUE(contains(html(claim), "402610123456"));
  EXPECT_FALSE(contains(html(claim), "*******890"));
  claim.otp_verified = true;
  EXPECT_TRUE(contains(html(claim), "*******890"));
  EXPECT_FALSE(contains(html(claim), "51234567890"));
}

TEST(ClaimPage, AFailedPayoutIsToldAndCanBeTriedAgain) {
  core::ClaimView claim = verified();
  claim.view.payout.emplace();
  claim.view.payout->state = core::PayoutState::refused;
  claim.view.payout->reason_text = "The account is closed.";
  const std::string page = html(claim);
  EXPECT_TRUE(contains(page, "The last payment did not arrive: The account is closed."));
  EXPECT_TRUE(contains(page, "name=\"account_number\""));
}

TEST(ClaimPage, UnknownAndForgedCodesGetTheSamePage) {
  const wire::Response forged = Call(Method::get, "/c/" + std::string(22, 'A')).answer();
  const wire::Response unknown = Call(Method::get, page_url()).refused(Code::link_not_found);
  EXPECT_EQ(forged.status, 404);
  EXPECT_EQ(forged.body, unknown.body);
  EXPECT_EQ(forged.headers, unknown.headers);
}

// ---- that it is safe ------------------------------------------------------------------------------------------

TEST(ClaimPage, WhatTheMerchantWroteIsTextAndNotMarkup) {
  constexpr std::string_view kAttack = "\"><script>alert(1)</script><img src=x onerror='y'>{{t:safety}}{{path}}";
  core::ClaimView claim = code_sent();
  claim.merchant_name = kAttack;
  claim.support_contact = kAttack;
  claim.view.link.description = kAttack;
  claim.view.contact.email = std::string("<b>@") + "<i>.example";
  for (const bool proven : {false, true}) {
    claim.otp_verified = proven;
    const std::string page = html(claim);
    EXPECT_FALSE(contains(page, "<script>"));
    EXPECT_FALSE(contains(page, "<img"));
    EXPECT_FALSE(contains(page, "<b>"));
    EXPECT_FALSE(contains(page, "<i>"));
    EXPECT_TRUE(contains(page, "{{t:safety}}{{path}}")) << "a value was filled as a template";
  }
  claim.view.link.state = core::LinkState::cancelled;
  EXPECT_FALSE(contains(html(claim), "<script>"));
}

TEST(ClaimPage, WhatAQueryOrCookieSaysIsTextAndNotMarkup) {
  const std::string cookies = "claim_form=" + wire::base64url_encode("name=%22%3E%3Cscript%3E&ifsc=%3Cb%3E");
  const std::string page = html(verified(), "?error=%3Cscript%3E.name&error=ifsc_invalid.%3Cscript%3E&method=%3Cscript%3E",
                                cookies);
  EXPECT_FALSE(contains(page, "<script>"));
  EXPECT_TRUE(contains(page, "value=\"&quot;&gt;&lt;script&gt;\""));
}

TEST(ClaimPage, AnErrorThatIsNotOnTheListShowsNothing) {
  EXPECT_EQ(html(verified(), "?error=your_account_is_closed_call_1800.name&error=internal_error"), html(verified()));
  EXPECT_EQ(html(verified(), "?error="), html(verified()));
}

TEST(ClaimPage, HeadersAllowNothingFromElsewhere) {
  const wire::Response response = Call(Method::get, page_url()).render(core::Reply(testing::open_claim()));
  EXPECT_EQ(header_of(response, "content-security-policy"),
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'");
  EXPECT_EQ(header_of(response, "referrer-policy"), "no-referrer");
  EXPECT_EQ(header_of(response, "x-content-type-options"), "nosniff");
  EXPECT_EQ(header_of(response, "cache-control"), "no-store");
  EXPECT_TRUE(header_of(response, "x-robots-tag").starts_with("noindex"));
}

TEST(ClaimPage, NothingIsInlineThatThePolicyWouldRefuse) {
  for (const auto& [file, text] : embedded::claim_web_files) {
    if (!file.ends_with(".html")) continue;
    EXPECT_FALSE(contains(text, "style=")) << file;
    EXPECT_FALSE(contains(text, "<style")) << file;
    EXPECT_FALSE(contains(text, " onclick")) << file;
    EXPECT_FALSE(contains(text, "http://")) << file;
    EXPECT_FALSE(contains(text, "https://")) << file;
  }
}

TEST(ClaimPage, TheWholeFirstViewIsUnderThirtyKilobytes) {
  const std::size_t files = embedded::claim_css.size() + embedded::claim_js.size() + embedded::icon_svg.size();
  EXPECT_LT(html(verified()).size() + files, 30'000U);
}

TEST(ClaimPage, AFormFromAnotherSiteIsRefused) {
  const auto status = [](std::string name, std::string value) {
    return Call(Method::post, page_url("/otp"), "channel=sms").header(std::move(name), std::move(value)).answer().status;
  };
  constexpr int kTaken = 0;  // it asks the engine
  EXPECT_EQ(status("Sec-Fetch-Site", "cross-site"), 403);
  EXPECT_EQ(status("Sec-Fetch-Site", "same-site"), 403);
  EXPECT_EQ(status("Sec-Fetch-Site", "same-origin"), kTaken);
  EXPECT_EQ(status("Origin", "https://evil.example"), 403);
  EXPECT_EQ(status("Origin", "http://127.0.0.1:8080"), kTaken);
  EXPECT_EQ(status("Origin", "null"), kTaken);
  EXPECT_EQ(status("Accept", "text/html"), kTaken);
}

// ---- what its forms become ------------------------------------------------------------------------------------

TEST(ClaimForms, SendingGoesBackToThePage) {
  Call call(Method::post, page_url("/otp"), "channel=email");
  EXPECT_EQ(call.asked<core::SendOtp>().channel, core::Channel::email);
  const wire::Response sent = call.render(core::Reply(core::OtpSent{}));
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(header_of(sent, "location"), page_url());
  EXPECT_EQ(header_of(call.refused(Code::otp_too_soon), "location"), page_url("?error=otp_too_soon"));
}

TEST(ClaimForms, TheRightCodeSetsACookieForThisLinkOnly) {
  Call call(Method::post, page_url("/otp/verify"), "otp=123+456");
  EXPECT_EQ(call.asked<core::VerifyOtp>().otp.expose(), "123456");
  const core::OtpVerified proof{core::SecretText("t0ken"), testing::time_of("2024-01-15T05:00:00Z")};
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
  EXPECT_EQ(header_of(call.refused(Code::otp_wrong, "otp"), "location"), page_url("?error=otp_wrong.otp"));
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
            "method=bank&name=Gaurav+Kumar&account_number=51234567890&account_number_again=51234567890&ifsc=hdfc0000001");
  call.header("Cookie", "other=1; claim_token=t0ken; claim_form=x");
  const auto command = call.asked<core::SubmitClaim>();
  EXPECT_EQ(command.claim_token.expose(), "t0ken");
  EXPECT_EQ(command.account_number.expose(), "51234567890");
  const wire::Response answer = call.render(core::Reply(core::LinkView{}));
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header_of(answer, "location"), page_url());
  EXPECT_TRUE(contains(header_of(answer, "set-cookie"), "Max-Age=0")) << "what was typed is forgotten";
}

TEST(ClaimForms, AllMistakesAreToldAtOnceAndWhatWasTypedIsKept) {
  Call call(Method::post, page_url("/submit"),
            "method=bank&name=%3CGaurav%3E&account_number=51234567890&account_number_again=51234567891&ifsc=HDFC1");
  const wire::Response answer = call.answer();
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header_of(answer, "location"),
            page_url("?error=account_numbers_differ.account_number_again&error=ifsc_invalid.ifsc"));
  const std::string cookie_line = header_of(answer, "set-cookie");
  EXPECT_TRUE(contains(cookie_line, "HttpOnly"));
  const std::string cookies = cookie_line.substr(0, cookie_line.find(';'));

  const std::string page = html(verified(), "?error=account_numbers_differ.account_number_again&error=ifsc_invalid.ifsc",
                                cookies);
  EXPECT_TRUE(contains(page, "value=\"&lt;Gaurav&gt;\""));
  EXPECT_TRUE(contains(page, "value=\"HDFC1\""));
  EXPECT_TRUE(contains(page, "The two account numbers are not the same."));
  EXPECT_TRUE(contains(page, "<a href=\"#ifsc\">"));
  EXPECT_TRUE(contains(page, "<title>Check what you entered"));
}

TEST(ClaimForms, AnAccountNumberIsNeitherInTheCookieNorInTheLocation) {
  Call call(Method::post, page_url("/submit"),
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
  EXPECT_TRUE(contains(html(testing::open_claim(), "?error=otp_required&method=upi"), "please confirm again"));
}

TEST(ClaimForms, ALinkThatIsClosedMeanwhileShowsItsState) {
  Call call(Method::post, page_url("/submit"), "method=upi&vpa=kk@okaxis");
  EXPECT_EQ(header_of(call.refused(Code::link_expired), "location"), page_url());
  EXPECT_EQ(call.refused(Code::store_unavailable).status, 503);
}

TEST(ClaimForms, DamagedCookiesAreIgnored) {
  for (const std::string_view cookies : {"claim_form", "claim_form=", "claim_form=%", "claim_form=!!!", ";;;=;",
                                         "claim_form=JQ", "claim_token=%zz"}) {
    EXPECT_EQ(html(verified(), "", std::string(cookies)), html(verified())) << cookies;
  }
}

// ---- templates and texts --------------------------------------------------------------------------------------

TEST(Templates, EveryTextThatATemplateNamesIsInTheCatalogue) {
  for (const auto& [file, text] : embedded::claim_web_files) {
    for (std::size_t at = text.find("{{t:"); at != std::string_view::npos; at = text.find("{{t:", at + 1)) {
      const std::string_view name = text.substr(at + 4, text.find("}}", at) - at - 4);
      EXPECT_TRUE(find_text(name)) << file << ": " << name;
    }
  }
}

TEST(Templates, ConditionsAndValuesAreFilled) {
  Values values;
  values.set("a", "<1>").set("empty", "");
  EXPECT_EQ(fill("{{a}}|{{{a}}}|{{#a}}yes{{/a}}|{{^a}}no{{/a}}|{{#empty}}x{{/empty}}{{^empty}}y{{/empty}}|{{none}}",
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
