// Two ways in: a program's private client id and secret, and a person's login with the public
// client id.
#include "dialects/payu/new_credentials.hpp"

#include "dialects/fresh.hpp"
#include "dialects/payu/identifiers.hpp"
#include "dialects/payu/token.hpp"

namespace disburse::dialects::payu {
namespace {

NewCredential credential(std::string_view kind, std::string name, std::string secret) {
  NewCredential made;
  made.kind = kind;
  made.name = std::move(name);
  made.secret = core::SecretText(std::move(secret));
  made.is_password = kind == kUserKind;
  return made;
}

}  // namespace

std::vector<NewCredential> new_credentials(const core::Merchant& merchant, FreshBytes random) {
  Fresh fresh(random);
  std::string client = fresh.hex(64);
  std::string client_secret = fresh.hex(64);
  // PayU's user names are e-mail addresses; example.com is nobody's (RFC 2606).
  std::string user =
      "merchant" + payout_merchant_id(merchant.id) + "." + fresh.hex(8) + "@example.com";
  std::vector<NewCredential> made;
  made.push_back(credential(kClientKind, std::move(client), std::move(client_secret)));
  made.push_back(credential(kUserKind, std::move(user), fresh.base62(20)));
  return made;
}

Sheet sheet(const core::Merchant& merchant, std::span<const NewCredential> credentials) {
  const bool test = merchant.mode == core::Mode::test;
  Sheet rows;
  rows.emplace_back("payout_merchant_id", payout_merchant_id(merchant.id));
  rows.emplace_back("public_client_id", test ? kPublicTestClientId : kPublicLiveClientId);
  if (const NewCredential* client = credential_of(credentials, kClientKind)) {
    rows.emplace_back("client_id", client->name);
    rows.emplace_back("client_secret", client->secret.expose());
  }
  if (const NewCredential* login = credential_of(credentials, kUserKind)) {
    rows.emplace_back("username", login->name);
    rows.emplace_back("password", login->secret.expose());
  }
  return rows;
}

}  // namespace disburse::dialects::payu
