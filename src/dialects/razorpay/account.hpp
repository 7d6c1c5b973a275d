// New credentials in the shapes that this dialect's callers know, and what a merchant is told of
// its account.
// Threads: pure functions.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::razorpay {

std::vector<NewCredential> new_credentials(const core::Merchant& merchant, FreshBytes random);
Sheet account_sheet(const core::Merchant& merchant, std::span<const NewCredential> credentials);
extern const std::string_view kSampleCall;

}  // namespace disburse::dialects::razorpay
