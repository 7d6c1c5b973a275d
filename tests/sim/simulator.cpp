// Runs and shrinks.
#include "sim/simulator.hpp"

#include <algorithm>
#include <numeric>

#include "sim/auditor.hpp"
#include "sim/life.hpp"

namespace disburse::sim {
namespace {

using std::chrono::hours;

constexpr int kQuietHours = 30;  // longer than any receiver is tried again
constexpr int kQuietJumps = 8;
constexpr auto kQuietJump = hours(24 * 30);  // until every deadline has passed

// Nothing goes wrong any more: then everything comes to an end.
void rest_for_ever(Life& life, Auditor& auditor, Model& model) {
  life.calm();
  for (int i = 0; i < kQuietHours && !model.violation; ++i) {
    life.pass(hours(1));
    if (i % 6 == 0) auditor.after_step();
  }
  if (!model.violation) auditor.at_rest(false);
  for (int i = 0; i < kQuietJumps && !model.violation; ++i) life.pass(kQuietJump);
  if (!model.violation) auditor.at_rest(true);
}

}  // namespace

Plan Plan::whole(std::uint64_t seed) {
  Plan plan{seed, {}, seed % 4 == 3};
  Dice dice(seed, 1'000'000);
  plan.steps.resize(40 + dice.below(120));
  std::iota(plan.steps.begin(), plan.steps.end(), 1);
  return plan;
}

Report run(const Plan& plan) {
  Model model;
  Trace trace;
  Life life(plan.seed, plan.on_disk, model, trace);
  Auditor auditor(life.world(), model, trace);
  Report report;
  life.begin();
  for (const std::uint64_t step : plan.steps) {
    report.at_step = step;
    life.step(step);
    auditor.after_step();
    if (model.violation) break;
  }
  if (!model.violation) {
    report.at_step = 0;
    rest_for_ever(life, auditor, model);
  }
  report.violation = model.violation;
  report.trace_hash = trace.hash();
  report.last_lines.assign(trace.lines().begin(), trace.lines().end());
  report.tally = std::move(model.tally);
  return report;
}

Plan shrink(const Plan& failing, const Report& report, int tries) {
  const auto still_fails = [&](const std::vector<std::uint64_t>& steps) {
    --tries;
    const Report again = run(Plan{failing.seed, steps, failing.on_disk});
    return again.violation && again.violation->invariant == report.violation->invariant;
  };
  Plan smallest = failing;
  if (report.at_step != 0) {
    const auto end = std::find(smallest.steps.begin(), smallest.steps.end(), report.at_step);
    smallest.steps.erase(end + 1, smallest.steps.end());
  }
  // Halves, then quarters … are left out, from the end, where that is possible; single steps until
  // none can go.
  for (std::size_t size = smallest.steps.size() / 2; size > 0;) {
    const std::size_t before = smallest.steps.size();
    for (std::size_t end = before; end >= size && tries > 0; end = end > size ? end - size : 0) {
      std::vector<std::uint64_t> fewer = smallest.steps;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(end - size),
                  fewer.begin() + static_cast<std::ptrdiff_t>(end));
      if (still_fails(fewer)) smallest.steps = std::move(fewer);
    }
    if (size > 1 || smallest.steps.size() == before || tries <= 0) size /= 2;
  }
  return smallest;
}

}  // namespace disburse::sim
