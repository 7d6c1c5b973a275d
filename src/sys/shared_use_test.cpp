#include "sys/shared_use.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

namespace disburse::sys {
namespace {

class SharedUseTest : public testing::Test {
 protected:
  SharedUseTest() {
    std::string pattern = testing::TempDir() + "disburse_use_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SharedUseTest() override { std::filesystem::remove_all(folder_); }

  Path folder_;
};

TEST_F(SharedUseTest, TheFirstIsAloneAndTheNextIsNot) {
  auto first = SharedUse::of(folder_);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->is_alone());
  ASSERT_TRUE(first->share());
  EXPECT_FALSE(first->is_alone());
  const auto second = SharedUse::of(folder_);
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->is_alone());
}

TEST_F(SharedUseTest, WhoComesWhileOneIsAloneWaitsUntilItShares) {
  auto first = SharedUse::of(folder_);
  ASSERT_TRUE(first);
  std::atomic<bool> shared{false};
  std::thread other([&] {
    const auto second = SharedUse::of(folder_);
    ASSERT_TRUE(second);
    EXPECT_TRUE(shared) << "it did not wait";
    EXPECT_FALSE(second->is_alone());
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  shared = true;
  ASSERT_TRUE(first->share());
  other.join();
}

TEST_F(SharedUseTest, AfterTheLastOneTheNextIsAloneAgain) {
  { ASSERT_TRUE(SharedUse::of(folder_)); }
  const auto next = SharedUse::of(folder_);
  ASSERT_TRUE(next);
  EXPECT_TRUE(next->is_alone());
}

TEST_F(SharedUseTest, AProcessThatWasKilledUsesItNoMore) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto use = SharedUse::of(folder_);
    const char said = use && use->is_alone() ? 'y' : 'n';
    static_cast<void>(!::write(ready[1], &said, 1));
    ::pause();
    ::_exit(0);
  }
  char said = 0;
  ASSERT_EQ(::read(ready[0], &said, 1), 1);
  EXPECT_EQ(said, 'y');
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const auto next = SharedUse::of(folder_);
  ASSERT_TRUE(next);
  EXPECT_TRUE(next->is_alone());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(SharedUseTest, AFolderThatIsNotThereIsSaidToBe) {
  const auto use = SharedUse::of(folder_ / "none");
  ASSERT_FALSE(use);
  EXPECT_EQ(use.error().code, core::Code::io_failed);
}

}  // namespace
}  // namespace disburse::sys
