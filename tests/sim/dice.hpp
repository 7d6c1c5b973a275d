// Chance for the simulator. Each step has dice of its own, made from the seed and the step's
// number, so that a step that is left out does not change what the others do.
//
// Threads: one.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/time.hpp"
#include "sys/random.hpp"

namespace disburse::sim {

class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t step)
      : random_(seed * 0x9e37'79b9'7f4a'7c15U + step * 0xbf58'476d'1ce4'e5b9U + 1) {}

  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least + 1)));
  }
  bool chance(unsigned percent) { return below(100) < percent; }
  core::Duration seconds(std::int64_t least, std::int64_t most) {
    return core::Duration(between(least * 1000, most * 1000));
  }
  std::string digits(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + below(10));
    return text;
  }
  template <class Values>
  auto& pick(Values& values) {
    return values[below(std::size(values))];
  }

 private:
  sys::SeededRandom random_;
};

}  // namespace disburse::sim
