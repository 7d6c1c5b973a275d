// The desk's thread: what it was doing when it is stopped, and what waits then.
#include "front_door/sign_in.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "engine/engine.hpp"
#include "store/memory/memory_store.hpp"
#include "sys/crypto.hpp"

namespace disburse::front_door {
namespace {

class TestHash final : public core::KeyedHash {
 public:
  Hash operator()(std::string_view bytes) const override { return key_.sign(bytes); }

 private:
  sys::HmacKey key_{sys::ByteView("a key for tests")};
};

struct Desk {
  sys::RealRandom random;
  sys::RealClock clock;
  TestHash hash;
  std::unique_ptr<store::MemoryStore> store = store::make_memory_store();
  engine::Engine engine{*store, clock, random, hash, {}};
  AccessTokens tokens{sys::SecretKey::generate(random)};
  dialects::Dialect dialect{};
  SignInDesk desk{engine, *store->reader(), clock, random, tokens, true};

  void sign_in(std::function<void(std::string_view)> told) {
    dialects::SignIn asked;
    asked.grant = dialects::SignIn::Grant::password;
    asked.name = "nobody@example.com";
    asked.secret = core::SecretText("wrong");
    desk.check(dialect, std::move(asked), "192.0.2.1",
               [told = std::move(told)](const core::Result<dialects::Tokens>& got) {
                 told(got ? "taken" : core::name(got.error().code));
               });
  }
};

TEST(SignInDesk, WhatWaitsWhenItStopsIsRefusedAndNothingComesAfterwards) {
  constexpr int kWaiting = 6;
  Desk desk;
  std::promise<void> begun;
  std::promise<void> refused_all;
  std::string first;
  std::atomic<int> refused{0};
  // The desk is still busy with this one when it is stopped.
  desk.sign_in([&](std::string_view told) {
    begun.set_value();
    refused_all.get_future().wait();
    first = told;
  });
  begun.get_future().wait();
  for (int i = 0; i < kWaiting; ++i) {
    desk.sign_in([&](std::string_view told) {
      EXPECT_EQ(told, "draining");
      if (++refused == kWaiting) refused_all.set_value();
    });
  }
  desk.desk.stop();
  EXPECT_EQ(first, "credentials_invalid");
  EXPECT_EQ(refused, kWaiting);
  std::string late;
  desk.sign_in([&](std::string_view told) { late = told; });
  EXPECT_EQ(late, "draining");
}

}  // namespace
}  // namespace disburse::front_door
