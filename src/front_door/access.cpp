// Credentials, access tokens and addresses.
#include "front_door/access.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "core/otp.hpp"
#include "wire/hex.hpp"

namespace disburse::front_door {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenHead = 12;  // 8 of credential, 4 of expiry

std::string_view text_of(const sys::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

void append_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i));
}

std::uint64_t read_number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

struct Address {
  int family = 0;
  std::array<std::uint8_t, 16> bytes{};
  unsigned bits() const { return family == AF_INET ? 32 : 128; }
};

std::optional<Address> parse_address(std::string_view text) {
  const std::string copy(text);
  Address address;
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, copy.c_str(), address.bytes.data()) != 1) continue;
    address.family = family;
    // ::ffff:1.2.3.4 is the same caller as 1.2.3.4.
    constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (family == AF_INET6 && std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin())) {
      address.family = AF_INET;
      std::copy_n(address.bytes.begin() + 12, 4, address.bytes.begin());
    }
    return address;
  }
  return std::nullopt;
}

bool in_range(const Address& address, std::string_view range) {
  const std::size_t slash = range.find('/');
  const std::optional<Address> base = parse_address(range.substr(0, slash));
  if (!base || base->family != address.family) return false;
  unsigned bits = base->bits();
  if (slash != std::string_view::npos) {
    const std::string_view length = range.substr(slash + 1);
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc{} || end != length.data() + length.size() || bits > base->bits())
      return false;
  }
  const std::size_t whole = bits / 8;
  if (!std::equal(base->bytes.begin(), base->bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff00U >> rest);
  return (base->bytes[whole] & mask) == (address.bytes[whole] & mask);
}

}  // namespace

std::string hash_secret(const core::SecretText& secret) {
  return wire::hex_encode(text_of(sys::sha256(secret.expose())));
}

bool secret_matches(const core::SecretText& secret, const std::string& hash) {
  if (hash.starts_with("$argon2id$")) return sys::verify_password(secret.expose(), hash);
  return core::equal_in_constant_time(hash, hash_secret(secret));
}

namespace {

constexpr std::size_t kTokenMac = kTokenBytes - kTokenHead;

// The head under a mask that the keyed hash gives: a token shows neither whose it is nor when it
// ends.
std::string masked_head(std::string_view head, std::string_view mac, const sys::HmacKey& key) {
  const sys::Digest mask = key.sign(mac);
  std::string out(head);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<char>(out[i] ^ static_cast<char>(mask[i]));
  return out;
}

}  // namespace

core::SecretText AccessTokens::make(core::CredentialId credential, core::Instant expires_at) const {
  std::string head;
  append_number(head, credential.value, 8);
  append_number(head, static_cast<std::uint64_t>(expires_at.seconds()), 4);
  const std::string mac(text_of(key_.sign(head)).substr(0, kTokenMac));
  return core::SecretText(wire::hex_encode(masked_head(head, mac, key_) + mac));
}

std::optional<core::CredentialId> AccessTokens::open(const core::SecretText& token,
                                                     core::Instant now) const {
  if (token.expose().size() != 2 * kTokenBytes) return std::nullopt;
  const auto bytes = wire::hex_decode(token.expose());
  if (!bytes) return std::nullopt;
  const std::string_view mac = std::string_view(*bytes).substr(kTokenHead);
  const std::string head = masked_head(std::string_view(*bytes).substr(0, kTokenHead), mac, key_);
  const sys::Digest expected = key_.sign(head);
  if (!core::equal_in_constant_time(text_of(expected).substr(0, kTokenMac), mac))
    return std::nullopt;
  const auto expires = core::Instant::from_seconds(
      static_cast<std::int64_t>(read_number(std::string_view(head).substr(8))));
  if (expires <= now) return std::nullopt;
  return core::CredentialId{read_number(std::string_view(head).substr(0, 8))};
}

core::Result<IdentityPtr> Access::identify(const dialects::Dialect& dialect,
                                           const wire::Request& request) {
  const dialects::Presented presented = dialect.credentials(request);
  if (presented.secret.empty()) return core::fail(core::Code::credentials_missing);
  IdentityPtr identity =
      TRY(presented.name.empty() ? by_token(dialect, presented) : by_name(dialect, presented));
  if (!address_allowed(identity->merchant.allowed_addresses, request.peer)) {
    return core::fail(core::Code::address_not_allowed);
  }
  return identity;
}

core::Result<IdentityPtr> Access::by_name(const dialects::Dialect& dialect,
                                          const dialects::Presented& presented) {
  std::string key(dialect.name);
  key.append("|").append(presented.kind).append("|").append(presented.name);
  IdentityPtr identity = recall(key);
  if (identity == nullptr) {
    auto found = TRY(reader_.find_credential(dialect.name, presented.kind, presented.name));
    // An unknown name takes as long as a wrong secret: something is hashed and compared in both.
    if (!found && !secret_matches(presented.secret, hash_secret(core::SecretText("nobody's")))) {
      return core::fail(core::Code::credentials_invalid);
    }
    identity = TRY(remember(std::move(key), std::move(found)));
  }
  if (!secret_matches(presented.secret, identity->credential.secret_hash)) {
    return core::fail(core::Code::credentials_invalid);
  }
  return identity;
}

core::Result<IdentityPtr> Access::by_token(const dialects::Dialect& dialect,
                                           const dialects::Presented& presented) {
  const std::optional<core::CredentialId> id = tokens_.open(presented.secret, clock_.now());
  if (!id) return core::fail(core::Code::credentials_invalid);
  std::string key = "#" + std::to_string(id->value);
  IdentityPtr identity = recall(key);
  if (identity == nullptr) {
    auto found = TRY(reader_.find_credential(*id));
    identity = TRY(remember(std::move(key), std::move(found)));
  }
  if (identity->credential.dialect != dialect.name)
    return core::fail(core::Code::credentials_invalid);
  return identity;
}

IdentityPtr Access::recall(const std::string& key) {
  const auto found = remembered_.find(key);
  if (found == remembered_.end()) return nullptr;
  if (found->second.until > clock_.elapsed()) return found->second.identity;
  remembered_.erase(found);
  return nullptr;
}

core::Result<IdentityPtr> Access::remember(std::string key,
                                           std::optional<core::Credential> credential) {
  if (!credential || credential->revoked_at) return core::fail(core::Code::credentials_invalid);
  auto merchant = TRY(reader_.find_merchant(credential->merchant));
  if (!merchant) return core::fail(core::Code::credentials_invalid);
  if (remembered_.size() >= kRemembered) remembered_.clear();
  auto identity = std::make_shared<const Identity>(
      Identity{std::move(merchant->merchant), std::move(*credential)});
  remembered_.insert_or_assign(std::move(key), Remembered{identity, clock_.elapsed() + kRemember});
  return identity;
}

std::string address_for_limits(std::string_view text) {
  std::optional<Address> address = parse_address(text);
  if (!address || address->family == AF_INET) return std::string(text);
  std::fill(address->bytes.begin() + 8, address->bytes.end(), std::uint8_t{0});
  std::array<char, INET6_ADDRSTRLEN> network{};
  inet_ntop(AF_INET6, address->bytes.data(), network.data(), network.size());
  return std::string(network.data()) + "/64";
}

bool address_allowed(const std::vector<std::string>& allowed, std::string_view address) {
  if (allowed.empty()) return true;
  const std::optional<Address> caller = parse_address(address);
  if (!caller) return false;
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& range) { return in_range(*caller, range); });
}

}  // namespace disburse::front_door
