// One-time passwords and the tokens that prove them. Neither is stored: both are keyed hashes that
// can be made again. Threads: pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "core/decide.hpp"
#include "core/secret.hpp"

namespace disburse::core {

// Six digits for the link and nonce. The nonce is fresh for each send, so an OTP is good for one
// send of one link.
SecretText otp_digits(const KeyedHash& hash, LinkId link, std::uint64_t nonce);

// True when both are equal; the time does not tell how much of them is.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// Says: whoever has this proved the OTP `nonce` of the link, and may claim until `expires_at`.
SecretText claim_token(const KeyedHash& hash, LinkId link, std::uint64_t nonce, Instant expires_at);

// Whether the token is a good one for what the link has proven last.
bool is_claim_token(const KeyedHash& hash, const Link& link, const SecretText& token, Instant now);

}  // namespace disburse::core
