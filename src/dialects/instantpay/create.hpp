// POST /payments/payout/link/create.
//
// Threads: pure functions.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

core::Result<Call> parse_create(const wire::Request& request, const PathArguments& path,
                                const Caller& caller, const Context& context);
wire::Response render_create(const core::Result<Answer>& answer, const wire::Request& request,
                             const PathArguments& path, const Caller& caller,
                             const Context& context);

}  // namespace disburse::dialects::instantpay
