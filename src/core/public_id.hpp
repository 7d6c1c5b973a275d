// Public ids: a stored id sealed under the server's key, so that it cannot be guessed, counted or
// forged.
//
// seal83/seal96 are keyed permutations (a Feistel network with SipHash-2-4 as the round function)
// over a block that holds the 56-bit id and zeros; after opening, the zeros are the check value.
// Kind and merchant are tweaks: an id of another merchant opens to rubbish and is refused as a
// forgery is, in the same time, without a store read. seal384 carries the merchant, for calls that
// name none. A claim code is one AES block: 128 keyed bits. Why SipHash for ids and AES for claim
// codes: docs/decisions/0002-sealed-ids.md.
//
// Threads: immutable after construction; share freely.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/ids.hpp"

namespace disburse::core {

using Block16 = std::array<std::uint8_t, 16>;
using Key16 = std::array<std::uint8_t, 16>;

// A 128-bit block cipher under one key. sys/crypto.hpp has the real one.
class BlockCipher {
 public:
  virtual ~BlockCipher() = default;
  virtual Block16 encrypt(const Block16& block) const = 0;
  virtual Block16 decrypt(const Block16& block) const = 0;
};

enum class IdKind : std::uint8_t {
  link = 1,
  contact,
  fund_account,
  payout,
  event,
  merchant,
  endpoint,
  delivery,
  file
};

std::uint64_t siphash24(const Key16& key, const std::uint8_t* bytes, std::size_t count);

struct Claim {
  MerchantId merchant;
  LinkId link;
  friend bool operator==(const Claim&, const Claim&) = default;
};

class PublicIds {
 public:
  struct Keys {
    Key16 id_key;
    std::unique_ptr<const BlockCipher> claim_cipher;
  };
  // Newest version first: it seals; all of them open.
  explicit PublicIds(std::vector<Keys> versions);

  // Below 62^14 (83.3 bits): what fourteen base62 digits hold.
  unsigned __int128 seal83(IdKind kind, MerchantId merchant, std::uint64_t id) const;
  std::optional<std::uint64_t> open83(IdKind kind, MerchantId merchant,
                                      unsigned __int128 sealed) const;
  // 96 bits: 32 bits of the time (Unix seconds) at which the id was made, then 64 sealed bits.
  std::array<std::uint8_t, 12> seal96(IdKind kind, MerchantId merchant, std::uint64_t id) const;
  std::optional<std::uint64_t> open96(IdKind kind, MerchantId merchant,
                                      const std::array<std::uint8_t, 12>& sealed) const;
  // 384 bits: 16 sealed bytes with merchant and id, 32 bytes keyed by them. Any bit flipped:
  // refused.
  std::array<std::uint8_t, 48> seal384(IdKind kind, MerchantId merchant, std::uint64_t id) const;
  std::optional<Claim> open384(IdKind kind, const std::array<std::uint8_t, 48>& sealed) const;

  // The claim code in a link's URL.
  Block16 seal_claim(const Claim& claim) const;
  std::optional<Claim> open_claim(const Block16& sealed) const;

 private:
  std::vector<Keys> versions_;
};

// Fourteen digits for seal83, 22 for a claim code; exact length, digits 0-9A-Za-z.
std::string base62(unsigned __int128 value, std::size_t digits);
std::optional<unsigned __int128> parse_base62(std::string_view text, std::size_t digits);

std::string claim_code(const PublicIds& ids, const Claim& claim);
std::optional<Claim> parse_claim_code(const PublicIds& ids, std::string_view code);

}  // namespace disburse::core
