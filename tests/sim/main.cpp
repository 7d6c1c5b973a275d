// disburse_sim [SEED] [N]: N runs from the seed on; without a seed, from a random one.
// disburse_sim SEED 1 --only 3,17,20: only these steps of the seed's life.
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "sim/simulator.hpp"
#include "sys/random.hpp"

namespace {

using disburse::sim::Plan;
using disburse::sim::Report;

volatile std::uint64_t current_seed = 0;

// An assert of the program's own: say which seed it was.
void on_abort(int) {
  std::fprintf(stderr, "aborted; again: disburse_sim %llu 1\n",
               static_cast<unsigned long long>(current_seed));
}

std::uint64_t number(std::string_view text, std::uint64_t otherwise) {
  std::uint64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::uint64_t> numbers(std::string_view text) {
  std::vector<std::uint64_t> all;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    all.push_back(number(text.substr(0, comma), 0));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return all;
}

void tell(const Report& report) {
  if (report.at_step != 0)
    std::printf("after step %llu: ", static_cast<unsigned long long>(report.at_step));
  else
    std::printf("in the quiet at the end: ");
  std::printf("invariant %d: %s\n", report.violation->invariant, report.violation->what.c_str());
}

void show_lines(const Report& report) {
  for (const std::string& line : report.last_lines) std::printf("  %s\n", line.c_str());
}

// The one line to run again comes first.
void show_failure(const Plan& plan, const Report& report) {
  std::printf("disburse_sim %llu 1\n", static_cast<unsigned long long>(plan.seed));
  tell(report);
  std::fflush(stdout);
  const Plan small = shrink(plan, report);
  std::printf("smallest, %zu of %zu steps: disburse_sim %llu 1 --only ", small.steps.size(),
              plan.steps.size(), static_cast<unsigned long long>(plan.seed));
  for (std::size_t i = 0; i < small.steps.size(); ++i)
    std::printf("%s%llu", i == 0 ? "" : ",", static_cast<unsigned long long>(small.steps[i]));
  std::printf("\n");
  const Report again = run(small);
  if (again.violation) tell(again);
  show_lines(again.violation ? again : report);
}

}  // namespace

int main(int count, char** words) {
  std::signal(SIGABRT, on_abort);
  const std::uint64_t random = disburse::sys::RealRandom().below(1'000'000'000);
  const std::uint64_t seed = count > 1 ? number(words[1], random) : random;
  const std::uint64_t runs = count > 2 ? number(words[2], 1) : 100;
  std::map<std::string, std::uint64_t, std::less<>> tally;
  std::uint64_t failed = 0;
  for (std::uint64_t i = 0; i < runs; ++i) {
    current_seed = seed + i;
    Plan plan = Plan::whole(seed + i);
    if (count > 4 && std::strcmp(words[3], "--only") == 0) plan.steps = numbers(words[4]);
    const Report report = run(plan);
    for (const auto& [name, times] : report.tally) tally[name] += times;
    if (!report.violation) {
      if (runs == 1)
        std::printf("trace hash %016llx\n", static_cast<unsigned long long>(report.trace_hash));
      continue;
    }
    if (count > 4) {
      tell(report);
      show_lines(report);
    } else {
      show_failure(plan, report);
    }
    if (++failed >= 5) break;
  }
  for (const auto& [name, times] : tally)
    std::printf("%12llu  %s\n", static_cast<unsigned long long>(times), name.c_str());
  std::printf("%llu runs from seed %llu, %llu failed\n", static_cast<unsigned long long>(runs),
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
