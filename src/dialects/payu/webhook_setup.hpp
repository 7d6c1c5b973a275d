// /payout/v2/webhook: a merchant says which URL gets which event.
//
// Threads: pure functions.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::payu {

// POST: one setting or an array of them. A key that was set before gets the new URL.
core::Result<Call> parse_set_webhook(const wire::Request& request, const PathArguments& path,
                                     const Caller& caller, const Context& context);
wire::Response render_set_webhook(const core::Result<Answer>& answer, const wire::Request& request,
                                  const PathArguments& path, const Caller& caller,
                                  const Context& context);

// GET: what is set, in the shape in which it is set.
core::Result<Call> parse_list_webhooks(const wire::Request& request, const PathArguments& path,
                                       const Caller& caller, const Context& context);
wire::Response render_list_webhooks(const core::Result<Answer>& answer,
                                    const wire::Request& request, const PathArguments& path,
                                    const Caller& caller, const Context& context);

// DELETE: {"webhook":["default","transfer_success"]}
core::Result<Call> parse_delete_webhooks(const wire::Request& request, const PathArguments& path,
                                         const Caller& caller, const Context& context);
wire::Response render_delete_webhooks(const core::Result<Answer>& answer,
                                      const wire::Request& request, const PathArguments& path,
                                      const Caller& caller, const Context& context);

}  // namespace disburse::dialects::payu
