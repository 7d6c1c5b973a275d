// The payouts of a link, for expand[]=payouts. The provider documents the payout entity but no
// expanded link, so the collection's place and order are ours (README.md).
// Threads: pure functions.
#include <algorithm>
#include <iterator>

#include "dialects/razorpay/entity.hpp"
#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::PayoutState;
using wire::JsonWriter;

struct StatusDetails {
  std::string_view description;
  std::string_view source;
  std::string_view reason;
};

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

// The rail's machine words, and the documented reason nearest to each ("errors/x/payout-status").
struct Reason {
  std::string_view rail;
  std::string_view here;
};
// clang-format off
constexpr Reason kReasons[] = {
    {"account_closed",  "bank_account_closed"},
    {"account_frozen",  "bank_account_frozen"},
    {"account_invalid", "bank_account_invalid"},
    {"account_missing", "bank_account_invalid"},
    {"account_dormant", "beneficiary_account_dormant"},
    {"ifsc_invalid",    "invalid_ifsc_code"},
    {"vpa_not_found",   "beneficiary_vpa_invalid"},
    {"limit_exceeded",  "transaction_limit_exceeded"},
};
// clang-format on

std::string_view reason_of(std::string_view rail_reason) {
  const Reason* found = std::ranges::find(kReasons, rail_reason, &Reason::rail);
  return found == std::end(kReasons) ? "beneficiary_bank_rejected" : found->here;
}

std::optional<StatusDetails> status_details(const core::Payout& payout) {
  switch (payout.state) {
    case PayoutState::pending:
      return StatusDetails{"Workflow for the payout is pending approval from the approver(s).",
                           "business", "pending_approval"};
    case PayoutState::queued:
      return StatusDetails{
          "Payout is queued as there is insufficient balance in your account to process the "
          "payout.",
          "business", "low_balance"};
    case PayoutState::settled:
      return StatusDetails{
          "Payout is processed and the money has been credited into the beneficiary's account.",
          "beneficiary_bank", "payout_processed"};
    case PayoutState::refused:
    case PayoutState::reversed:
      return StatusDetails{payout.reason_text, "beneficiary_bank", reason_of(payout.reason)};
    case PayoutState::none:
    case PayoutState::created:
    case PayoutState::scheduled:
    case PayoutState::sent:
    case PayoutState::unknown:
    case PayoutState::cancelled:
      return std::nullopt;
  }
  return std::nullopt;
}

void write_details(JsonWriter& json, const std::optional<StatusDetails>& details) {
  if (!details) {
    json.field("status_details", nullptr);
    return;
  }
  json.key("status_details").begin_object();
  details->description.empty() ? json.field("description", nullptr)
                               : json.field("description", details->description);
  json.field("source", details->source);
  json.field("reason", details->reason);
  json.end_object();
}

// The default narration is the billing label; narrations are 30 letters, digits and blanks.
std::string narration(std::string_view merchant_name) {
  constexpr std::size_t kLongest = 30;
  std::string out;
  for (const char c : merchant_name) {
    const bool allowed =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ';
    if (allowed && out.size() < kLongest) out += c;
  }
  return out;
}

void write_payout(JsonWriter& json, const core::Payout& payout, const core::Link& link,
                  const core::Merchant& merchant, const Context& context) {
  const auto text_or_null = [&json](std::string_view name, std::string_view value) {
    value.empty() ? json.field(name, nullptr) : json.field(name, value);
  };
  const auto printed = [&](const IdForm& form, auto id) {
    return id ? print_id(form, context.ids, payout.merchant, id.value) : std::string();
  };
  json.begin_object();
  text_or_null("id", printed(kPayoutIds, payout.id));
  json.field("entity", "payout");
  text_or_null("fund_account_id", printed(kFundAccountIds, payout.fund_account));
  json.field("amount", payout.amount.paise());
  json.field("currency", "INR");
  write_notes(json, link.notes);  // verbatim: receivers find their documents by the link's notes
  json.field("fees", 0);
  json.field("tax", 0);
  json.field("status", payout_status(payout.state));
  text_or_null("utr", payout.utr);
  text_or_null("mode", payout.mode);
  text_or_null("purpose", link.purpose);
  text_or_null("reference_id", link.reference);
  text_or_null("narration", narration(merchant.name));
  json.field("batch_id", nullptr);
  write_details(json, status_details(payout));
  json.field("created_at", payout.created_at.seconds());
  json.end_object();
}

}  // namespace

void write_payouts(JsonWriter& json, const core::Story& story, const core::Merchant& merchant,
                   const Context& context) {
  json.key("payouts").begin_object();
  json.field("entity", "collection");
  json.field("count", std::uint64_t{story.payouts.size()});
  json.key("items").begin_array();
  for (auto payout = story.payouts.rbegin(); payout != story.payouts.rend(); ++payout) {
    write_payout(json, *payout, story.view.link, merchant, context);
  }
  json.end_array();
  json.end_object();
}

}  // namespace disburse::dialects::razorpay
