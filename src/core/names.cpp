// The names of enumerators, for logs, documents and stores. They are never changed.
#include "core/command.hpp"
#include "core/ledger.hpp"
#include "core/link.hpp"
#include "core/task.hpp"

namespace disburse::core {

std::string_view name(LinkState state) {
  switch (state) {
    case LinkState::none:
      return "none";
    case LinkState::pending:
      return "pending";
    case LinkState::scheduled:
      return "scheduled";
    case LinkState::issued:
      return "issued";
    case LinkState::processing:
      return "processing";
    case LinkState::processed:
      return "processed";
    case LinkState::cancelled:
      return "cancelled";
    case LinkState::rejected:
      return "rejected";
    case LinkState::expired:
      return "expired";
  }
  return "none";
}

std::string_view name(LinkEvent event) {
  switch (event) {
    case LinkEvent::create:
      return "create";
    case LinkEvent::create_for_approval:
      return "create_for_approval";
    case LinkEvent::create_for_later:
      return "create_for_later";
    case LinkEvent::approve:
      return "approve";
    case LinkEvent::approve_for_later:
      return "approve_for_later";
    case LinkEvent::reject:
      return "reject";
    case LinkEvent::activate:
      return "activate";
    case LinkEvent::claim:
      return "claim";
    case LinkEvent::cancel:
      return "cancel";
    case LinkEvent::expire:
      return "expire";
    case LinkEvent::extend:
      return "extend";
    case LinkEvent::payout_settled:
      return "payout_settled";
    case LinkEvent::payout_failed:
      return "payout_failed";
    case LinkEvent::payout_reversed:
      return "payout_reversed";
  }
  return "none";
}

std::string_view name(MoneyMove move) {
  switch (move) {
    case MoneyMove::none:
      return "none";
    case MoneyMove::hold_at_issue:
      return "hold, if the setting is to hold at issue";
    case MoneyMove::hold_unless_held:
      return "hold, unless held already";
    case MoneyMove::release_if_held:
      return "release, if held";
    case MoneyMove::release_unless_promised:
      return "release, unless held at issue";
    case MoneyMove::settle:
      return "settle";
    case MoneyMove::reverse:
      return "reverse";
  }
  return "none";
}

std::string_view name(Topic topic) {
  switch (topic) {
    case Topic::none:
      return "none";
    case Topic::link_pending:
      return "link_pending";
    case Topic::link_scheduled:
      return "link_scheduled";
    case Topic::link_issued:
      return "link_issued";
    case Topic::link_rejected:
      return "link_rejected";
    case Topic::link_processing:
      return "link_processing";
    case Topic::link_processed:
      return "link_processed";
    case Topic::link_attempted:
      return "link_attempted";
    case Topic::link_cancelled:
      return "link_cancelled";
    case Topic::link_expired:
      return "link_expired";
    case Topic::payout_reversed:
      return "payout_reversed";
  }
  return "none";
}

std::string_view name(PayoutState state) {
  switch (state) {
    case PayoutState::none:
      return "none";
    case PayoutState::created:
      return "created";
    case PayoutState::pending:
      return "pending";
    case PayoutState::scheduled:
      return "scheduled";
    case PayoutState::queued:
      return "queued";
    case PayoutState::sent:
      return "sent";
    case PayoutState::unknown:
      return "unknown";
    case PayoutState::settled:
      return "settled";
    case PayoutState::refused:
      return "refused";
    case PayoutState::reversed:
      return "reversed";
    case PayoutState::cancelled:
      return "cancelled";
  }
  return "none";
}

std::string_view name(PayoutEvent event) {
  switch (event) {
    case PayoutEvent::create:
      return "create";
    case PayoutEvent::hold_for_approval:
      return "hold_for_approval";
    case PayoutEvent::schedule:
      return "schedule";
    case PayoutEvent::queue:
      return "queue";
    case PayoutEvent::fund:
      return "fund";
    case PayoutEvent::send:
      return "send";
    case PayoutEvent::settle:
      return "settle";
    case PayoutEvent::refuse:
      return "refuse";
    case PayoutEvent::silence:
      return "silence";
    case PayoutEvent::reverse:
      return "reverse";
    case PayoutEvent::cancel:
      return "cancel";
  }
  return "none";
}

std::string_view name(Channel channel) { return channel == Channel::sms ? "sms" : "email"; }

std::string_view name(HistoryKind kind) {
  switch (kind) {
    case HistoryKind::changed:
      return "changed";
    case HistoryKind::notified:
      return "notified";
    case HistoryKind::otp_sent:
      return "otp_sent";
    case HistoryKind::otp_wrong:
      return "otp_wrong";
    case HistoryKind::otp_locked:
      return "otp_locked";
    case HistoryKind::otp_verified:
      return "otp_verified";
    case HistoryKind::details_submitted:
      return "details_submitted";
    case HistoryKind::beneficiary_verified:
      return "beneficiary_verified";
    case HistoryKind::beneficiary_refused:
      return "beneficiary_refused";
    case HistoryKind::payout_queued:
      return "payout_queued";
    case HistoryKind::payout_sent:
      return "payout_sent";
    case HistoryKind::payout_unknown:
      return "payout_unknown";
    case HistoryKind::bank_contradicted:
      return "bank_contradicted";
  }
  return "changed";
}

std::string_view name(TaskKind kind) {
  switch (kind) {
    case TaskKind::expire_link:
      return "expire_link";
    case TaskKind::activate_link:
      return "activate_link";
    case TaskKind::retry_queued:
      return "retry_queued";
    case TaskKind::announce:
      return "announce";
    case TaskKind::notify:
      return "notify";
    case TaskKind::verify:
      return "verify";
    case TaskKind::pay:
      return "pay";
    case TaskKind::deliver:
      return "deliver";
  }
  return "announce";
}

std::string_view name(Notice notice) {
  switch (notice) {
    case Notice::none:
      return "none";
    case Notice::link_issued:
      return "link_issued";
    case Notice::otp:
      return "otp";
    case Notice::link_paid:
      return "link_paid";
    case Notice::link_failed:
      return "link_failed";
  }
  return "none";
}

std::string_view name(DeliveryState state) {
  switch (state) {
    case DeliveryState::waiting:
      return "waiting";
    case DeliveryState::due:
      return "due";
    case DeliveryState::delivered:
      return "delivered";
    case DeliveryState::given_up:
      return "given_up";
  }
  return "waiting";
}

std::string_view name(LedgerMove move) {
  switch (move) {
    case LedgerMove::deposit:
      return "deposit";
    case LedgerMove::hold:
      return "hold";
    case LedgerMove::release:
      return "release";
    case LedgerMove::settle:
      return "settle";
    case LedgerMove::reverse:
      return "reverse";
  }
  return "deposit";
}

std::string_view name(LedgerAccount account) {
  switch (account) {
    case LedgerAccount::funding:
      return "funding";
    case LedgerAccount::available:
      return "available";
    case LedgerAccount::held:
      return "held";
    case LedgerAccount::paid:
      return "paid";
  }
  return "funding";
}

namespace {
struct CommandName {
  std::string_view operator()(const CreateLink&) const { return "create_link"; }
  std::string_view operator()(const CancelLink&) const { return "cancel_link"; }
  std::string_view operator()(const ExtendLink&) const { return "extend_link"; }
  std::string_view operator()(const ApproveLink&) const { return "approve_link"; }
  std::string_view operator()(const RejectLink&) const { return "reject_link"; }
  std::string_view operator()(const NotifyLink&) const { return "notify_link"; }
  std::string_view operator()(const AddEndpoint&) const { return "add_endpoint"; }
  std::string_view operator()(const RemoveEndpoint&) const { return "remove_endpoint"; }
  std::string_view operator()(const UpdateEndpoint&) const { return "update_endpoint"; }
  std::string_view operator()(const ReplayDelivery&) const { return "replay_delivery"; }
  std::string_view operator()(const ReplayDeliveries&) const { return "replay_deliveries"; }
  std::string_view operator()(const Deposit&) const { return "deposit"; }
  std::string_view operator()(const SendOtp&) const { return "send_otp"; }
  std::string_view operator()(const VerifyOtp&) const { return "verify_otp"; }
  std::string_view operator()(const SubmitClaim&) const { return "submit_claim"; }
  std::string_view operator()(const BankSaid&) const { return "bank_said"; }
  std::string_view operator()(const AccountVerified&) const { return "account_verified"; }
  std::string_view operator()(const NoticeTried&) const { return "notice_tried"; }
  std::string_view operator()(const Announced&) const { return "announced"; }
  std::string_view operator()(const DeliveryTried&) const { return "delivery_tried"; }
  std::string_view operator()(const TimerFired&) const { return "timer_fired"; }
  std::string_view operator()(const CreateMerchant&) const { return "create_merchant"; }
  std::string_view operator()(const UpdateMerchant&) const { return "update_merchant"; }
  std::string_view operator()(const IssueCredential&) const { return "issue_credential"; }
  std::string_view operator()(const RevokeCredential&) const { return "revoke_credential"; }
  std::string_view operator()(const IssueRefreshToken&) const { return "issue_refresh_token"; }
  std::string_view operator()(const UseRefreshToken&) const { return "use_refresh_token"; }
};
}  // namespace

std::string_view name(const Command& command) { return std::visit(CommandName{}, command); }

}  // namespace disburse::core
