// The claim API: what a recipient's own program, or our page in JSON, can do with a link.
//
// Threads: immutable.
#pragma once

#include <array>

#include "dialects/dialect.hpp"

namespace disburse::dialects::house {

extern const std::array<Route, 4> kClaimApi;

}  // namespace disburse::dialects::house
