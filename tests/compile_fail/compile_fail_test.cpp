// Runs the compiler on each case of this folder, twice: as it stands it must be refused, with the
// words that the case's first line says; and with -DCONTROL it must pass, so that a case that is
// refused for another reason is noticed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace disburse {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "// refused: ";

fs::path folder() {
  const char* source = std::getenv("DISBURSE_SOURCE_DIR");
  return fs::path(source != nullptr ? source : DISBURSE_SOURCE_DIR) / "tests/compile_fail";
}

struct Case {
  fs::path path;
  std::string words;  // what the compiler must say
};

std::vector<Case> cases() {
  std::vector<Case> found;
  for (const auto& entry : fs::directory_iterator(folder())) {
    const fs::path& path = entry.path();
    const std::string name = path.filename().string();
    if (path.extension() != ".cpp" || name.ends_with("_test.cpp")) continue;
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    found.push_back({path, line.starts_with(kMark) ? line.substr(kMark.size()) : ""});
  }
  std::sort(found.begin(), found.end(),
            [](const Case& a, const Case& b) { return a.path < b.path; });
  return found;
}

struct Said {
  bool passed = false;
  std::string text;
};

Said compile(const fs::path& path, const std::string& more) {
  const fs::path root = folder().parent_path().parent_path();
  // Its words are for people: in English, with plain quotes.
  const std::string command = std::string("LC_ALL=C ") + DISBURSE_COMPILER +
                              " -std=c++20 -fsyntax-only " + DISBURSE_RULES + " -I'" +
                              (root / "src").string() + "' -I'" + DISBURSE_BUILD_DIR + "' " + more +
                              " '" + path.string() + "' 2>&1";
  Said said;
  std::FILE* output = popen(command.c_str(), "r");
  if (output == nullptr) return said;
  std::array<char, 4096> buffer{};
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), output)) > 0;) {
    said.text.append(buffer.data(), count);
  }
  said.passed = pclose(output) == 0;
  return said;
}

class CompileFail : public testing::TestWithParam<Case> {};

TEST_P(CompileFail, IsRefusedForItsReasonAndItsControlIsNot) {
  const Case& one = GetParam();
  ASSERT_FALSE(one.words.empty()) << one.path << " does not begin with " << kMark;
  const Said refused = compile(one.path, "");
  EXPECT_FALSE(refused.passed) << one.path << " compiles, and must not";
  EXPECT_NE(refused.text.find(one.words), std::string::npos)
      << one.path << " is refused, but not with: " << one.words << "\n"
      << refused.text;
  const Said control = compile(one.path, "-DCONTROL");
  EXPECT_TRUE(control.passed) << one.path << " is refused also with -DCONTROL\n" << control.text;
}

INSTANTIATE_TEST_SUITE_P(Cases, CompileFail, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& one) {
                           return one.param.path.stem().string();
                         });

TEST(CompileFail, ThereAreCases) { EXPECT_GE(cases().size(), 10U); }

}  // namespace
}  // namespace disburse
