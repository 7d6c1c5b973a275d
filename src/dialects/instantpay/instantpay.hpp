// The InstantPay Payout Link API as a dialect; routes and decisions are in README.md.
//
// Threads: immutable.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

extern const Dialect kDialect;

}  // namespace disburse::dialects::instantpay
