// The eight payout_link events: names, bodies and when to try again.
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

namespace disburse::dialects::razorpay {

inline constexpr std::array<std::string_view, 8> kEventNames{
    "payout_link.pending",   "payout_link.issued",    "payout_link.processing",
    "payout_link.processed", "payout_link.attempted", "payout_link.cancelled",
    "payout_link.rejected",  "payout_link.expired"};

// Empty for topics of which this dialect has no word.
std::string_view event_name(core::Topic topic);

// The envelope around an entity: the exact bytes that are signed.
std::string event_body(std::string_view account_id, std::string_view event, const PayoutLink& link,
                       std::int64_t created_at);

std::vector<Event> events(const core::Task& announcement, const core::LinkView& view,
                          const core::Merchant& merchant, const Context& context);

// One minute, two, four ... up to three hours between tries, for 24 hours from the event.
std::optional<core::Duration> retry_after(std::uint32_t tries, core::Duration since_event);

// Any 2xx, whatever it says; a redirect is a failure.
bool acknowledged(const core::Delivery&, int status, std::string_view answer);

}  // namespace disburse::dialects::razorpay
