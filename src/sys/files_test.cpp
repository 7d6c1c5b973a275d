#include "sys/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace disburse::sys {
namespace {

using core::Code;

// A folder of its own for each test, gone with it.
class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string pattern = testing::TempDir() + "disburse_files_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FilesTest() override { std::filesystem::remove_all(folder_); }

  Path folder_;
  RealFiles files_;
  SeededRandom random_{1};
};

TEST_F(FilesTest, what_was_written_is_read_and_alone_in_its_folder) {
  const Path path = folder_ / "a";
  const std::string bytes("one\0two", 7);
  ASSERT_TRUE(files_.write_file_durably(path, bytes));
  EXPECT_EQ(*files_.read_file(path), bytes);
  EXPECT_EQ(*files_.list(folder_), std::vector<std::string>{"a"});
  EXPECT_EQ(*files_.mode(path), Mode::owner_only);
}

TEST_F(FilesTest, a_second_write_replaces_the_whole_file_and_its_mode) {
  const Path path = folder_ / "a";
  ASSERT_TRUE(files_.write_file_durably(path, std::string(100'000, 'x')));
  ASSERT_TRUE(files_.write_file_durably(path, "short", Mode::readable));
  EXPECT_EQ(*files_.read_file(path), "short");
  EXPECT_EQ(*files_.mode(path), Mode::readable);
}

TEST_F(FilesTest, a_file_that_must_be_new_is_refused_when_it_is_there) {
  const Path path = folder_ / "a";
  ASSERT_TRUE(files_.write_file_durably(path, "first", Mode::owner_only, Existing::refuse));
  const auto second = files_.write_file_durably(path, "second", Mode::owner_only, Existing::refuse);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::io_failed);
  EXPECT_EQ(*files_.read_file(path), "first");
  EXPECT_EQ(files_.list(folder_)->size(), 1u);
}

TEST_F(FilesTest, a_failure_names_the_path_and_the_reason) {
  const auto read = files_.read_file(folder_ / "missing");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::io_failed);
  EXPECT_NE(read.error().detail.find("missing: No such file or directory"), std::string::npos);
  EXPECT_FALSE(files_.write_file_durably(folder_ / "no" / "such", "x"));
  EXPECT_FALSE(files_.list(folder_ / "no"));
  EXPECT_FALSE(files_.mode(folder_ / "no"));
}

TEST_F(FilesTest, folders_are_made_with_what_is_above_them) {
  const Path deep = folder_ / "a" / "b" / "c";
  ASSERT_TRUE(files_.make_directories(deep));
  ASSERT_TRUE(files_.make_directories(deep));
  EXPECT_TRUE(files_.exists(deep));
  EXPECT_EQ(*files_.mode(deep), Mode::owner_folder);
  ASSERT_TRUE(files_.write_file_durably(folder_ / "file", "x"));
  EXPECT_FALSE(files_.make_directories(folder_ / "file"));
  EXPECT_FALSE(files_.make_directories(folder_ / "file" / "below"));
}

TEST_F(FilesTest, what_is_removed_is_gone_and_may_be_removed_again) {
  const Path path = folder_ / "a";
  ASSERT_TRUE(files_.write_file_durably(path, "x"));
  EXPECT_TRUE(files_.remove(path));
  EXPECT_FALSE(files_.exists(path));
  EXPECT_TRUE(files_.remove(path));
}

TEST_F(FilesTest, a_key_is_made_once_and_then_kept) {
  const Path path = folder_ / "key";
  const auto made = load_or_create_key(files_, random_, path);
  ASSERT_TRUE(made);
  EXPECT_EQ(*files_.mode(path), Mode::owner_only);
  const auto loaded = load_or_create_key(files_, random_, path);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(made->expose(), loaded->expose());
}

TEST_F(FilesTest, a_key_that_others_may_read_is_refused) {
  const Path path = folder_ / "key";
  ASSERT_TRUE(load_or_create_key(files_, random_, path));
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto key = load_or_create_key(files_, random_, path);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, Code::configuration_invalid);
  EXPECT_EQ(key.error().field, "key-file");
}

TEST_F(FilesTest, a_key_of_another_size_is_refused_and_left_as_it_is) {
  const Path path = folder_ / "key";
  ASSERT_TRUE(files_.write_file_durably(path, "not a key"));
  EXPECT_FALSE(load_or_create_key(files_, random_, path));
  EXPECT_EQ(*files_.read_file(path), "not a key");
}

TEST_F(FilesTest, a_key_that_cannot_be_written_is_a_refusal) {
  const auto key = load_or_create_key(files_, random_, folder_ / "no" / "key");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, Code::io_failed);
}

}  // namespace
}  // namespace disburse::sys
