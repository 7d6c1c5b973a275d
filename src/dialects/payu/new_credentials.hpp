// New credentials in the shapes that this dialect's callers know, and what a merchant is told of
// its account. Threads: pure functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "dialects/dialect.hpp"

namespace disburse::dialects::payu {

// A private client with its secret, 64 hexadecimal digits each, and a user with a password.
std::vector<NewCredential> new_credentials(const core::Merchant& merchant, FreshBytes random);
Sheet sheet(const core::Merchant& merchant, std::span<const NewCredential> credentials);

inline constexpr std::string_view kSampleCall =
    R"sh(  # PayU Payouts, Smart Send: a token, then a link of Rs 120.11
  TOKEN=$(curl -s $URL/oauth/token \
    -d grant_type=client_credentials -d scope=create_payout_transactions \
    -d client_id=$(get .payu.client_id) -d client_secret=$(get .payu.client_secret) \
    | jq -r .access_token)
  curl -s $URL/payout/smartPay -H "Authorization: Bearer $TOKEN" \
    -H "payoutMerchantId: $(get .payu.payout_merchant_id)" \
    -H 'Content-Type: application/json' -d '{
      "merchantRefId": "order-'$RANDOM'", "amount": 120.11, "custName": "test",
      "custMobile": "9999999999", "custEmail": "test@gmail.com", "description": "Refund"}')sh";

}  // namespace disburse::dialects::payu
