// The RazorpayX Payout Links dialect: the four documented calls and the eight payout_link events.
// What it does where the documentation is silent or contradicts itself is told in README.md.
//
// Threads: immutable; parse and render may run on several threads at once.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::razorpay {

extern const Dialect kDialect;

}  // namespace disburse::dialects::razorpay
