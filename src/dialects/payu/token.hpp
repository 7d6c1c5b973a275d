// POST /oauth/token: an access token for a password, for client credentials or for a refresh token.
// Bodies and texts are those of PayU's token server, which speaks like the OAuth server Doorkeeper.
//
// Threads: pure functions.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::payu {

// Kinds of credentials that this dialect asks the front door to check.
inline constexpr std::string_view kClientKind = "client";  // private client id and secret
inline constexpr std::string_view kUserKind = "user";      // user name and password

// One public client id for all merchants, for passwords and refreshing: PayU's test server and its
// production server have one each. The documentation's test page prints the production one, so
// both are taken everywhere.
inline constexpr std::string_view kPublicTestClientId =
    "6f8bb4951e030d4d7349e64a144a534778673585f86039617c167166e9154f7e";
inline constexpr std::string_view kPublicLiveClientId =
    "ccbb70745faad9c06092bb5c79bfd919b6f45fd454f34619d83920893e90ae6b";

inline constexpr std::string_view kScope = "create_payout_transactions";

core::Result<Call> parse_token(const wire::Request& request, const PathArguments& path,
                               const Caller& caller, const Context& context);
wire::Response render_token(const core::Result<Answer>& answer, const wire::Request& request,
                            const PathArguments& path, const Caller& caller,
                            const Context& context);

}  // namespace disburse::dialects::payu
