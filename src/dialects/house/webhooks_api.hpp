// The webhook endpoints of a merchant: adding, listing and removing them, and looking at what they
// were sent.
//
// Threads: immutable.
#pragma once

#include <array>

#include "dialects/dialect.hpp"

namespace disburse::dialects::house {

extern const std::array<Route, 7> kWebhooksApi;

}  // namespace disburse::dialects::house
