// The entity, byte for byte as the documented samples have it, and with the keys that only some of
// them have. Threads: one.
#include "dialects/razorpay/entity.hpp"

#include <gtest/gtest.h>

#include "dialects/razorpay/bench_test.hpp"
#include "dialects/razorpay/payout.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::LinkState;

const core::Notes kTea = {{"notes_key_1", "Tea, Earl Grey, Hot"},
                          {"notes_key_2", "Tea, Earl Grey… decaf."}};

PayoutLink sample() {
  PayoutLink link;
  link.id = "poutlk_00000000000001";
  link.contact_id = "cont_00000000000001";
  link.contact_name = "Gaurav Kumar";
  link.contact_type = "customer";
  link.contact_phone = "912345678";
  link.contact_email = "gaurav.kumar@example.com";
  link.purpose = "refund";
  link.status = "issued";
  link.amount = 1000;
  link.description = "Payout link for Gaurav Kumar";
  link.receipt = "Receipt No. 1";
  link.notes = &kTea;
  link.short_url = "https://rzp.io/i/3b1Tw6";
  link.send_sms = true;
  link.send_email = true;
  link.created_at = 1545383037;
  link.shows_expiry = true;
  link.expire_by = 1545384058;
  link.expired_at = 1545384658;  // the samples have it in every state
  return link;
}

std::string printed(const PayoutLink& link, Layout layout) {
  std::string out;
  wire::JsonWriter json(out);
  write_link(json, link, layout);
  return out;
}

TEST(RazorpayEntity, TheCreateSampleIsPrintedByteForByte) {
  EXPECT_EQ(
      printed(sample(), Layout::created),
      R"({"id":"poutlk_00000000000001","entity":"payout_link","contact":{"name":"Gaurav Kumar",)"
      R"("email":"gaurav.kumar@example.com","contact":"912345678","type":"customer"},)"
      R"("purpose":"refund",)"
      R"("status":"issued","amount":1000,"currency":"INR",)"
      R"("description":"Payout link for Gaurav Kumar","short_url":"https://rzp.io/i/3b1Tw6",)"
      R"("created_at":1545383037,"contact_id":"cont_00000000000001","send_sms":true,)"
      R"("send_email":true,"fund_account_id":null,"payout_id":null,"cancelled_at":null,)"
      R"("attempt_count":0,"user_id":null,"receipt":"Receipt No. 1","notes":{"notes_key_1":"Tea, Earl Grey, Hot",)"
      R"("notes_key_2":"Tea, Earl Grey… decaf."},"expire_by":1545384058,)"
      R"("expired_at":1545384658})");
}

TEST(RazorpayEntity, TheFetchSampleIsPrintedByteForByte) {
  PayoutLink link = sample();
  link.status = "processed";
  link.fund_account_id = "fa_00000000000001";
  link.payout_id = "pout_00000000000001";
  link.attempt_count = 1;
  EXPECT_EQ(
      printed(link, Layout::fetched),
      R"({"id":"poutlk_00000000000001","entity":"payout_link","contact_id":"cont_00000000000001",)"
      R"("contact":{"name":"Gaurav Kumar","type":"customer","contact":"912345678",)"
      R"("email":"gaurav.kumar@example.com"},"fund_account_id":"fa_00000000000001",)"
      R"("payout_id":"pout_00000000000001",)"
      R"("purpose":"refund","status":"processed","amount":1000,"currency":"INR",)"
      R"("description":"Payout link for Gaurav Kumar","attempt_count":1,"user_id":null,)"
      R"("receipt":"Receipt No. 1","notes":{"notes_key_1":"Tea, Earl Grey, Hot",)"
      R"("notes_key_2":"Tea, Earl Grey… decaf."},"short_url":"https://rzp.io/i/3b1Tw6",)"
      R"("send_sms":true,"send_email":true,"cancelled_at":null,"created_at":1545383037,)"
      R"("expire_by":1545384058,"expired_at":1545384658})");
}

TEST(RazorpayEntity, TheCancelSampleIsPrintedByteForByte) {
  PayoutLink link = sample();
  link.status = "cancelled";
  link.description = "Payout Link for Gaurav Kumar";
  link.cancelled_at = 1596122334;
  EXPECT_EQ(
      printed(link, Layout::fetched),
      R"({"id":"poutlk_00000000000001","entity":"payout_link","contact_id":"cont_00000000000001",)"
      R"("contact":{"name":"Gaurav Kumar","type":"customer","contact":"912345678",)"
      R"("email":"gaurav.kumar@example.com"},"fund_account_id":null,"payout_id":null,)"
      R"("purpose":"refund","status":"cancelled","amount":1000,"currency":"INR",)"
      R"("description":"Payout Link for Gaurav Kumar","attempt_count":0,"user_id":null,)"
      R"("receipt":"Receipt No. 1","notes":{"notes_key_1":"Tea, Earl Grey, Hot",)"
      R"("notes_key_2":"Tea, Earl Grey… decaf."},"short_url":"https://rzp.io/i/3b1Tw6",)"
      R"("send_sms":true,"send_email":true,"cancelled_at":1596122334,"created_at":1545383037,)"
      R"("expire_by":1545384058,"expired_at":1545384658})");
}

TEST(RazorpayEntity, WhatIsUnsetIsNullAndNoNotesAreAList) {
  PayoutLink link = sample();
  const core::Notes none;
  link.notes = &none;
  link.contact_email = {};
  link.receipt = {};
  link.expire_by.reset();
  link.expired_at.reset();
  const std::string out = printed(link, Layout::fetched);
  for (const std::string_view part : {R"("email":null)", R"("receipt":null,"notes":[],)",
                                      R"("expire_by":null,"expired_at":null})"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part << " in " << out;
  }
}

TEST(RazorpayEntity, ExpiryIsNotShownWhereTheFeatureIsOff) {
  Bench bench;
  bench.merchant.settings.expiry_feature = false;
  const core::LinkView view = bench.issued_link();
  const PayoutLink link = payout_link_of(view, LinkState::issued, bench.merchant, bench.context());
  EXPECT_EQ(printed(link, Layout::fetched).find("expire"), std::string::npos);
}

TEST(RazorpayEntity, ALinkExpiresWhenItsDeadlinePassesBeforeAnyTimerRan) {
  const Bench bench;
  core::LinkView view = bench.issued_link();
  view.link.expires_at = bench.now;
  const LinkState state = core::state_at(view.link, bench.now);
  const PayoutLink link = payout_link_of(view, state, bench.merchant, bench.context());
  EXPECT_EQ(link.status, "expired");
  EXPECT_EQ(link.expired_at, bench.now.seconds());
}

TEST(RazorpayEntity, ThePayoutIsNamedOnlyOnceItIsProcessed) {
  const Bench bench;
  core::LinkView view = bench.issued_link();
  view.link.payout = core::PayoutId{9};
  view.link.fund_account = core::FundAccountId{8};
  view.link.attempts = 1;
  const PayoutLink again = payout_link_of(view, LinkState::issued, bench.merchant, bench.context());
  EXPECT_TRUE(again.payout_id.empty());
  EXPECT_TRUE(again.fund_account_id.starts_with("fa_"));
  EXPECT_EQ(again.attempt_count, 1U);  // never counted back, whatever the attempted sample says
  const PayoutLink paid =
      payout_link_of(view, LinkState::processed, bench.merchant, bench.context());
  EXPECT_TRUE(paid.payout_id.starts_with("pout_"));
  EXPECT_EQ(paid.payout_id.size(), 19U);
}

TEST(RazorpayEntity, PayoutsAreListedNewestFirstWithTheLinksNotes) {
  const Bench bench;
  core::Story story;
  story.view = bench.issued_link();
  story.view.link.notes = kTea;
  core::Payout refused;
  refused.merchant = bench.merchant.id;
  refused.id = core::PayoutId{1};
  refused.state = core::PayoutState::refused;
  refused.amount = story.view.link.amount;
  refused.mode = "IMPS";
  refused.reason = "account_closed";
  refused.reason_text = "the beneficiary's account is closed";
  refused.created_at = bench.now;
  core::Payout sent = refused;
  sent.id = core::PayoutId{2};
  sent.state = core::PayoutState::sent;
  story.payouts = {refused, sent};

  std::string out;
  wire::JsonWriter json(out);
  json.begin_object();
  write_payouts(json, story, bench.merchant, bench.context());
  json.end_object();
  const auto id = [&bench](std::uint64_t of) {
    return print_id(kPayoutIds, bench.ids, bench.merchant.id, of);
  };
  const std::string rest =
      R"("entity":"payout","fund_account_id":null,"amount":1000,"currency":"INR",)"
      R"("notes":{"notes_key_1":"Tea, Earl Grey, Hot","notes_key_2":"Tea, Earl Grey… decaf."},)"
      R"("fees":0,"tax":0,)";
  const std::string tail =
      R"(,"utr":null,"mode":"IMPS","purpose":"refund","reference_id":"Receipt No. 1",)"
      R"("narration":"Acme Refunds Pvt Ltd","debit_account_number":"7878780080857996",)"
      R"("batch_id":null,"failure_reason":)";
  const std::string_view closed =
      "Payout failed as the beneficiary account is closed. Please contact the beneficiary bank.";
  const std::string end =
      R"("code":"NA","step":"NA","metadata":{}},"created_at":1545383037,"fee_type":null})";
  const std::string why = "\"" + std::string(closed) +
                          R"(","source":"beneficiary_bank","reason":"bank_account_closed")";
  EXPECT_EQ(out, R"({"payouts":{"entity":"collection","count":2,"items":[{"id":")" + id(2) + "\"," +
                     rest + R"("status":"processing")" + tail + R"(null,"status_details":null,)" +
                     R"("error":{"description":null,"source":null,"reason":null,)" + end +
                     R"(,{"id":")" + id(1) + "\"," + rest + R"("status":"failed")" + tail + "\"" +
                     std::string(closed) + R"(","status_details":{"description":)" + why +
                     R"(},"error":{"description":)" + why + "," + end + "]}}");
}

TEST(RazorpayEntity, EveryStateOfAPayoutHasItsWordAndTheReasonThatIsKnown) {
  using enum core::PayoutState;
  struct {
    core::PayoutState state;
    std::string_view word, reason;
  } const kStates[] = {{created, "processing", ""},
                       {sent, "processing", ""},
                       {unknown, "processing", ""},
                       {pending, "pending", "pending_approval"},
                       {scheduled, "scheduled", ""},
                       {queued, "queued", "low_balance"},
                       {settled, "processed", "payout_processed"},
                       {refused, "failed", "beneficiary_bank_rejected"},
                       {reversed, "reversed", "beneficiary_bank_rejected"},
                       {cancelled, "cancelled", ""}};
  const Bench bench;
  for (const auto& [state, word, reason] : kStates) {
    core::Story story;
    story.view = bench.issued_link();
    core::Payout payout;
    payout.merchant = bench.merchant.id;
    payout.id = core::PayoutId{1};
    payout.state = state;
    payout.reason = "a reason of the bank's own";
    story.payouts = {payout};
    std::string out;
    wire::JsonWriter json(out);
    json.begin_object();
    write_payouts(json, story, bench.merchant, bench.context());
    json.end_object();
    EXPECT_NE(out.find("\"status\":\"" + std::string(word) + "\""), std::string::npos) << out;
    const std::string details =
        reason.empty() ? R"("status_details":null)" : "\"reason\":\"" + std::string(reason) + "\"";
    EXPECT_NE(out.find(details), std::string::npos) << core::name(state) << ": " << out;
  }
}

TEST(RazorpayEntity, EveryStateHasItsWord) {
  EXPECT_EQ(status_name(LinkState::scheduled), "pending");
  for (const LinkState state :
       {LinkState::pending, LinkState::issued, LinkState::processing, LinkState::processed,
        LinkState::cancelled, LinkState::rejected, LinkState::expired}) {
    EXPECT_EQ(status_name(state), core::name(state));
  }
}

}  // namespace
}  // namespace disburse::dialects::razorpay
