// A key pair, and the account's secret for webhooks.
#include "dialects/razorpay/account.hpp"

#include "dialects/fresh.hpp"

namespace disburse::dialects::razorpay {
namespace {
constexpr std::string_view kKeyKind = "key";
}

std::vector<NewCredential> new_credentials(const core::Merchant& merchant, FreshBytes random) {
  Fresh fresh(random);
  const std::string prefix = merchant.mode == core::Mode::live ? "rzp_live_" : "rzp_test_";
  NewCredential key;
  key.kind = kKeyKind;
  key.name = prefix + fresh.base62(14);
  key.secret = core::SecretText(fresh.base62(24));
  NewCredential webhook;
  webhook.kind = core::kWebhookSecretKind;
  webhook.name = core::webhook_secret_name(merchant.id);
  webhook.readable_secret = core::SecretText("whsec_" + fresh.base62(24));
  return {std::move(key), std::move(webhook)};
}

Sheet account_sheet(const core::Merchant& merchant, std::span<const NewCredential> credentials) {
  Sheet sheet;
  if (const NewCredential* key = credential_of(credentials, kKeyKind)) {
    sheet.emplace_back("key_id", key->name);
    sheet.emplace_back("key_secret", key->secret.expose());
  }
  sheet.emplace_back("account_number", merchant.account_number);
  if (const NewCredential* webhook = credential_of(credentials, core::kWebhookSecretKind)) {
    sheet.emplace_back("webhook_secret", webhook->readable_secret.expose());
  }
  return sheet;
}

constexpr std::string_view kCall = R"~(  # RazorpayX Payout Links: a link of Rs 10
  curl -s $URL/v1/payout-links -u $(get .razorpay.key_id):$(get .razorpay.key_secret) \
    -H 'Content-Type: application/json' \
    -d '{"account_number":"'$(get .razorpay.account_number)'",
         "contact":{"name":"Gaurav Kumar","contact":"9000090000"},
         "amount":1000,"currency":"INR","purpose":"refund","description":"Refund",
         "send_sms":true}')~";
const std::string_view kSampleCall = kCall;

}  // namespace disburse::dialects::razorpay
