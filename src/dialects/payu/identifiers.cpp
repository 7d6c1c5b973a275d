#include "dialects/payu/identifiers.hpp"

#include <algorithm>
#include <array>

#include "wire/base64.hpp"
#include "wire/hex.hpp"

namespace disburse::dialects::payu {
namespace {

// So that the sandbox's first merchant has the id of PayU's own samples, 1111122.
constexpr std::uint64_t kFirstMerchant = 1'111'121;

// Hashes under keys that are no secret: these names must stay the same when the server's keys are
// rotated, and nothing is opened with them.
constexpr core::Key16 kTransferKey = {'p', 'a', 'y', 'u', ' ', 't', 'r', 'a',
                                      'n', 's', 'f', 'e', 'r', ' ', ' ', '1'};
constexpr core::Key16 kUserKeyHigh = {'p', 'a', 'y', 'u', ' ', 'u', 's', 'e',
                                      'r', ' ', 'h', 'i', 'g', 'h', ' ', '1'};
constexpr core::Key16 kUserKeyLow = {'p', 'a', 'y', 'u', ' ', 'u', 's', 'e',
                                     'r', ' ', 'l', 'o', 'w', ' ', ' ', '1'};

std::uint64_t keyed(const core::Key16& key, std::uint64_t a, std::uint64_t b) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(a >> (8 * i));
    bytes[8 + i] = static_cast<std::uint8_t>(b >> (8 * i));
  }
  return core::siphash24(key, bytes.data(), bytes.size());
}

std::string big_endian(std::uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

}  // namespace

std::string payout_merchant_id(core::MerchantId merchant) {
  return std::to_string(kFirstMerchant + merchant.value);
}

std::string link_id(const core::PublicIds& ids, core::MerchantId merchant, core::LinkId link) {
  const auto sealed = ids.seal384(core::IdKind::link, merchant, link.value);
  return wire::base64_encode(std::string(sealed.begin(), sealed.end()));
}

std::optional<core::Claim> parse_link_id(const core::PublicIds& ids, std::string_view text) {
  std::string base64(text);
  std::replace(base64.begin(), base64.end(), ' ', '+');
  const auto bytes = wire::base64_decode(base64);
  std::array<std::uint8_t, 48> sealed{};
  if (!bytes || bytes->size() != sealed.size()) return std::nullopt;
  std::transform(bytes->begin(), bytes->end(), sealed.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return ids.open384(core::IdKind::link, sealed);
}

std::string transfer_reference(core::MerchantId merchant, core::PayoutId payout) {
  // 62^11 is more than 2^64, so eleven digits hold the whole hash.
  const std::uint64_t tail = keyed(kTransferKey, merchant.value, payout.value);
  return "PAYOUT" + std::to_string(core::made_at(payout.value).ms()) + core::base62(tail, 11);
}

std::string user_uuid(core::CredentialId credential) {
  const std::string hex = wire::hex_encode(big_endian(keyed(kUserKeyHigh, credential.value, 0)) +
                                           big_endian(keyed(kUserKeyLow, credential.value, 0)));
  return hex.substr(0, 4) + "-" + hex.substr(4, 4) + "-" + hex.substr(8, 8) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20, 12);
}

}  // namespace disburse::dialects::payu
