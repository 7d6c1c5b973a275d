#include "core/event_view.hpp"

#include <optional>

namespace disburse::core {
namespace {

// What the payout had come to when the topic was announced; none: it is told as it is.
std::optional<PayoutState> payout_state_at(Topic topic) {
  switch (topic) {
    case Topic::link_processing:
      return PayoutState::sent;
    case Topic::link_processed:
      return PayoutState::settled;
    case Topic::payout_reversed:
      return PayoutState::reversed;
    case Topic::none:
    case Topic::link_pending:
    case Topic::link_scheduled:
    case Topic::link_issued:
    case Topic::link_rejected:
    case Topic::link_attempted:
    case Topic::link_cancelled:
    case Topic::link_expired:
      return std::nullopt;
  }
  return std::nullopt;
}

void wind_back(Payout& payout, Topic topic) {
  const auto then = payout_state_at(topic);
  if (!then || payout.state == *then) return;
  payout.state = *then;
  if (*then != PayoutState::sent) return;
  // Nothing of how it ended was known yet.
  payout.utr.clear();
  payout.reason.clear();
  payout.reason_text.clear();
  payout.ended_at.reset();
}

}  // namespace

LinkView as_it_was(LinkView view, const Task& announcement) {
  Link& link = view.link;
  link.state = announcement.state;
  link.attempts = announcement.attempts;
  link.fund_account = announcement.fund_account;
  link.updated_at = announcement.at;
  if (announcement.state != LinkState::cancelled) link.cancelled_at.reset();
  if (announcement.state != LinkState::expired) link.expired_at.reset();
  if (!announcement.fund_account) view.fund_account.reset();
  // Before the first claim there was no payout.
  const bool claimed =
      announcement.attempts > 0 || announcement.fund_account || announcement.payout;
  if (!claimed) {
    view.payout.reset();
    link.payout = {};
  }
  if (announcement.payout) link.payout = announcement.payout;
  if (view.payout) wind_back(*view.payout, announcement.topic);
  return view;
}

}  // namespace disburse::core
