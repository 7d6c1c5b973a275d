// The recipient's page: what it shows, and that nothing gets into it as markup.
#include <gtest/gtest.h>

#include "dialects/house/page_fixture.hpp"
#include "generated/claim_web.hpp"
#include "wire/url.hpp"

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

// ---- what it shows
// --------------------------------------------------------------------------------------------

TEST(ClaimPage, AnOpenLinkSaysWhoSendsHowMuchAndWhy) {
  const std::string page = html(testing::open_claim());
  EXPECT_TRUE(contains(page, "Acme Refunds is sending you"));
  EXPECT_TRUE(contains(page, "₹1,250"));
  EXPECT_TRUE(contains(page, "Order 4711, one item returned"));
  EXPECT_TRUE(contains(page, "*******999"));
  EXPECT_FALSE(contains(page, "9999999999")) << "the whole number is shown";
  EXPECT_TRUE(contains(page, "action=\"" + page_url("/otp") + "\""));
  EXPECT_FALSE(contains(page, "account_number"))
      << "details are asked before the one-time password";
}

TEST(ClaimPage, WithoutADescriptionThePurposeSaysWhy) {
  core::ClaimView claim = testing::open_claim();
  claim.view.link.description.clear();
  claim.view.link.purpose = "vendor_bill";
  EXPECT_TRUE(contains(html(claim), "Vendor bill"));
  claim.view.link.purpose = "Diwali bonus";
  EXPECT_TRUE(contains(html(claim), "Diwali bonus"));
}

TEST(ClaimPage, WhoCannotProveAnythingIsSentBackToTheSender) {
  core::ClaimView claim = testing::open_claim();
  claim.view.contact.phone.clear();
  claim.view.contact.email.clear();
  const std::string page = html(claim);
  EXPECT_FALSE(contains(page, "<form"));
  EXPECT_TRUE(contains(page, "<h1>This link cannot be used</h1>"));
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
  EXPECT_TRUE(
      contains(call.render(core::Reply(code_sent())).body, "autocomplete=\"one-time-code\""));
  call.now = call.now + core::limits::kOtpLife;
  EXPECT_FALSE(
      contains(call.render(core::Reply(code_sent())).body, "autocomplete=\"one-time-code\""));
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
      {LinkState::pending, "Waiting for the sender"},
      {LinkState::scheduled, "Not open yet"},
      {LinkState::processing, "On its way"},
      {LinkState::processed, "Paid"},
      {LinkState::cancelled, "This link was cancelled"},
      {LinkState::rejected, "This payment was not approved"},
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

// ---- that it is safe
// ------------------------------------------------------------------------------------------

TEST(ClaimPage, WhatTheMerchantWroteIsTextAndNotMarkup) {
  constexpr std::string_view kAttack =
      "\"><script>alert(1)</script><img src=x onerror='y'>{{t:safety}}{{path}}";
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
  const std::string cookies =
      "claim_form=" + wire::base64url_encode("name=%22%3E%3Cscript%3E&ifsc=%3Cb%3E");
  const std::string page =
      html(verified(),
           "?error=%3Cscript%3E.name&error=ifsc_invalid.%3Cscript%3E&method=%3Cscript%3E", cookies);
  EXPECT_FALSE(contains(page, "<script>"));
  EXPECT_TRUE(contains(page, "value=\"&quot;&gt;&lt;script&gt;\""));
}

TEST(ClaimPage, AnErrorThatIsNotOnTheListShowsNothing) {
  EXPECT_EQ(html(verified(), "?error=your_account_is_closed_call_1800.name&error=internal_error"),
            html(verified()));
  EXPECT_EQ(html(verified(), "?error="), html(verified()));
}

TEST(ClaimPage, HeadersAllowNothingFromElsewhere) {
  const wire::Response response =
      Call(Method::get, page_url()).render(core::Reply(testing::open_claim()));
  EXPECT_EQ(header_of(response, "content-security-policy"),
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action "
            "'self'; "
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
  const std::size_t files =
      embedded::claim_css.size() + embedded::claim_js.size() + embedded::icon_svg.size();
  EXPECT_LT(html(verified()).size() + files, 30'000U);
}

TEST(ClaimPage, AFormFromAnotherSiteIsRefused) {
  const auto status = [](std::string name, std::string value) {
    return Call(Method::post, page_url("/otp"), "channel=sms")
        .header(std::move(name), std::move(value))
        .answer()
        .status;
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

}  // namespace
}  // namespace disburse::dialects::house
