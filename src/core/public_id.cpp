// Sealing of ids: a balanced Feistel network with SipHash-2-4 as its round function. Luby and
// Rackoff showed that four rounds with independent keyed functions are a strong pseudorandom
// permutation; ten leave a wide margin.
#include "core/public_id.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <string>

namespace disburse::core {
namespace {

using u64 = std::uint64_t;
using u128 = unsigned __int128;

constexpr int kRounds = 10;
constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::uint8_t kNoDigit = 0xff;
constexpr auto kBase62Values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kBase62.size(); ++i)
    values[static_cast<std::uint8_t>(kBase62[i])] = static_cast<std::uint8_t>(i);
  return values;
}();
constexpr u64 kIdMask = (1ULL << IdMaker::kIdBits) - 1;

static_assert(std::endian::native == std::endian::little, "SipHash reads little-endian words");

u64 read_u64(const std::uint8_t* bytes) {
  u64 value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

void write_u64(u64 value, std::uint8_t* bytes) { std::memcpy(bytes, &value, sizeof value); }

// SipHash-2-4 (Aumasson and Bernstein), word by word. Three ids are sealed for every answer, each
// with some 150 of its rounds, so it must stay in registers.
class SipHash {
 public:
  [[gnu::always_inline]] explicit SipHash(const Key16& key) {
    const u64 k0 = read_u64(key.data());
    const u64 k1 = read_u64(key.data() + 8);
    v0_ ^= k0;
    v1_ ^= k1;
    v2_ ^= k0;
    v3_ ^= k1;
  }
  [[gnu::always_inline]] void add(u64 word) {
    v3_ ^= word;
    round();
    round();
    v0_ ^= word;
  }
  // `last` has the message's length in its highest byte and what is left of it below.
  [[gnu::always_inline]] u64 finish(u64 last) {
    add(last);
    v2_ ^= 0xff;
    for (int i = 0; i < 4; ++i) round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  [[gnu::always_inline]] void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13);
    v1_ ^= v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16);
    v3_ ^= v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21);
    v3_ ^= v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17);
    v1_ ^= v2_;
    v2_ = std::rotl(v2_, 32);
  }

  u64 v0_ = 0x736f6d6570736575ULL;
  u64 v1_ = 0x646f72616e646f6dULL;
  u64 v2_ = 0x6c7967656e657261ULL;
  u64 v3_ = 0x7465646279746573ULL;
};

// Who an id is of, and of what shape: two ids are only ever comparable under the same tweak.
struct Tweak {
  std::uint8_t shape;
  IdKind kind;
  MerchantId merchant;
};

u64 round_value(const Key16& key, const Tweak& tweak, int round, u64 half) {
  SipHash hash(key);
  hash.add(static_cast<u64>(round) | static_cast<u64>(tweak.shape) << 8 |
           static_cast<u64>(tweak.kind) << 16 | static_cast<u64>(tweak.merchant.value) << 32);
  hash.add(half);
  return hash.finish(u64{16} << 56);
}

// A permutation of 2 * half_bits bits.
u128 permute(const Key16& key, const Tweak& tweak, unsigned half_bits, u128 value) {
  const u64 mask = half_bits == 64 ? ~0ULL : (1ULL << half_bits) - 1;
  u64 left = static_cast<u64>(value >> half_bits) & mask;
  u64 right = static_cast<u64>(value) & mask;
  for (int round = 0; round < kRounds; ++round) {
    const u64 next = left ^ (round_value(key, tweak, round, right) & mask);
    left = right;
    right = next;
  }
  return (static_cast<u128>(left) << half_bits) | right;
}

u128 unpermute(const Key16& key, const Tweak& tweak, unsigned half_bits, u128 value) {
  const u64 mask = half_bits == 64 ? ~0ULL : (1ULL << half_bits) - 1;
  u64 left = static_cast<u64>(value >> half_bits) & mask;
  u64 right = static_cast<u64>(value) & mask;
  for (int round = kRounds - 1; round >= 0; --round) {
    const u64 before = right ^ (round_value(key, tweak, round, left) & mask);
    right = left;
    left = before;
  }
  return (static_cast<u128>(left) << half_bits) | right;
}

constexpr u128 power62(unsigned exponent) {
  u128 value = 1;
  for (unsigned i = 0; i < exponent; ++i) value *= 62;
  return value;
}
constexpr u128 kLimit83 = power62(14);
constexpr unsigned kHalf83 = 42;  // 84 bits hold 62^14; values above are walked past
constexpr unsigned kHalf96 = 32;

// The 16 bytes of a sealed id with its merchant: id (7), check zeros (5), merchant (4).
u128 long_block(MerchantId merchant, u64 id) {
  return (static_cast<u128>(id) << 72) | merchant.value;
}

std::array<std::uint8_t, 48> stretch(const Key16& key, IdKind kind, u128 sealed) {
  std::array<std::uint8_t, 48> out{};
  write_u64(static_cast<u64>(sealed >> 64), out.data());
  write_u64(static_cast<u64>(sealed), out.data() + 8);
  std::array<std::uint8_t, 18> input{};
  std::copy_n(out.begin(), 16, input.begin());
  input[16] = static_cast<std::uint8_t>(kind);
  for (std::size_t word = 0; word < 4; ++word) {
    input[17] = static_cast<std::uint8_t>(0x80 + word);
    write_u64(siphash24(key, input.data(), input.size()), out.data() + 16 + 8 * word);
  }
  return out;
}

}  // namespace

std::uint64_t siphash24(const Key16& key, const std::uint8_t* bytes, std::size_t count) {
  SipHash hash(key);
  const std::size_t whole = count / 8 * 8;
  for (std::size_t at = 0; at < whole; at += 8) hash.add(read_u64(bytes + at));
  u64 last = static_cast<u64>(count) << 56;
  for (std::size_t i = whole; i < count; ++i)
    last |= static_cast<u64>(bytes[i]) << (8 * (i - whole));
  return hash.finish(last);
}

PublicIds::PublicIds(std::vector<Keys> versions) : versions_(std::move(versions)) {
  assert(!versions_.empty());
}

unsigned __int128 PublicIds::seal83(IdKind kind, MerchantId merchant, std::uint64_t id) const {
  assert(id <= kIdMask);
  const Tweak tweak{83, kind, merchant};
  u128 value = id;
  do value = permute(versions_.front().id_key, tweak, kHalf83, value);
  while (value >= kLimit83);
  return value;
}

std::optional<std::uint64_t> PublicIds::open83(IdKind kind, MerchantId merchant,
                                               unsigned __int128 sealed) const {
  if (sealed >= kLimit83) return std::nullopt;
  const Tweak tweak{83, kind, merchant};
  for (const Keys& keys : versions_) {
    u128 value = sealed;
    do value = unpermute(keys.id_key, tweak, kHalf83, value);
    while (value >= kLimit83);
    if (value != 0 && value <= kIdMask) return static_cast<u64>(value);
  }
  return std::nullopt;
}

std::array<std::uint8_t, 12> PublicIds::seal96(IdKind kind, MerchantId merchant,
                                               std::uint64_t id) const {
  const auto seconds = static_cast<std::uint32_t>(made_at(id).seconds());
  const u64 sealed =
      static_cast<u64>(permute(versions_.front().id_key, {96, kind, merchant}, kHalf96, id));
  std::array<std::uint8_t, 12> out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
  for (std::size_t i = 0; i < 8; ++i)
    out[4 + i] = static_cast<std::uint8_t>(sealed >> (56 - 8 * i));
  return out;
}

std::optional<std::uint64_t> PublicIds::open96(IdKind kind, MerchantId merchant,
                                               const std::array<std::uint8_t, 12>& sealed) const {
  std::uint32_t seconds = 0;
  for (std::size_t i = 0; i < 4; ++i) seconds = (seconds << 8) | sealed[i];
  u64 block = 0;
  for (std::size_t i = 0; i < 8; ++i) block = (block << 8) | sealed[4 + i];
  for (const Keys& keys : versions_) {
    const u64 id = static_cast<u64>(unpermute(keys.id_key, {96, kind, merchant}, kHalf96, block));
    // Eight zero bits and thirty-two bits of time are the check value.
    if (id != 0 && id <= kIdMask && static_cast<std::uint32_t>(made_at(id).seconds()) == seconds)
      return id;
  }
  return std::nullopt;
}

std::array<std::uint8_t, 48> PublicIds::seal384(IdKind kind, MerchantId merchant,
                                                std::uint64_t id) const {
  const Key16& key = versions_.front().id_key;
  return stretch(key, kind, permute(key, {128, kind, MerchantId{}}, 64, long_block(merchant, id)));
}

std::optional<Claim> PublicIds::open384(IdKind kind,
                                        const std::array<std::uint8_t, 48>& sealed) const {
  const u128 block =
      (static_cast<u128>(read_u64(sealed.data())) << 64) | read_u64(sealed.data() + 8);
  for (const Keys& keys : versions_) {
    const std::array<std::uint8_t, 48> expected = stretch(keys.id_key, kind, block);
    // Not an early-out compare: how much of a forgery was right must not show in the time.
    unsigned difference = 0;
    for (std::size_t i = 0; i < sealed.size(); ++i)
      difference |= static_cast<unsigned>(expected[i] ^ sealed[i]);
    if (difference != 0) continue;
    const u128 value = unpermute(keys.id_key, {128, kind, MerchantId{}}, 64, block);
    const Claim claim{MerchantId{static_cast<std::uint32_t>(value)},
                      LinkId{static_cast<u64>(value >> 72)}};
    // The check zeros: a second lock, should the sum ever be forged.
    if (value == long_block(claim.merchant, claim.link.value)) return claim;
  }
  return std::nullopt;
}

Block16 PublicIds::seal_claim(const Claim& claim) const {
  Block16 block{};
  write_u64(claim.link.value, block.data());
  for (std::size_t i = 0; i < 4; ++i)
    block[8 + i] = static_cast<std::uint8_t>(claim.merchant.value >> (8 * i));
  return versions_.front().claim_cipher->encrypt(block);
}

std::optional<Claim> PublicIds::open_claim(const Block16& sealed) const {
  for (const Keys& keys : versions_) {
    const Block16 block = keys.claim_cipher->decrypt(sealed);
    if (std::any_of(block.begin() + 12, block.end(), [](std::uint8_t byte) { return byte != 0; }))
      continue;
    std::uint32_t merchant = 0;
    for (std::size_t i = 0; i < 4; ++i)
      merchant |= static_cast<std::uint32_t>(block[8 + i]) << (8 * i);
    const u64 link = read_u64(block.data());
    if (link != 0 && link <= kIdMask && merchant != 0)
      return Claim{MerchantId{merchant}, LinkId{link}};
  }
  return std::nullopt;
}

std::string base62(unsigned __int128 value, std::size_t digits) {
  std::string text(digits, '0');
  // Ten digits at a time: a division of 128 bits costs as much as ten of 64.
  constexpr std::size_t kAtOnce = 10;
  constexpr auto kPower = static_cast<u64>(power62(kAtOnce));
  for (std::size_t at = digits; at > 0;) {
    auto part = static_cast<u64>(value % kPower);
    value /= kPower;
    for (std::size_t i = 0; i < kAtOnce && at > 0; ++i) {
      text[--at] = kBase62[static_cast<std::size_t>(part % 62)];
      part /= 62;
    }
  }
  return text;
}

std::optional<unsigned __int128> parse_base62(std::string_view text, std::size_t digits) {
  if (text.size() != digits) return std::nullopt;
  u128 value = 0;
  for (const char c : text) {
    const std::uint8_t digit = kBase62Values[static_cast<std::uint8_t>(c)];
    if (digit == kNoDigit) return std::nullopt;
    if (value > (~static_cast<u128>(0) - digit) / 62) return std::nullopt;
    value = value * 62 + digit;
  }
  return value;
}

std::string claim_code(const PublicIds& ids, const Claim& claim) {
  const Block16 sealed = ids.seal_claim(claim);
  u128 value = 0;
  for (const std::uint8_t byte : sealed) value = (value << 8) | byte;
  return base62(value, 22);
}

std::optional<Claim> parse_claim_code(const PublicIds& ids, std::string_view code) {
  const std::optional<u128> value = parse_base62(code, 22);
  if (!value) return std::nullopt;
  Block16 sealed{};
  for (std::size_t i = 0; i < 16; ++i)
    sealed[i] = static_cast<std::uint8_t>(*value >> (120 - 8 * i));
  return ids.open_claim(sealed);
}

}  // namespace disburse::core
