// The payout as this dialect prints it, in answers and in events.
//
// Promise: the same keys wherever a payout is printed, those of the documented samples together.
// Threads: pure functions; a PrintedPayout holds views into what it was made from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/command.hpp"
#include "dialects/dialect.hpp"
#include "dialects/razorpay/payout_reasons.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::razorpay {

struct PrintedPayout {
  std::string id;
  std::string fund_account_id;  // this and other texts are null when empty
  std::int64_t amount = 0;
  const core::Notes* notes = nullptr;
  std::int64_t fees = 0;  // with tax
  std::int64_t tax = 0;
  std::string_view status;
  std::string_view utr;
  std::string_view mode;
  std::string_view purpose;
  std::string_view reference_id;
  std::string narration;
  std::string_view account_number;  // that was debited
  bool failed = false;              // then the details are its failure too
  std::optional<StatusDetails> details;
  std::int64_t created_at = 0;
};

// This dialect's word for a state: "processing".
std::string_view payout_status(core::PayoutState state);

// A link's payout carries the link's purpose, receipt and notes.
PrintedPayout payout_of_link(const core::Payout& payout, const core::Link& link,
                             const core::Merchant& merchant, const Context& context);

void write_payout(wire::JsonWriter& json, const PrintedPayout& payout);

// "payouts":{"entity":"collection",...} for expand[]=payouts: one item a try, the newest first.
void write_payouts(wire::JsonWriter& json, const core::Story& story, const core::Merchant& merchant,
                   const Context& context);

}  // namespace disburse::dialects::razorpay
