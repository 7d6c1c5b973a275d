// Random bytes: the system's, or the same ones again from a seed.
//
// Keys, OTPs, tokens and idempotency keys come from here and from nowhere else.
// Threads: RealRandom any; SeededRandom one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace disburse::sys {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t next_u64();
  // Every value below bound equally likely; bound is not zero.
  std::uint64_t below(std::uint64_t bound);

  template <std::size_t size>
  std::array<std::uint8_t, size> bytes() {
    std::array<std::uint8_t, size> out;
    fill(out);
    return out;
  }
};

// The kernel's generator, through libsodium.
class RealRandom final : public Random {
 public:
  RealRandom();
  void fill(std::span<std::uint8_t> out) override;
};

// xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64: for tests and the simulator,
// never for a key.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t step();
  std::array<std::uint64_t, 4> state_;
};

}  // namespace disburse::sys
