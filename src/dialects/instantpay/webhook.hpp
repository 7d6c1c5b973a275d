// What a link's changes say to the merchant: a GET on the merchant's URL with seven query fields,
// acknowledged by an answer that names the transaction. Source: the provider's webhooks page.
//
// Threads: constants and pure functions.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

// The provider has no names of events; `status` is what tells them apart.
inline constexpr std::string_view kEventNames[] = {"PENDING", "SUCCESS", "REFUND"};

std::vector<Event> events(const core::Task& announcement, const core::LinkView& view,
                          const core::Merchant& merchant, const Context& context);

// Five more tries, 5, 15, 30, 60 and 240 minutes after the one before.
std::optional<core::Duration> retry_after(std::uint32_t tries, core::Duration since_event);
// 2xx, `success` true and `ipay_id` as we sent it.
bool acknowledged(const core::Delivery& delivery, int status, std::string_view answer);

inline constexpr WebhookRules kWebhook = {.method = "GET",
                                          .time_limit = std::chrono::seconds(3),
                                          .retry_after = retry_after,
                                          .acknowledged = acknowledged};

}  // namespace disburse::dialects::instantpay
