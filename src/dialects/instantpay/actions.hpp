// POST /payments/payout/link/cancel and .../notify.
//
// Threads: pure functions.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

core::Result<Call> parse_cancel(const wire::Request& request, const PathArguments& path,
                                const Caller& caller, const Context& context);
wire::Response render_cancel(const core::Result<Answer>& answer, const wire::Request& request,
                             const PathArguments& path, const Caller& caller,
                             const Context& context);

core::Result<Call> parse_notify(const wire::Request& request, const PathArguments& path,
                                const Caller& caller, const Context& context);
wire::Response render_notify(const core::Result<Answer>& answer, const wire::Request& request,
                             const PathArguments& path, const Caller& caller,
                             const Context& context);

}  // namespace disburse::dialects::instantpay
