// GET /payment/payout/link/qr/{code}: the link's URL as a QR code. Open to anybody who has the
// code, which is the claim code: the image says no more than that.
//
// Threads: pure functions.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

core::Result<Call> parse_qr(const wire::Request& request, const PathArguments& path,
                            const Caller& caller, const Context& context);
// The one route whose failures are not HTTP 200: what shows an image must see that there is none.
wire::Response render_qr(const core::Result<Answer>& answer, const wire::Request& request,
                         const PathArguments& path, const Caller& caller, const Context& context);

}  // namespace disburse::dialects::instantpay
