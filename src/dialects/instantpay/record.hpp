// What the answers that show a link have in common.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/link.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::instantpay {

inline constexpr std::string_view kName = "instantpay";  // in Link::dialect

// The link's reference, or "NA".
std::string_view reference_of(const core::Link& link);

// "paymentModes", in the order of the provider's table whatever the order asked for.
void write_modes(wire::JsonWriter& json, core::PayMethods methods);
// "activatedAt" and "expiredAt". A link of another dialect that started at once was activated when
// it was made; one without a deadline has null.
void write_times(wire::JsonWriter& json, const core::Link& link);

// "*******742 and ******@example.com", as in the provider's notification text; with one contact
// channel, that one alone.
std::string masked_contacts(const core::Contact& contact, bool sms, bool email);

}  // namespace disburse::dialects::instantpay
