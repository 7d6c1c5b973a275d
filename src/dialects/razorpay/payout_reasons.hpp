// Why a payout is where it is: the documented reasons with their texts ("errors/x/payout-status").
//
// Threads: constants and pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "core/payout_lifecycle.hpp"

namespace disburse::dialects::razorpay {

struct StatusDetails {
  std::string_view description;
  std::string_view source;
  std::string_view reason;
};

// nullopt where there is nothing to tell. `reason` and `text` are the rail's, of a payout that
// failed or was reversed.
std::optional<StatusDetails> status_details(core::PayoutState state, std::string_view reason,
                                            std::string_view text);

}  // namespace disburse::dialects::razorpay
