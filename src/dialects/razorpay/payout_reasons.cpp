// The reasons; see the header. Threads: constants and pure functions.
#include "dialects/razorpay/payout_reasons.hpp"

#include <algorithm>
#include <iterator>

namespace disburse::dialects::razorpay {
namespace {

using core::PayoutState;

constexpr std::string_view kBank = "beneficiary_bank";
constexpr std::string_view kBusiness = "business";
constexpr std::string_view kGateway = "gateway";
constexpr std::string_view kInternal = "internal";

// What a payout can fail of. Where the page has a reason without a sentence, the rail's own words
// stand in its place.
// clang-format off
constexpr StatusDetails kFailures[] = {
    {"Payout failed as the beneficiary account is closed. Please contact the beneficiary bank.",
     kBank, "bank_account_closed"},
    {"Payout failed as beneficiary account is frozen. Please contact the beneficiary bank.",
     kBank, "bank_account_frozen"},
    {"Payout failed due to invalid beneficiary account details.", kBank, "bank_account_invalid"},
    {"Payout failed as beneficiary account is dormat. Please contact the beneficiary bank.",  // sic
     kBank, "beneficiary_account_dormant"},
    {"", kBank, "beneficiary_bank_failure"},
    {"", kBank, "beneficiary_bank_offline"},
    {"", kBank, "beneficiary_bank_rejected"},
    {"", kBank, "beneficiary_bank_technical_error"},
    {"", kBank, "beneficiary_psp_offline"},
    {"IMPS is not enabled on beneficiary account. Please retry with different mode.",
     kBank, "imps_not_allowed"},
    {"Payout failed as the IFSC code is invalid. Please correct the IFSC code and retry.",
     kBank, "invalid_ifsc_code"},
    {"", kBank, "npci_beneficiary_timeout"},
    {"Payout amount greater than the limit supported by the beneficiary account.",
     kBank, "transaction_limit_exceeded"},
    {"", kBusiness, "amount_limit_exhausted_neft"},
    {"Payout failed due to invalid beneficiary account number.",
     kBusiness, "beneficiary_account_invalid"},
    {"UPI validation failed. If the UPI ID is valid, please retry after sometime.",
     kBusiness, "beneficiary_vpa_invalid"},
    {"Payout failed due to insufficient funds in your account.", kBusiness, "insufficient_funds"},
    {"Customer account does not exist with the wallet provider for the given phone number.",
     kBusiness, "invalid_beneficiary"},
    {"", kGateway, "gateway_down"},
    {"Payout failed due to a temporary technical issue at the partner bank. Please retry after 30 min.",
     kGateway, "gateway_technical_error"},
    {"", kGateway, "gateway_timeout"},
    {"Payout failed. Contact support for help.", kInternal, "server_error"},
    {"", kInternal, "server_error_temporary"},
};

// The rails' machine words, and the documented reason nearest to each.
struct Meaning {
  std::string_view rail;
  std::string_view here;
};
constexpr Meaning kMeanings[] = {
    {"account_closed",               "bank_account_closed"},
    {"account_frozen",               "bank_account_frozen"},
    {"account_invalid",              "bank_account_invalid"},
    {"account_missing",              "bank_account_invalid"},
    {"account_not_found",            "bank_account_invalid"},
    {"name_mismatch",                "bank_account_invalid"},
    {"account_dormant",              "beneficiary_account_dormant"},
    {"ifsc_invalid",                 "invalid_ifsc_code"},
    {"vpa_not_found",                "beneficiary_vpa_invalid"},
    {"limit_exceeded",               "transaction_limit_exceeded"},
    {"balance_too_low",              "insufficient_funds"},
    {"verification_unavailable",     "beneficiary_bank_technical_error"},
    {"returned_by_beneficiary_bank", "beneficiary_bank_rejected"},
};
// clang-format on

StatusDetails failure(std::string_view rail_reason, std::string_view text) {
  const Meaning* known = std::ranges::find(kMeanings, rail_reason, &Meaning::rail);
  // A rail may speak in the provider's own words.
  const std::string_view here = known == std::end(kMeanings) ? rail_reason : known->here;
  const StatusDetails* row = std::ranges::find(kFailures, here, &StatusDetails::reason);
  StatusDetails details =
      row == std::end(kFailures) ? StatusDetails{"", kBank, "beneficiary_bank_rejected"} : *row;
  if (details.description.empty()) details.description = text;
  return details;
}

}  // namespace

std::optional<StatusDetails> status_details(PayoutState state, std::string_view reason,
                                            std::string_view text) {
  switch (state) {
    case PayoutState::pending:
      return StatusDetails{"Workflow for the payout is pending approval from the approver(s).",
                           kBusiness, "pending_approval"};
    case PayoutState::queued:
      return StatusDetails{
          "Payout is queued as there is insufficient balance in your account to process the "
          "payout.",
          kBusiness, "low_balance"};
    case PayoutState::settled:
      return StatusDetails{
          "Payout is processed and the money has been credited into the beneficiary's account.",
          kBank, "payout_processed"};
    case PayoutState::refused:
    case PayoutState::reversed:
      return failure(reason, text);
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

}  // namespace disburse::dialects::razorpay
