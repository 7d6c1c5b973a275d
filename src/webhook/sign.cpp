#include "webhook/sign.hpp"

#include "sys/crypto.hpp"

namespace disburse::webhook {

std::string sign(const core::SecretText& secret, std::string_view body) {
  return sys::hex(sys::hmac_sha256(secret.expose(), body));
}

}  // namespace disburse::webhook
