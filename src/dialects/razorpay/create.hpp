// POST /v1/payout-links: from the body to a CreateLink.
//
// Promise: one offence is reported at a time, the first in this order: the body, account_number,
// contact (id, or name, one of contact and email, contact, email, type), amount, currency, purpose,
// description, receipt, send_sms, send_email, notes, expire_by.
// Threads: pure functions.
#pragma once

#include <string>

#include "core/command.hpp"
#include "dialects/dialect.hpp"
#include "dialects/razorpay/body.hpp"

namespace disburse::dialects::razorpay {

Read<core::CreateLink> read_create(const wire::Request& request, const core::Merchant& merchant,
                                   const Context& context);

// The caller's key when it is well-formed, else nothing: the payout-link pages do not know the
// header, so it can neither be missing nor wrong.
std::string idempotency_key(const wire::Request& request);

}  // namespace disburse::dialects::razorpay
