// The recipient's view of a link's state.
#include "dialects/house/claim_state.hpp"

#include "core/limits.hpp"

namespace disburse::dialects::house {

using core::LinkState;
using core::PayMethod;
using core::PayoutState;

std::string_view name(ClaimState state) {
  switch (state) {
    case ClaimState::open:
      return "open";
    case ClaimState::scheduled:
      return "scheduled";
    case ClaimState::approval:
      return "approval";
    case ClaimState::submitted:
      return "submitted";
    case ClaimState::paid:
      return "paid";
    case ClaimState::failed:
      return "failed";
    case ClaimState::expired:
      return "expired";
    case ClaimState::cancelled:
      return "cancelled";
    case ClaimState::rejected:
      return "rejected";
  }
  return "";
}

ClaimState claim_state(const core::LinkView& view, core::Instant now) {
  switch (core::state_at(view.link, now)) {
    case LinkState::none:  // of no stored link; shown as one that cannot be used
    case LinkState::pending:
      return ClaimState::approval;
    case LinkState::scheduled:
      return ClaimState::scheduled;
    case LinkState::issued:
      return ClaimState::open;
    case LinkState::processing:
      return ClaimState::submitted;
    case LinkState::processed: {
      const bool reversed = view.payout && view.payout->state == PayoutState::reversed;
      return reversed ? ClaimState::failed : ClaimState::paid;
    }
    case LinkState::cancelled:
      return ClaimState::cancelled;
    case LinkState::rejected:
      return ClaimState::rejected;
    case LinkState::expired:
      return ClaimState::expired;
  }
  return ClaimState::approval;
}

core::PayMethods offered(const core::Link& link) {
  const bool bank = core::has(link.methods, PayMethod::bank);
  const bool too_much = link.amount.paise() > core::limits::kLargestUpiPaise;
  const bool upi = core::has(link.methods, PayMethod::upi) && !too_much;
  core::PayMethods methods = 0;
  if (bank) methods = static_cast<core::PayMethods>(PayMethod::bank);
  if (upi) methods = static_cast<core::PayMethods>(methods | static_cast<unsigned>(PayMethod::upi));
  return methods;
}

std::vector<OtpTarget> otp_targets(const core::LinkView& view) {
  std::vector<OtpTarget> targets;
  if (!view.link.otp_required) return targets;
  const core::Contact& contact = view.contact;
  if (contact.has(core::Channel::sms))
    targets.push_back({core::Channel::sms, core::masked(contact.phone)});
  if (contact.has(core::Channel::email)) {
    targets.push_back({core::Channel::email, core::masked_email(contact.email)});
  }
  return targets;
}

bool otp_is_open(const core::Link& link, core::Instant now) {
  return link.otp.nonce != 0 && link.otp.nonce != link.otp.proven && !is_locked(link, now) &&
         now < link.otp.sent_at + core::limits::kOtpLife;
}

bool is_locked(const core::Link& link, core::Instant now) { return now < link.otp.locked_until; }

std::optional<Failure> last_failure(const core::LinkView& view) {
  if (!view.payout) return std::nullopt;
  const core::Payout& payout = *view.payout;
  const bool failed = payout.state == PayoutState::refused ||
                      payout.state == PayoutState::reversed ||
                      payout.state == PayoutState::cancelled;
  if (!failed) return std::nullopt;
  return Failure{payout.reason, payout.reason_text};
}

}  // namespace disburse::dialects::house
