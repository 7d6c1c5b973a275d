// disburse_sim [SEED] [N]: N runs from the seed on; without a seed, from a random one.
// disburse_sim SEED 1 --only 3,17,20: only these steps of the seed's life.
// --disk or --memory at the end: over which store, instead of as the seed says.
// disburse_sim SEED N --first: says in one line which seed is the first to fail, and ends.
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

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

// Which store it was, where the seed alone would choose another.
const char* store_word(const Plan& plan) {
  if (plan.on_disk == Plan::whole(plan.seed).on_disk) return "";
  return plan.on_disk ? " --disk" : " --memory";
}

// The one line to run again comes first.
void show_failure(const Plan& plan, const Report& report) {
  std::printf("disburse_sim %llu 1%s\n", static_cast<unsigned long long>(plan.seed),
              store_word(plan));
  tell(report);
  std::fflush(stdout);
  const Plan small = shrink(plan, report);
  std::printf("smallest, %zu of %zu steps: disburse_sim %llu 1 --only ", small.steps.size(),
              plan.steps.size(), static_cast<unsigned long long>(plan.seed));
  for (std::size_t i = 0; i < small.steps.size(); ++i)
    std::printf("%s%llu", i == 0 ? "" : ",", static_cast<unsigned long long>(small.steps[i]));
  std::printf("%s\n", store_word(plan));
  const Report again = run(small);
  if (again.violation) tell(again);
  show_lines(again.violation ? again : report);
}

struct Wanted {
  std::uint64_t seed = 0;
  std::uint64_t runs = 100;
  bool first = false;
  std::optional<std::vector<std::uint64_t>> only;
  std::optional<bool> on_disk;
};

// Takes `--disk` or `--memory` off the end of the words.
std::optional<bool> wanted_store(int& count, char** words) {
  const std::string_view last = words[count - 1];
  if (last != "--disk" && last != "--memory") return std::nullopt;
  --count;
  return last == "--disk";
}

Wanted wanted(int count, char** words) {
  Wanted wanted;
  wanted.on_disk = wanted_store(count, words);
  wanted.seed = disburse::sys::RealRandom().below(1'000'000'000);
  if (count > 1) wanted.seed = number(words[1], wanted.seed);
  if (count > 2) wanted.runs = number(words[2], 1);
  wanted.first = count > 3 && std::strcmp(words[3], "--first") == 0;
  if (count > 4 && std::strcmp(words[3], "--only") == 0) wanted.only = numbers(words[4]);
  return wanted;
}

void show(const Wanted& wanted, const Plan& plan, const Report& report) {
  if (wanted.first) {
    std::printf("disburse_sim %llu 1%s: ", static_cast<unsigned long long>(plan.seed),
                store_word(plan));
    return tell(report);
  }
  if (!wanted.only) return show_failure(plan, report);
  tell(report);
  show_lines(report);
}

}  // namespace

int main(int count, char** words) {
  std::signal(SIGABRT, on_abort);
  const Wanted wanted = ::wanted(count, words);
  std::map<std::string, std::uint64_t, std::less<>> tally;
  std::uint64_t failed = 0;
  std::uint64_t run_so_far = 0;
  const std::uint64_t most_failures = wanted.first ? 1 : 5;
  while (run_so_far < wanted.runs && failed < most_failures) {
    current_seed = wanted.seed + run_so_far++;
    Plan plan = Plan::whole(current_seed);
    if (wanted.only) plan.steps = *wanted.only;
    if (wanted.on_disk) plan.on_disk = *wanted.on_disk;
    const Report report = run(plan);
    for (const auto& [name, times] : report.tally) tally[name] += times;
    if (report.violation) {
      show(wanted, plan, report);
      ++failed;
    } else if (wanted.runs == 1) {
      std::printf("trace hash %016llx\n", static_cast<unsigned long long>(report.trace_hash));
    }
  }
  if (!wanted.first) {
    for (const auto& [name, times] : tally)
      std::printf("%12llu  %s\n", static_cast<unsigned long long>(times), name.c_str());
  }
  std::printf(
      "%llu runs from seed %llu, %llu failed\n", static_cast<unsigned long long>(run_so_far),
      static_cast<unsigned long long>(wanted.seed), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
