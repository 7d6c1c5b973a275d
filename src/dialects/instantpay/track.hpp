// GET /payments/payout/link/track/{linkId}: a link's state and what happened to it.
//
// Threads: pure functions.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

core::Result<Call> parse_track(const wire::Request& request, const PathArguments& path,
                               const Caller& caller, const Context& context);
wire::Response render_track(const core::Result<Answer>& answer, const wire::Request& request,
                            const PathArguments& path, const Caller& caller,
                            const Context& context);

}  // namespace disburse::dialects::instantpay
