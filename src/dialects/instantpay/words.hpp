// The values of this language and what they are in the core: states, purposes, payment modes,
// amounts in rupees, and times in IST without a zone.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/link.hpp"
#include "core/money.hpp"
#include "core/time.hpp"

namespace disburse::dialects::instantpay {

// An expiry that cannot be used is replaced by this after creation: both links of the provider's
// samples whose times are known end exactly 90 days after they were made, to the second.
inline constexpr core::Duration kReplacedLinkLife = std::chrono::hours(24 * 90);

// What a link without a reference shows, and what stands for "none" in a request.
inline constexpr std::string_view kNoReference = "NA";

// ISSUED, PROCESSING, CLAIMED, CANCELLED or EXPIRED. Pending and scheduled links are ISSUED (before
// activation the provider says so too), rejected ones are CANCELLED.
std::string_view status_of(core::LinkState state);
// The states behind one of these words; empty when it is none.
std::span<const core::LinkState> states_of(std::string_view status);

// The provider's list is case-sensitive, and answers are in lower case, which is how we store it.
std::optional<std::string> parse_purpose(std::string_view purpose);

// ACCOUNT, VPA, AMAZON (also "AMZON": one of the provider's samples spells it so), CREDITCARD.
std::optional<core::PayMethod> parse_mode(std::string_view mode);
std::string_view mode_of(core::PayMethod method);
inline constexpr core::PayMethod kModesInOrder[] = {core::PayMethod::bank, core::PayMethod::upi,
                                                    core::PayMethod::wallet, core::PayMethod::card};

// Rupees in decimal text, as in a JSON number or string, rounded half up to whole paise: "120.112"
// is 120.11, which is the provider's sample. Exponents are taken: Java writes 1e7 as "1.0E7".
// field_invalid when it is no number, amount_invalid unless positive, amount_too_large.
core::Result<core::Money> parse_amount(std::string_view text);
// A JSON number as PHP prints it: 120.11, 120.5, 120.
std::string amount_number(core::Money amount);

// "2023-11-20 14:02:00", IST.
std::optional<core::Instant> parse_time(std::string_view text);
std::string time_text(core::Instant at);

std::string_view trimmed(std::string_view text);

}  // namespace disburse::dialects::instantpay
