// Runs the golden files of every dialect: src/dialects/<name>/golden/*.golden, over the memory
// store and over PostgreSQL. The format is described in docs/add-a-dialect.md. GOLDEN_UPDATE=1
// rewrites the expected answers; the diff is then read.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "golden/script.hpp"
#include "golden/stage.hpp"
#include "store/contract/test_postgres.hpp"
#include "store/postgres/postgres_store.hpp"

namespace disburse::golden {
namespace {

std::filesystem::path source_folder() {
  const char* folder = std::getenv("DISBURSE_SOURCE_DIR");
  return folder != nullptr ? folder : DISBURSE_SOURCE_DIR;
}

struct GoldenFile {
  std::string dialect;
  std::filesystem::path path;
};

void PrintTo(const GoldenFile& file, std::ostream* out) {
  *out << file.dialect << "/" << file.path.stem().string();
}

std::vector<GoldenFile> golden_files() {
  std::vector<GoldenFile> files;
  for (const auto& dialect :
       std::filesystem::directory_iterator(source_folder() / "src/dialects")) {
    const std::filesystem::path folder = dialect.path() / "golden";
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (file.path().extension() == ".golden")
        files.push_back({dialect.path().filename().string(), file.path()});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

class Golden : public testing::TestWithParam<GoldenFile> {};

world::WorldOptions over_postgres() {
  static const std::string url = store::TemporaryPostgres::server().fresh_url();
  static bool used = false;
  if (std::exchange(used, true)) store::TemporaryPostgres::server().make_empty(url);
  world::WorldOptions options;
  options.open_store = [] {
    auto opened = store::open_postgres(
        {.url = url, .master = store::test_master_key(), .random = store::test_random()});
    if (!opened) ADD_FAILURE() << opened.error().detail;
    return std::move(*opened);
  };
  return options;
}

void play(const GoldenFile& file, world::WorldOptions options) {
  Script script = read_script(file.path);
  ASSERT_FALSE(script.blocks.empty()) << file.path << " has no blocks";
  Stage stage(file.dialect, std::move(options));
  for (Block& block : script.blocks) {
    const std::string complaint = stage.play(block);
    EXPECT_TRUE(complaint.empty()) << file.path.string() << ":" << block.line << ": " << complaint;
    if (!complaint.empty()) break;
  }
  if (std::getenv("GOLDEN_UPDATE") != nullptr) write_script(file.path, script);
}

TEST_P(Golden, AnswersAsWritten) { play(GetParam(), {}); }

TEST_P(Golden, AnswersAsWrittenOverPostgres) {
  if (std::getenv("GOLDEN_UPDATE") != nullptr) GTEST_SKIP() << "one store is enough to write them";
  play(GetParam(), over_postgres());
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::ValuesIn(golden_files()),
                         [](const testing::TestParamInfo<GoldenFile>& file) {
                           std::string name =
                               file.param.dialect + "_" + file.param.path.stem().string();
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
                               '_');
                           return name;
                         });

}  // namespace
}  // namespace disburse::golden
