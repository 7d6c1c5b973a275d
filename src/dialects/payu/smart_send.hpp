// Smart Send v1, the older of PayU's two payout-link APIs: create, status and cancel under
// /payout/smartPay.
//
// Threads: pure functions.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::payu {

inline constexpr std::string_view kVariantV1 = "v1";

core::Result<Call> parse_create(const wire::Request& request, const PathArguments& path,
                                const Caller& caller, const Context& context);
wire::Response render_create(const core::Result<Answer>& answer, const wire::Request& request,
                             const PathArguments& path, const Caller& caller,
                             const Context& context);

core::Result<Call> parse_status(const wire::Request& request, const PathArguments& path,
                                const Caller& caller, const Context& context);
wire::Response render_status(const core::Result<Answer>& answer, const wire::Request& request,
                             const PathArguments& path, const Caller& caller,
                             const Context& context);

core::Result<Call> parse_cancel(const wire::Request& request, const PathArguments& path,
                                const Caller& caller, const Context& context);
wire::Response render_cancel(const core::Result<Answer>& answer, const wire::Request& request,
                             const PathArguments& path, const Caller& caller,
                             const Context& context);

// The recipient's URL: {public_url}/smartPay?id= and the linkId, percent-encoded.
std::string link_url(const core::Link& link, const Context& context);

}  // namespace disburse::dialects::payu
