// The short form: every target takes its kept corpus, and some thousand mutations of it from one
// seed. FUZZ_SEED=N begins elsewhere, FUZZ_ROUNDS=N times as many.
//
// A crash is told with the file that the input was left in.
// Threads: one.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "fuzz/answers.hpp"
#include "fuzz/mutator.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/page.hpp"
#include "fuzz/plain_json.hpp"
#include "fuzz/targets.hpp"

namespace disburse::fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(DISBURSE_SOURCE_DIR) / "tests/fuzz";
constexpr int kFatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> corpus_of(std::string_view target) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(kFolder / "corpus" / target))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const fs::path& path : paths) inputs.push_back(contents(path));
  return inputs;
}

std::uint64_t number_of(const char* variable, std::uint64_t usual) {
  const char* const text = std::getenv(variable);
  if (text == nullptr) return usual;
  std::uint64_t value = usual;
  std::from_chars(text, text + std::string_view(text).size(), value);
  return value;
}

// What a dying program can still do: write the input down, and say where. Set before each input.
struct LastWords {
  std::string path;
  std::string told;
  std::string_view input;
};
LastWords last_words;

void leave_input(int signal) {
  const int file = ::open(last_words.path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
  ssize_t ignored = ::write(file, last_words.input.data(), last_words.input.size());
  ignored = ::write(STDERR_FILENO, last_words.told.data(), last_words.told.size());
  static_cast<void>(ignored);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

class FuzzTarget : public testing::TestWithParam<Target> {
 protected:
  void SetUp() override {
    const std::string name(GetParam().name);
    last_words.path = std::string(DISBURSE_FINDS) + "/" + name + "-" + std::to_string(::getpid());
    last_words.told = "fuzz: again with ./dev fuzz " + name + " " + last_words.path + "\n";
    fs::create_directories(DISBURSE_FINDS);
    for (std::size_t i = 0; i < std::size(kFatal); ++i)
      before_[i] = std::signal(kFatal[i], leave_input);
  }
  void TearDown() override {
    for (std::size_t i = 0; i < std::size(kFatal); ++i) std::signal(kFatal[i], before_[i]);
  }
  static void run(const std::string& input) {
    last_words.input = input;
    GetParam().run(input);
  }

 private:
  std::array<void (*)(int), std::size(kFatal)> before_{};
};

TEST_P(FuzzTarget, KeepsItsPromisesForTheKeptCorpusAndMutationsOfIt) {
  const std::vector<std::string> corpus = corpus_of(GetParam().name);
  ASSERT_FALSE(corpus.empty());
  const std::vector<std::string> dictionary = read_dictionary(
      contents(kFolder / "dictionaries" / (std::string(GetParam().name) + ".dict")));
  for (const std::string& input : corpus) run(input);
  const std::uint64_t seed = number_of("FUZZ_SEED", 4711);
  const std::uint64_t rounds =
      static_cast<std::uint64_t>(GetParam().rounds) * number_of("FUZZ_ROUNDS", 1);
  std::cout << GetParam().name << ": seed " << seed << ", " << corpus.size() << " kept inputs, "
            << rounds << " mutations\n";
  Mutator mutator(seed, corpus, dictionary);
  for (std::uint64_t i = 0; i < rounds; ++i) run(mutator.next());
}

INSTANTIATE_TEST_SUITE_P(All, FuzzTarget, testing::ValuesIn(targets().begin(), targets().end()),
                         [](const auto& one) { return std::string(one.param.name); });

// The rest: that what looks for mistakes can find some.

TEST(FuzzOracles, ABrokenPromiseEndsTheProgram) {
  EXPECT_DEATH(require(false, "never"), "a promise does not hold: never");
}

TEST(FuzzOracles, APageWithATagThatIsNotOursIsFound) {
  check_page("<!doctype html><html><body><p class=\"a\">x</p></body></html>");
  EXPECT_DEATH(check_page("<html><img src=\"/x\"></html>"), "a tag is of our templates");
  EXPECT_DEATH(check_page("<p onclick=\"x\"></p>"), "nothing is inline");
  EXPECT_DEATH(check_page("<a href=\"//elsewhere\"></a>"), "all is of this server");
  EXPECT_DEATH(check_page("<p><span></p>"), "tags close in order");
}

TEST(FuzzOracles, AnAnswerThatIsSplitIsFound) {
  EXPECT_EQ(read_answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", {false}),
            std::vector<int>{200});
  EXPECT_DEATH(read_answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", {false}), "");
  EXPECT_DEATH(read_answers("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na", {false}), "is whole");
}

TEST(FuzzOracles, ThePlainReaderOfJsonKeepsToItsRfc) {
  const auto reads = [](std::string_view text) {
    return read_json_plainly(text, {.depth = 2, .nodes = 4}).has_value();
  };
  for (const std::string_view good : {"1", " [1, -0.5e+3] ", "{\"a\":null}", "\"\\ud83d\\ude00\""})
    EXPECT_TRUE(reads(good)) << good;
  for (const std::string_view bad : {"", "01", "1.", "[1,]", "{\"a\"}", "\"\\ud83d\"", "\"\xff\"",
                                     "\"\t\"", "nul", "1 1", "[[[]]]", "[1,2,3,4]"}) {
    EXPECT_FALSE(reads(bad)) << bad;
  }
}

TEST(FuzzMutator, TheSameSeedGivesTheSameInputs) {
  const std::vector<std::string> corpus{"a=1&b=2", "GET / HTTP/1.1"};
  const std::vector<std::string> words = read_dictionary("# words\n\"Host:\"\n\"\\x00\\\"\"\n");
  ASSERT_EQ(words, (std::vector<std::string>{"Host:", std::string("\0\"", 2)}));
  Mutator one(1, corpus, words);
  Mutator same(1, corpus, words);
  Mutator other(2, corpus, words);
  int different = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string input = one.next();
    EXPECT_EQ(input, same.next());
    different += input != other.next() ? 1 : 0;
  }
  EXPECT_GT(different, 50);
}

}  // namespace
}  // namespace disburse::fuzz
