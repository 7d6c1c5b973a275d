// The events of links and of the payouts that they make: names, bodies and when to try again.
//
// Promise: bodies are compact, their keys always in the same order, "/" and letters beyond ASCII as
// they are, so that receivers that print the parsed body again before they check its signature
// work. Threads: pure functions.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.hpp"
#include "dialects/razorpay/entity.hpp"
#include "dialects/razorpay/payout.hpp"

namespace disburse::dialects::razorpay {

// What an endpoint may ask for. The last three are documented and taken, and never sent: a UTR
// comes with the outcome, and no bank tells of its downtimes.
inline constexpr std::array<std::string_view, 16> kEventNames{
    "payout_link.pending",     "payout_link.issued",    "payout_link.processing",
    "payout_link.processed",   "payout_link.attempted", "payout_link.cancelled",
    "payout_link.rejected",    "payout_link.expired",   "payout.queued",
    "payout.initiated",        "payout.processed",      "payout.reversed",
    "payout.failed",           "payout.updated",        "payout.downtime.started",
    "payout.downtime.resolved"};

// Empty for topics of which this dialect has no word.
std::string_view link_event_name(core::Topic topic);
std::string_view payout_event_name(core::Topic topic);

// The envelopes around an entity: the exact bytes that are signed.
std::string event_body(std::string_view account_id, std::string_view event, const PayoutLink& link,
                       std::int64_t created_at);
std::string event_body(std::string_view account_id, std::string_view event,
                       const PrintedPayout& payout, std::int64_t created_at);

// A change of a link that is a change of its payout too has an event of each. The payout's is the
// first of the two when it ended: who cancels the link on it finds the link issued again.
std::vector<Event> events(const core::Task& announcement, const core::LinkView& view,
                          const core::Merchant& merchant, const Context& context);

// One minute, two, four ... up to three hours between tries, for 24 hours from the event.
std::optional<core::Duration> retry_after(std::uint32_t tries, core::Duration since_event);

// Any 2xx, whatever it says; a redirect is a failure.
bool acknowledged(const core::Delivery&, int status, std::string_view answer);

}  // namespace disburse::dialects::razorpay
