// The maker's thread, with a real engine beside it.
#include "sandbox/account_maker.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "cli/keys.hpp"
#include "engine/engine.hpp"
#include "store/memory/memory_store.hpp"
#include "sys/clock.hpp"
#include "sys/crypto.hpp"

namespace disburse::sandbox {
namespace {

// Everything that runs, in the order of its making; it goes in the reverse order.
struct Running {
  sys::RealRandom random;
  sys::RealClock clock;
  cli::ServerKeys keys{sys::SecretKey::generate(random)};
  std::unique_ptr<store::MemoryStore> store = store::make_memory_store();
  engine::Engine engine{*store, clock, random, keys.hash, {}};
  std::thread thread;
  AccountMaker maker{engine, random, keys.ids, "http://127.0.0.1:1"};

  Running() {
    EXPECT_TRUE(engine.start());
    thread = std::thread([this] { engine.run(); });
  }
  ~Running() {
    maker.stop();
    engine.stop();
    thread.join();
  }
};

TEST(AccountMaker, MakesAMerchantWithMoneyAndCredentials) {
  Running running;
  std::promise<core::Result<std::string>> made;
  running.maker.make("Shop", [&](const auto& account) { made.set_value(account); });
  const core::Result<std::string> account = made.get_future().get();
  ASSERT_TRUE(account);
  EXPECT_NE(account->find("\"base_url\":\"http://127.0.0.1:1\""), std::string::npos) << *account;
  EXPECT_NE(account->find("\"name\":\"Shop\""), std::string::npos) << *account;
}

TEST(AccountMaker, AtAStopTheOneBeingMadeIsFinishedAndTheOthersAreRefused) {
  constexpr int kWaiting = 5;
  Running running;
  std::promise<void> begun;
  std::promise<void> refused_all;
  std::atomic<int> refused{0};
  bool first_made = false;
  running.maker.make("First", [&](const auto& account) {
    begun.set_value();
    refused_all.get_future().wait();
    first_made = account.has_value();
  });
  begun.get_future().wait();
  for (int i = 0; i < kWaiting; ++i) {
    running.maker.make("Late", [&](const auto& account) {
      ASSERT_FALSE(account);
      EXPECT_EQ(account.error().code, core::Code::draining);
      if (++refused == kWaiting) refused_all.set_value();
    });
  }
  running.maker.stop();
  EXPECT_TRUE(first_made);
  EXPECT_EQ(refused, kWaiting);
  bool told = false;
  running.maker.make("Later", [&](const auto& account) { told = !account; });
  EXPECT_TRUE(told);
  EXPECT_EQ((*running.store->reader())->list_merchants()->size(), 1U);
}

}  // namespace
}  // namespace disburse::sandbox
