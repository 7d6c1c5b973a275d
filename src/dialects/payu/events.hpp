// Webhooks: which change of a link is which event, its exact bytes, and which endpoint gets it.
//
// Threads: pure functions.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.hpp"

namespace disburse::dialects::payu {

// The keys under which a merchant sets URLs, then the names that stand in the payloads, which are
// the same words in capitals; an endpoint may name either.
inline constexpr std::size_t kKeyCount = 13;

inline constexpr std::array<std::string_view, 2 * kKeyCount - 1> kEventNames = {
    "default",
    "deposit_success",
    "transfer_success",
    "transfer_failed",
    "transfer_reversed",
    "smart_send_detail_submitted",
    "request_processing_failed",
    "low_balance_alert",
    "downtime_notification",
    "bulk_smart_send_file_processed",
    "smart_send_expired",
    "smart_send_cancelled",
    "smart_send_rejected",
    "DEPOSIT_SUCCESS",
    "TRANSFER_SUCCESS",
    "TRANSFER_FAILED",
    "TRANSFER_REVERSED",
    "SMART_SEND_DETAIL_SUBMITTED",
    "REQUEST_PROCESSING_FAILED",
    "LOW_BALANCE_ALERT",
    "DOWNTIME_NOTIFICATION",
    "BULK_SMART_SEND_FILE_PROCESSED",
    "SMART_SEND_EXPIRED",
    "SMART_SEND_CANCELLED",
    "SMART_SEND_REJECTED",
};

// In lower case, trimmed, and an older page's key as the newer one: "Deposit " is
// "deposit_success".
std::string canonical_key(std::string_view key);
// True for canonical keys, "default" among them.
bool is_event_key(std::string_view canonical);

std::vector<Event> events(const core::Task& announcement, const core::LinkView& view,
                          const core::Merchant& merchant, const Context& context);

// "Default webhooks" page: an event goes to the endpoints that name it; when there is none, to
// "default"; when there is no default either, to nobody. An endpoint without names gets all.
bool wants(const core::Endpoint& endpoint, std::span<const core::Endpoint> all,
           std::string_view event);

// When to try again: a minute after the first failure, five after the second, then never. The page
// says "at most two more times" and no interval.
std::optional<core::Duration> retry_after(std::uint32_t tries, core::Duration since_event);
bool acknowledged(const core::Delivery& delivery, int status, std::string_view answer);

// "Payouts webhooks" page: HTTP 200, exactly, within ten seconds.
inline constexpr WebhookRules kWebhookRules = {.method = "POST",
                                               .time_limit = std::chrono::seconds(10),
                                               .signature_header = {},
                                               .authorization_header = "Authorization",
                                               .retry_after = retry_after,
                                               .acknowledged = acknowledged,
                                               .giving_up_disables_endpoint = false};

}  // namespace disburse::dialects::payu
