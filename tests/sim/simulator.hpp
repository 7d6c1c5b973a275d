// One simulated run from a seed, and the smallest one that still fails.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/model.hpp"

namespace disburse::sim {

// Which steps of a seed's life are lived.
struct Plan {
  std::uint64_t seed = 1;
  std::vector<std::uint64_t> steps;
  bool on_disk = false;  // over SQLite on a simulated disk, otherwise over the memory store

  // 40 to 160 of them, as the seed says; one seed in four lives on a disk.
  static Plan whole(std::uint64_t seed);
};

struct Report {
  std::optional<Violation> violation;
  std::uint64_t at_step = 0;  // the step after which it showed; 0: in the quiet at the end
  std::uint64_t trace_hash = 0;
  std::vector<std::string> last_lines;
  std::map<std::string, std::uint64_t, std::less<>> tally;
};

Report run(const Plan& plan);

// Leaves out steps as long as the same invariant breaks; `tries` runs at most.
Plan shrink(const Plan& failing, const Report& report, int tries = 400);

}  // namespace disburse::sim
