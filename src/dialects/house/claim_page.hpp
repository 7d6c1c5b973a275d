// The recipient's page: what a link's URL opens in a browser. It works without JavaScript, and a
// GET changes nothing: mail scanners and messengers open links too.
//
// Every form goes to /c/{short code}, whatever URL opened the page. Requests forged by other sites
// have three things against them: the claim code in the path is itself the secret that lets
// somebody act on the link, the cookie that proves the recipient is SameSite, and a request that a
// browser marks as coming from elsewhere is refused.
//
// Threads: immutable.
#pragma once

#include <array>
#include <string_view>

#include "dialects/dialect.hpp"

namespace disburse::dialects::house {

// POST /c/{code}/otp, /otp/verify and /submit.
extern const std::array<Route, 3> kPageForms;

// The page of an open claim or of where it stands. `query` is the request's.
wire::Response claim_page(const core::ClaimView& claim, const wire::Request& request,
                          const core::Claim& id, const Context& context);

}  // namespace disburse::dialects::house
