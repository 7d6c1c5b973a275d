// A merchant's way in, in the shapes of the provider's published samples, and what it is told of
// it.
//
// Threads: pure functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

// Client id, secret, and beside them a key for encrypted fields: 32 characters, used as the 32
// bytes of AES-256. No field of a payout link is encrypted; the provider gives every client one.
std::vector<NewCredential> new_credentials(const core::Merchant& merchant, FreshBytes random);
Sheet sheet(const core::Merchant& merchant, std::span<const NewCredential> credentials);

inline constexpr std::string_view kSampleCall =
    R"sh(  # InstantPay Payout Link: a link of Rs 10
  curl -s $URL/payments/payout/link/create -H 'X-Ipay-Auth-Code: 1' \
    -H "X-Ipay-Client-Id: $(get .instantpay.client_id)" \
    -H "X-Ipay-Client-Secret: $(get .instantpay.client_secret)" \
    -H 'X-Ipay-Endpoint-Ip: 127.0.0.1' -H 'Content-Type: application/json' \
    -d '{"contactDetails":{"name":"Gaurav Kumar","mobile":"9000090000","email":"gaurav.kumar@example.com"},
         "verifyBene":false,"amount":"10.00","purpose":"Refund","description":"Refund",
         "activatedAt":"2024-01-01 00:00:00","expiredAt":"2035-01-01 00:00:00",
         "paymentModes":["ACCOUNT","VPA"],"sendAlert":true}')sh";

}  // namespace disburse::dialects::instantpay
