// Derived keys. A label never changes: what was made under it could not be opened again.
#include "cli/keys.hpp"

#include <algorithm>

namespace disburse::cli {
namespace {

std::vector<core::PublicIds::Keys> id_keys(const sys::SecretKey& master) {
  const sys::SecretKey ids = sys::derive(master, "disburse public ids 1");
  core::PublicIds::Keys keys;
  std::copy_n(ids.expose().begin(), keys.id_key.size(), keys.id_key.begin());
  keys.claim_cipher =
      std::make_unique<sys::Aes256Block>(sys::derive(master, "disburse claim codes 1"));
  std::vector<core::PublicIds::Keys> versions;
  versions.push_back(std::move(keys));
  return versions;
}

}  // namespace

ServerKeys::ServerKeys(const sys::SecretKey& master)
    : ids(id_keys(master)),
      hash(sys::derive(master, "disburse one-time passwords 1")),
      tokens(sys::derive(master, "disburse access tokens 1")) {}

}  // namespace disburse::cli
