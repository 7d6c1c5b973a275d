// The descriptions of the providers' APIs (docs/openapi/), as the program was built with them.
//
// Threads: immutable.
#pragma once

#include <array>

#include "dialects/dialect.hpp"

namespace disburse::dialects::house {

// GET /api/v1/openapi/razorpay.yaml; open, as they say nothing of anybody.
extern const std::array<Route, 1> kOpenApi;

}  // namespace disburse::dialects::house
