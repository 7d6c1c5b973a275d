#include "outbox/mailbox.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace disburse::outbox {
namespace {

constexpr int kThreads = 4;
constexpr int kWordsOfEach = 2'000;

NoticeWord notice(Run run) {
  NoticeWord word;
  word.run = run;
  return word;
}

TEST(Mailbox, WakesOnceForAllThatComesBeforeItIsEmptied) {
  int wakes = 0;
  Mailbox mailbox([&wakes] { ++wakes; }, 10);
  mailbox.put(notice(1));
  mailbox.put(notice(2));
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(mailbox.take().size(), 2u);
  EXPECT_TRUE(mailbox.empty());
  mailbox.put(notice(3));
  EXPECT_EQ(wakes, 2);
}

TEST(Mailbox, LosesNothingThatManyThreadsPutIn) {
  std::atomic<int> wakes = 0;
  Mailbox mailbox([&wakes] { ++wakes; }, 10);
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&mailbox, &running] {
      for (int n = 0; n < kWordsOfEach; ++n) mailbox.put(notice(1));
      --running;
    });
  }
  std::size_t taken = 0;
  while (running > 0) taken += mailbox.take().size();
  for (std::thread& thread : threads) thread.join();
  taken += mailbox.take().size();
  EXPECT_EQ(taken, static_cast<std::size_t>(kThreads * kWordsOfEach));
  EXPECT_GT(wakes, 0);
}

TEST(Mailbox, NobodyIsWokenOnceItIsShut) {
  std::atomic<bool> gone = false;
  std::atomic<bool> woken_late = false;
  Mailbox mailbox([&] { woken_late = woken_late || gone; }, 10);
  std::atomic<bool> stop = false;
  std::thread putter([&mailbox, &stop] {
    while (!stop) {
      mailbox.put(notice(1));
      static_cast<void>(mailbox.take());
    }
  });
  for (int i = 0; i < 1'000; ++i) static_cast<void>(mailbox.empty());
  mailbox.shut();
  gone = true;
  for (int i = 0; i < 1'000; ++i) static_cast<void>(mailbox.empty());
  stop = true;
  putter.join();
  EXPECT_FALSE(woken_late);
  EXPECT_TRUE(mailbox.empty());
}

TEST(Mailbox, WordsThatNobodyAskedForAreLimited) {
  Mailbox mailbox(nullptr, 3);
  for (int i = 0; i < 10; ++i) mailbox.put_unasked({});
  mailbox.put(notice(1));
  EXPECT_EQ(mailbox.take().size(), 4u);
  mailbox.put_unasked({});
  EXPECT_EQ(mailbox.take().size(), 1u);
}

}  // namespace
}  // namespace disburse::outbox
