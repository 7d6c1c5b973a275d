// A smoke run of the simulator, and that a seed says everything.
#include "sim/simulator.hpp"

#include <gtest/gtest.h>

#include <iostream>

#include "sys/random.hpp"

namespace disburse::sim {
namespace {

constexpr std::uint64_t kSmokeRuns = 300;

TEST(Sim, RandomLivesKeepEveryPromise) {
  const std::uint64_t base = sys::RealRandom().below(1'000'000'000);
  std::cout << "seeds from " << base << "; again: disburse_sim " << base << " " << kSmokeRuns
            << "\n";
  std::map<std::string, std::uint64_t, std::less<>> tally;
  for (std::uint64_t seed = base; seed < base + kSmokeRuns; ++seed) {
    const Report report = run(Plan::whole(seed));
    if (report.violation) {
      FAIL() << "disburse_sim " << seed << " 1\nafter step " << report.at_step << ", invariant "
             << report.violation->invariant << ": " << report.violation->what;
    }
    for (const auto& [name, times] : report.tally) tally[name] += times;
  }
  // A simulator in which nothing happens finds nothing.
  for (const std::string_view what : {"links",
                                      "claims",
                                      "cancelled",
                                      "failed commits",
                                      "webhooks",
                                      "calls from a webhook",
                                      "repeated answers",
                                      "repeated references",
                                      "crashes",
                                      "restarts",
                                      "deadlines",
                                      "failed loads",
                                      "crashes in a write",
                                      "lost stores",
                                      "commits that the disk refused",
                                      "deaths before a commit",
                                      "deaths after a commit",
                                      "deaths before the bank",
                                      "deaths before a webhook",
                                      "clock set back",
                                      "clock set forward",
                                      "otps verified",
                                      "payouts asked for",
                                      "end: processed",
                                      "end: expired",
                                      "end: cancelled"}) {
    EXPECT_GT(tally[std::string(what)], 0U) << what;
  }
}

TEST(Sim, TheSameSeedLivesTheSameLife) {
  for (const std::uint64_t seed : {7U, 8U, 4'711U, 1'000'002U, 1'000'003U}) {
    const Report first = run(Plan::whole(seed));
    const Report second = run(Plan::whole(seed));
    EXPECT_EQ(first.trace_hash, second.trace_hash) << "seed " << seed;
    EXPECT_EQ(first.last_lines, second.last_lines) << "seed " << seed;
    EXPECT_EQ(first.tally, second.tally) << "seed " << seed;
  }
}

TEST(Sim, OtherSeedsLiveOtherLives) {
  EXPECT_NE(run(Plan::whole(1)).trace_hash, run(Plan::whole(2)).trace_hash);
}

}  // namespace
}  // namespace disburse::sim
