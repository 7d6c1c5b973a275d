// Keyed hash, cipher and random numbers for tests of core/, which may not take the real ones from
// sys/. Not for anything that must be secret.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "core/decide.hpp"
#include "core/public_id.hpp"

namespace disburse::core {

// 256 bits from four SipHashes under different keys.
class ToyHash final : public KeyedHash {
 public:
  explicit ToyHash(std::uint8_t key = 7) : key_(key) {}

  Hash operator()(std::string_view bytes) const override {
    Hash out{};
    for (std::uint8_t word = 0; word < 4; ++word) {
      Key16 key{};
      key[0] = key_;
      key[1] = word;
      const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
      const std::uint64_t sum = siphash24(key, data, bytes.size());
      std::memcpy(out.data() + 8 * word, &sum, 8);
    }
    return out;
  }

 private:
  std::uint8_t key_;
};

// A Feistel network of eight rounds over 128 bits.
class ToyCipher final : public BlockCipher {
 public:
  explicit ToyCipher(std::uint8_t key) { key_.fill(key); }

  Block16 encrypt(const Block16& block) const override {
    std::uint64_t left = half(block, 0);
    std::uint64_t right = half(block, 8);
    for (std::uint8_t round = 0; round < kRounds; ++round) {
      left ^= mixed(round, right);
      std::swap(left, right);
    }
    return joined(left, right);
  }

  Block16 decrypt(const Block16& block) const override {
    std::uint64_t left = half(block, 0);
    std::uint64_t right = half(block, 8);
    for (std::uint8_t round = kRounds; round-- > 0;) {
      std::swap(left, right);
      left ^= mixed(round, right);
    }
    return joined(left, right);
  }

 private:
  static constexpr std::uint8_t kRounds = 8;

  static std::uint64_t half(const Block16& block, std::size_t at) {
    std::uint64_t value = 0;
    std::memcpy(&value, block.data() + at, 8);
    return value;
  }
  static Block16 joined(std::uint64_t left, std::uint64_t right) {
    Block16 block{};
    std::memcpy(block.data(), &left, 8);
    std::memcpy(block.data() + 8, &right, 8);
    return block;
  }
  std::uint64_t mixed(std::uint8_t round, std::uint64_t half_block) const {
    std::array<std::uint8_t, 9> bytes{};
    bytes[0] = round;
    std::memcpy(bytes.data() + 1, &half_block, 8);
    return siphash24(key_, bytes.data(), bytes.size());
  }

  Key16 key_{};
};

inline PublicIds::Keys toy_keys(std::uint8_t seed) {
  PublicIds::Keys keys{};
  for (std::size_t i = 0; i < keys.id_key.size(); ++i) {
    keys.id_key[i] = static_cast<std::uint8_t>(seed + i * 17);
  }
  keys.claim_cipher = std::make_unique<const ToyCipher>(seed);
  return keys;
}

inline PublicIds toy_ids(std::uint8_t seed = 1) {
  std::vector<PublicIds::Keys> versions;
  versions.push_back(toy_keys(seed));
  return PublicIds(std::move(versions));
}

// The seed of random tests: the same each time, or TEST_SEED=n. Tests name it in a SCOPED_TRACE.
inline std::uint64_t test_seed() {
  const char* given = std::getenv("TEST_SEED");
  return given == nullptr ? 20'240'115 : std::strtoull(given, nullptr, 10);
}

// splitmix64 (Steele, Lea and Flood, 2014).
class ToyRandom {
 public:
  explicit ToyRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

}  // namespace disburse::core
