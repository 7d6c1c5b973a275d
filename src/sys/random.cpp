#include "sys/random.hpp"

#include <sodium.h>
#include <sys/random.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cstdlib>

namespace disburse::sys {

std::uint64_t Random::next_u64() {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes<8>()) value = value << 8 | byte;
  return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
  assert(bound != 0);
  // 2^64 mod bound values at the low end would make the small results likelier: draw again.
  const std::uint64_t unfair = (0 - bound) % bound;
  std::uint64_t value = next_u64();
  while (value < unfair) value = next_u64();
  return value % bound;
}

RealRandom::RealRandom() {
  // Fails only where the kernel has no random numbers to give; there is nothing to go on with then.
  if (sodium_init() < 0) std::abort();
}

namespace {

// libsodium asks for 256 bytes at a time.
void fill_by_the_kernel(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t count = getrandom(out.data(), out.size(), 0);
    if (count < 0 && errno != EINTR) std::abort();
    if (count > 0) out = out.subspan(static_cast<std::size_t>(count));
  }
}

// The kernel is asked for some thousand bytes at a time: a call for each id would cost more than
// what is done with it. What has been given out is wiped, so that nobody finds it here later.
class Pool {
 public:
  void take(std::span<std::uint8_t> out) {
    if (out.size() > bytes_.size() - at_) {
      if (out.size() > bytes_.size() / 4) return fill_by_the_kernel(out);
      fill_by_the_kernel(bytes_);
      at_ = 0;
    }
    const auto begin = bytes_.begin() + static_cast<std::ptrdiff_t>(at_);
    std::copy_n(begin, out.size(), out.begin());
    sodium_memzero(&*begin, out.size());
    at_ += out.size();
  }

 private:
  std::array<std::uint8_t, 4096> bytes_{};
  std::size_t at_ = bytes_.size();
};

thread_local Pool pool;

}  // namespace

void RealRandom::fill(std::span<std::uint8_t> out) { pool.take(out); }

SeededRandom::SeededRandom(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    word = z ^ (z >> 31);
  }
}

std::uint64_t SeededRandom::step() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    std::uint64_t word = step();
    const std::size_t count = std::min<std::size_t>(8, out.size());
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = static_cast<std::uint8_t>(word);
      word >>= 8;
    }
    out = out.subspan(count);
  }
}

}  // namespace disburse::sys
