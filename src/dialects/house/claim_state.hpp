// What a recipient is told about a link, for the API and the page alike.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/command.hpp"

namespace disburse::dialects::house {

// `failed`: it was paid, and the bank gave the money back; nothing more can be done with this link.
// A link whose payout was refused can be claimed again and is `open`, with last_failure() beside
// it.
enum class ClaimState : std::uint8_t {
  open,
  scheduled,
  approval,
  submitted,
  paid,
  failed,
  expired,
  cancelled,
  rejected,
};
std::string_view name(ClaimState state);  // the wire's word: "open"

ClaimState claim_state(const core::LinkView& view, core::Instant now);

// The methods that the link can be paid by here: of bank and UPI the ones that it allows, without
// UPI above what UPI carries in one payment. May be none.
core::PayMethods offered(const core::Link& link);

struct OtpTarget {
  core::Channel channel = core::Channel::sms;
  std::string masked;  // "*******999"
};
// Where a one-time password can be sent; none when the link needs no password.
std::vector<OtpTarget> otp_targets(const core::LinkView& view);

// One is open: it was sent, has not expired and was not used.
bool otp_is_open(const core::Link& link, core::Instant now);
// The claim is locked after wrong tries.
bool is_locked(const core::Link& link, core::Instant now);

struct Failure {
  std::string_view reason;  // a machine word; may be empty
  std::string_view text;    // in plain words; may be empty
};
// Of the last payout, when it did not arrive. Views into `view`.
std::optional<Failure> last_failure(const core::LinkView& view);

}  // namespace disburse::dialects::house
