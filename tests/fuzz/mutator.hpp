// Changes inputs a little, by chance from a seed: what the short form has in place of libFuzzer.
//
// The same seed, corpus and dictionary give the same inputs. Threads: one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sys/random.hpp"

namespace disburse::fuzz {

class Mutator {
 public:
  Mutator(std::uint64_t seed, std::span<const std::string> corpus,
          std::span<const std::string> dictionary);

  // An input of the corpus with one to four changes.
  std::string next();

 private:
  void change(std::string& input);
  void insert(std::string& input, std::string_view what);
  void copy_within(std::string& input);
  void change_number(std::string& input);
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.below(bound)); }

  sys::SeededRandom random_;
  std::span<const std::string> corpus_;
  std::span<const std::string> dictionary_;
};

// A dictionary as libFuzzer has it: a "word" a line, with \xNN, \\ and \" in it; # begins a
// comment.
std::vector<std::string> read_dictionary(std::string_view text);

}  // namespace disburse::fuzz
