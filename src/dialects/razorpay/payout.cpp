// Printing payouts; see the header. The provider documents the payout entity but no expanded link,
// so the collection's place and order are ours (README.md). Threads: pure functions.
#include "dialects/razorpay/payout.hpp"

#include "dialects/razorpay/entity.hpp"
#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::PayoutState;
using wire::JsonWriter;

void text_or_null(JsonWriter& json, std::string_view name, std::string_view value) {
  value.empty() ? json.field(name, nullptr) : json.field(name, value);
}

void write_status_details(JsonWriter& json, const std::optional<StatusDetails>& details) {
  if (!details) {
    json.field("status_details", nullptr);
    return;
  }
  json.key("status_details").begin_object();
  text_or_null(json, "description", details->description);
  json.field("source", details->source);
  json.field("reason", details->reason);
  json.end_object();
}

// Deprecated, and still in the newest sample: null-filled unless the payout failed.
void write_error(JsonWriter& json, const PrintedPayout& payout) {
  const StatusDetails told = payout.failed && payout.details ? *payout.details : StatusDetails{};
  json.key("error").begin_object();
  text_or_null(json, "description", told.description);
  text_or_null(json, "source", told.source);
  text_or_null(json, "reason", told.reason);
  json.field("code", "NA").field("step", "NA");
  json.key("metadata").begin_object().end_object();
  json.end_object();
}

// The default narration is the billing label; narrations are 30 letters, digits and blanks.
std::string narration_of(std::string_view merchant_name) {
  constexpr std::size_t kLongest = 30;
  std::string out;
  for (const char c : merchant_name) {
    const bool allowed =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ';
    if (allowed && out.size() < kLongest) out += c;
  }
  return out;
}

}  // namespace

std::string_view payout_status(PayoutState state) {
  switch (state) {
    case PayoutState::none:
    case PayoutState::created:  // the account is being verified, for which there is no state
    case PayoutState::sent:
    case PayoutState::unknown:
      return "processing";
    case PayoutState::pending:
      return "pending";
    case PayoutState::scheduled:
      return "scheduled";
    case PayoutState::queued:
      return "queued";
    case PayoutState::settled:
      return "processed";
    case PayoutState::refused:
      return "failed";
    case PayoutState::reversed:
      return "reversed";
    case PayoutState::cancelled:
      return "cancelled";
  }
  return "processing";
}

PrintedPayout payout_of_link(const core::Payout& payout, const core::Link& link,
                             const core::Merchant& merchant, const Context& context) {
  const auto printed = [&](const IdForm& form, auto id) {
    return id ? print_id(form, context.ids, payout.merchant, id.value) : std::string();
  };
  PrintedPayout out;
  out.id = printed(kPayoutIds, payout.id);
  out.fund_account_id = printed(kFundAccountIds, payout.fund_account);
  out.amount = payout.amount.paise();
  out.notes = &link.notes;  // verbatim: receivers find their documents by them
  out.status = payout_status(payout.state);
  out.utr = payout.utr;
  out.mode = payout.mode;
  out.purpose = link.purpose;
  out.reference_id = link.reference;
  out.narration = narration_of(merchant.name);
  out.account_number = merchant.account_number;
  out.failed = payout.state == PayoutState::refused || payout.state == PayoutState::reversed;
  out.details = status_details(payout.state, payout.reason, payout.reason_text);
  out.created_at = payout.created_at.seconds();
  return out;
}

void write_payout(JsonWriter& json, const PrintedPayout& payout) {
  json.begin_object();
  text_or_null(json, "id", payout.id);
  json.field("entity", "payout");
  text_or_null(json, "fund_account_id", payout.fund_account_id);
  json.field("amount", payout.amount);
  json.field("currency", "INR");
  write_notes(json, *payout.notes);
  json.field("fees", payout.fees);
  json.field("tax", payout.tax);
  json.field("status", payout.status);
  text_or_null(json, "utr", payout.utr);
  text_or_null(json, "mode", payout.mode);
  text_or_null(json, "purpose", payout.purpose);
  text_or_null(json, "reference_id", payout.reference_id);
  text_or_null(json, "narration", payout.narration);
  text_or_null(json, "debit_account_number", payout.account_number);
  json.field("batch_id", nullptr);
  const bool told = payout.failed && payout.details;
  text_or_null(json, "failure_reason", told ? payout.details->description : std::string_view());
  write_status_details(json, payout.details);
  write_error(json, payout);
  json.field("created_at", payout.created_at);
  json.field("fee_type", nullptr);
  json.end_object();
}

void write_payouts(JsonWriter& json, const core::Story& story, const core::Merchant& merchant,
                   const Context& context) {
  json.key("payouts").begin_object();
  json.field("entity", "collection");
  json.field("count", std::uint64_t{story.payouts.size()});
  json.key("items").begin_array();
  for (auto payout = story.payouts.rbegin(); payout != story.payouts.rend(); ++payout) {
    write_payout(json, payout_of_link(*payout, story.view.link, merchant, context));
  }
  json.end_array();
  json.end_object();
}

}  // namespace disburse::dialects::razorpay
