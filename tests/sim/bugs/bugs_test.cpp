// The simulator can fail: each bug that is planted is caught, by the auditor and soon.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>
#include <vector>

namespace disburse::sim {
namespace {

// From seed 1 on, the same in every run.
constexpr int kSeeds = 300;

std::vector<std::string> bugs() {
  std::vector<std::string> names;
  for (std::string_view left = DISBURSE_BUGS; !left.empty();) {
    const std::size_t comma = std::min(left.find(','), left.size());
    names.emplace_back(left.substr(0, comma));
    left.remove_prefix(std::min(comma + 1, left.size()));
  }
  return names;
}

class PlantedBug : public ::testing::TestWithParam<std::string> {};

TEST_P(PlantedBug, IsCaught) {
  const std::string command =
      fmt::format("{}/{} 1 {} --first 2>&1", DISBURSE_BUGS_FOLDER, GetParam(), kSeeds);
  std::FILE* const pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) said += static_cast<char>(c);
  const int status = pclose(pipe);
  ASSERT_TRUE(WIFEXITED(status)) << said;
  EXPECT_EQ(WEXITSTATUS(status), 1) << said;
  // By the auditor, not by an assert that the program itself has at the place.
  EXPECT_NE(said.find("invariant "), std::string::npos) << said;
  RecordProperty("caught", said.substr(0, said.find('\n')));
}

INSTANTIATE_TEST_SUITE_P(Simulator, PlantedBug, ::testing::ValuesIn(bugs()),
                         [](const auto& bug) { return bug.param; });

}  // namespace
}  // namespace disburse::sim
