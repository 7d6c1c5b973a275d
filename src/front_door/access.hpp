// Who is calling: credentials and access tokens. Secrets are compared by their hashes, in constant
// time.
//
// Looked-up credentials and merchants are remembered for a moment (kRemember), so that a busy
// caller costs no store read a request; a revoked credential stops working within that moment.
// Threads: one (the socket thread); the password worker has a reader of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/command.hpp"
#include "dialects/dialect.hpp"
#include "store/store.hpp"
#include "sys/clock.hpp"
#include "sys/crypto.hpp"

namespace disburse::front_door {

inline constexpr core::Duration kRemember = std::chrono::seconds(1);
inline constexpr std::size_t kRemembered = 10'000;  // callers; more are looked up each time

// What is kept of a random secret: its SHA-256 in hex. Passwords are kept as argon2id texts.
std::string hash_secret(const core::SecretText& secret);
bool secret_matches(const core::SecretText& secret, const std::string& hash);

class AccessTokens {
 public:
  explicit AccessTokens(const sys::SecretKey& key) : key_(key) {}
  // 64 hex digits: credential, expiry and a keyed hash over both. Nothing is stored.
  core::SecretText make(core::CredentialId credential, core::Instant expires_at) const;
  // The credential of a token that is ours and has not expired.
  std::optional<core::CredentialId> open(const core::SecretText& token, core::Instant now) const;

 private:
  sys::HmacKey key_;
};

struct Identity {
  core::Merchant merchant;
  core::Credential credential;
};
// owners: the memory of callers, and each request of theirs that is being worked on
using IdentityPtr = std::shared_ptr<const Identity>;

class Access {
 public:
  Access(store::Reader& reader, const sys::Clock& clock, const AccessTokens& tokens)
      : reader_(reader), clock_(clock), tokens_(tokens) {}

  // credentials_missing, credentials_invalid, address_not_allowed, or what the store says.
  core::Result<IdentityPtr> identify(const dialects::Dialect& dialect,
                                     const wire::Request& request);

 private:
  struct Remembered {
    IdentityPtr identity;
    core::Duration until;  // of what has elapsed: a clock that is set back lengthens no memory
  };

  core::Result<IdentityPtr> by_name(const dialects::Dialect& dialect,
                                    const dialects::Presented& presented);
  core::Result<IdentityPtr> by_token(const dialects::Dialect& dialect,
                                     const dialects::Presented& presented);
  core::Result<IdentityPtr> remember(std::string key, std::optional<core::Credential> credential);
  IdentityPtr recall(const std::string& key);

  store::Reader& reader_;
  const sys::Clock& clock_;
  const AccessTokens& tokens_;
  std::unordered_map<std::string, Remembered> remembered_;
};

// Whose address it is, for limits: who has an IPv6 address has the sixty-four bits behind it too.
std::string address_for_limits(std::string_view address);

// True when the list is empty, or has the address or a CIDR range with it.
bool address_allowed(const std::vector<std::string>& allowed, std::string_view address);

}  // namespace disburse::front_door
