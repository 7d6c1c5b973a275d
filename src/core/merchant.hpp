// A merchant: a business that pays by link.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/limits.hpp"
#include "core/money.hpp"
#include "core/secret.hpp"

namespace disburse::core {

enum class Mode : std::uint8_t { test, live };
enum class HoldAt : std::uint8_t { claim, issue };
// Whether a claim needs a one-time password: always (where the link has a contact), or as the
// request that made the link asked, and then not when it did not ask.
enum class OtpRule : std::uint8_t { always, as_asked };

struct Settings {
  HoldAt hold = HoldAt::claim;
  OtpRule otp = OtpRule::always;
  Duration link_life = limits::kDefaultLinkLife;  // for dialects in which a link always expires
  bool expiry_feature = true;  // Razorpay shows and takes expire_by only when this is on
  std::optional<Money> approval_above =
      {};                                  // links above this wait for approval; none: no approval
  std::vector<std::string> purposes = {};  // beside the usual ones
  std::vector<std::string> contact_types = {};  // beside the usual ones
  std::string support_contact = {};             // shown to recipients

  friend bool operator==(const Settings&, const Settings&) = default;
};

struct Merchant {
  MerchantId id;
  std::string name;
  Mode mode = Mode::test;
  std::string account_number;                  // the virtual account that money is paid from
  std::vector<std::string> allowed_addresses;  // empty: any; CIDR or single addresses
  Settings settings;
  Instant created_at;

  friend bool operator==(const Merchant&, const Merchant&) = default;
};

// One way in for a merchant's programs or people. `dialect`, `kind` and `name` find it; the secret
// is kept as a keyed hash (random secrets) or as an argon2id string (passwords).
struct Credential {
  CredentialId id;
  MerchantId merchant;
  std::string dialect;  // "payu", "razorpay", "instantpay", "house"
  std::string kind;     // the dialect's own: "client", "user", "key", "token"
  std::string
      name;  // the public part: a client id, key id or user name; unique in its dialect and kind
  std::string secret_hash;  // never the secret
  // A secret that this server must be able to read (InstantPay's field encryption key); encrypted
  // at rest.
  SecretText readable_secret;
  Instant created_at;
  std::optional<Instant> revoked_at;

  friend bool operator==(const Credential&, const Credential&) = default;
};

// The credential that holds an account's secret for webhooks, where a dialect has one.
inline constexpr std::string_view kWebhookSecretKind = "webhook";
inline std::string webhook_secret_name(MerchantId merchant) {
  return std::to_string(merchant.value);
}

// A refresh token, known by its hash; used once.
struct RefreshToken {
  std::string hash;  // 32 bytes
  MerchantId merchant;
  CredentialId credential;
  std::string scope;
  Instant expires_at;
  bool used = false;

  friend bool operator==(const RefreshToken&, const RefreshToken&) = default;
};

}  // namespace disburse::core
