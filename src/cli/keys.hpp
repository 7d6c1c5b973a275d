// Everything that is keyed, from the one master key: a key for each use, derived under its own
// label. Threads: immutable after construction.
#pragma once

#include <memory>

#include "core/decide.hpp"
#include "core/public_id.hpp"
#include "front_door/access.hpp"
#include "sys/crypto.hpp"

namespace disburse::cli {

class HmacHash final : public core::KeyedHash {
 public:
  explicit HmacHash(const sys::SecretKey& key) : key_(key) {}
  Hash operator()(std::string_view bytes) const override { return key_.sign(bytes); }

 private:
  sys::HmacKey key_;
};

struct ServerKeys {
  explicit ServerKeys(const sys::SecretKey& master);
  core::PublicIds ids;
  HmacHash hash;  // OTPs, claim tokens, counters, the audit chain
  front_door::AccessTokens tokens;
};

}  // namespace disburse::cli
