#include "dialects/instantpay/new_credentials.hpp"

#include <string>

#include "dialects/fresh.hpp"
#include "wire/base64.hpp"

namespace disburse::dialects::instantpay {

namespace {
constexpr std::string_view kClientKind = "client";
}

std::vector<NewCredential> new_credentials(const core::Merchant&, FreshBytes random) {
  Fresh fresh(random);
  // 44 characters of base64 over 32 bytes, the first 16 of them hex digits: the published samples.
  std::string id = fresh.hex(16);
  id += fresh.bytes(16);
  NewCredential client;
  client.kind = kClientKind;
  client.name = wire::base64_encode(id);
  client.secret = core::SecretText(fresh.hex(64));
  client.readable_secret = core::SecretText(fresh.hex(32));
  std::vector<NewCredential> all;
  all.push_back(std::move(client));
  return all;
}

Sheet sheet(const core::Merchant&, std::span<const NewCredential> credentials) {
  const NewCredential* client = credential_of(credentials, kClientKind);
  if (client == nullptr) return {};
  return {{"client_id", client->name},
          {"client_secret", client->secret.expose()},
          {"encryption_key", client->readable_secret.expose()}};
}

}  // namespace disburse::dialects::instantpay
