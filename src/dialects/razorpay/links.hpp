// The calls about existing links: fetch all, fetch one, cancel.
//
// Threads: pure functions.
#pragma once

#include <string_view>

#include "dialects/dialect.hpp"
#include "dialects/razorpay/body.hpp"

namespace disburse::dialects::razorpay {

// GET /v1/payout-links. Filters that name nobody's link, contact or account are answered with an
// empty collection at once. Unknown parameters are ignored; of repeated ones the last counts.
Read<Call> read_list(const wire::Request& request, const core::Merchant& merchant,
                     const Context& context);
wire::Response render_list(const core::LinkPage& page, const core::Merchant& merchant,
                           const Context& context);

// GET /v1/payout-links/{id}, with its payouts when expand[]=payouts asks for them.
Read<core::Query> read_fetch(const wire::Request& request, std::string_view id,
                             const core::Merchant& merchant, const Context& context);

}  // namespace disburse::dialects::razorpay
