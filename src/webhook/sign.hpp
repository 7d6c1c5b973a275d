// A webhook's signature: HMAC-SHA256 of the exact body under the endpoint's secret, in hex digits.
//
// Threads: pure function.
#pragma once

#include <string>
#include <string_view>

#include "core/secret.hpp"

namespace disburse::webhook {

std::string sign(const core::SecretText& secret, std::string_view body);

}  // namespace disburse::webhook
