// From an announcement to deliveries: which endpoints hear of it, and the bytes that they get.
//
// Threads: pure functions.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "dialects/dialect.hpp"

namespace disburse::outbox {

// One delivery for each event and endpoint that wants it. `view` is as the link was then.
std::vector<core::Delivery> deliveries_of(
    const core::Task& announcement, const core::LinkView& view, const core::Merchant& merchant,
    std::span<const core::Endpoint> endpoints,
    const std::function<const dialects::Dialect*(std::string_view)>& find_dialect,
    const dialects::Context& context);

}  // namespace disburse::outbox
