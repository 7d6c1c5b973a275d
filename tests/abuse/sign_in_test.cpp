// Guessing passwords: how many may wait, and who is kept waiting.
#include "front_door/sign_in.hpp"

#include <gtest/gtest.h>

#include "abuse/counting_store.hpp"
#include "dialects/dialect.hpp"
#include "world/world.hpp"

namespace disburse::abuse {
namespace {

using dialects::SignIn;
using front_door::SignInDesk;
using Grant = SignIn::Grant;

// Holds up who looks for a credential, until it is opened.
class Gate {
 public:
  void pass(std::string_view kind) {
    std::unique_lock guard(lock_);
    asked_.emplace_back(kind);
    changed_.notify_all();
    changed_.wait(guard, [this] { return open_; });
  }
  void open() {
    const std::lock_guard guard(lock_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_for(std::size_t asked) {
    std::unique_lock guard(lock_);
    changed_.wait(guard, [this, asked] { return asked_.size() >= asked; });
  }
  const std::vector<std::string>& asked() const { return asked_; }  // when nobody asks any more

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  bool open_ = false;
  std::vector<std::string> asked_;
};

// Knows everybody, but no password that anybody gives.
class GatedReader final : public CountingReader {
 public:
  GatedReader(std::unique_ptr<store::Reader> real, std::uint64_t& reads, Gate& gate)
      : CountingReader(std::move(real), reads), gate_(gate) {}
  core::Result<std::optional<core::Credential>> find_credential(std::string_view,
                                                                std::string_view kind,
                                                                std::string_view) override {
    gate_.pass(kind);
    core::Credential found;
    found.secret_hash = *sys::hash_password("another", sys::kTestPasswordCost);
    return std::optional(std::move(found));
  }
  using CountingReader::find_credential;

 private:
  Gate& gate_;
};

class Desk {
 public:
  Desk() {
    desk_ = std::make_unique<SignInDesk>(
        world_.engine(), std::make_unique<GatedReader>(*world_.store().reader(), reads_, gate_),
        world_.clock(), world_.random(), world_.keys().tokens, true);
    // The first is being checked, and waits no more.
    ask(Grant::client, "198.51.100.1");
    gate_.wait_for(1);
  }
  // A desk that goes checks nobody who waits.
  ~Desk() {
    gate_.open();
    desk_.reset();
  }

  // False when it was refused at once.
  bool ask(Grant grant, std::string address) {
    SignIn sign_in;
    sign_in.grant = grant;
    sign_in.kind = grant == Grant::password ? "password" : "client";
    sign_in.name = "gaurav.kumar@example.com";
    sign_in.secret = core::SecretText("guess");
    const std::size_t before = refused_;
    desk_->check(*dialects::find("payu"), std::move(sign_in), std::move(address),
                 [this](const core::Result<dialects::Tokens>& tokens) {
                   if (!tokens && tokens.error().code == core::Code::too_many_requests) ++refused_;
                 });
    if (refused_ == before) ++taken_;
    return refused_ == before;
  }
  // Lets them all be checked; the kinds, in the order in which it was done.
  const std::vector<std::string>& finish() {
    gate_.open();
    gate_.wait_for(taken_);
    desk_.reset();
    return gate_.asked();
  }

 private:
  world::World world_;
  Gate gate_;
  std::uint64_t reads_ = 0;
  std::size_t taken_ = 0;
  std::size_t refused_ = 0;  // of this thread: refusals are given at once
  std::unique_ptr<SignInDesk> desk_;
};

TEST(SignInDesk, PasswordsOfOneAddressWaitInSmallNumber) {
  Desk desk;
  for (std::size_t i = 0; i < front_door::kPasswordsWaitingPerAddress; ++i)
    EXPECT_TRUE(desk.ask(Grant::password, "203.0.113.7"));
  EXPECT_FALSE(desk.ask(Grant::password, "203.0.113.7"));
  EXPECT_TRUE(desk.ask(Grant::password, "203.0.113.8")) << "others are not refused with it";
}

TEST(SignInDesk, PasswordsOfAllAddressesWaitInSmallNumber) {
  Desk desk;
  for (std::size_t i = 0; i < front_door::kPasswordsWaiting; ++i)
    EXPECT_TRUE(desk.ask(Grant::password, "203.0.113." + std::to_string(i)));
  EXPECT_FALSE(desk.ask(Grant::password, "198.51.100.2"));
  EXPECT_TRUE(desk.ask(Grant::client, "198.51.100.2")) << "programs get their tokens";
  EXPECT_EQ(desk.finish().size(), front_door::kPasswordsWaiting + 2);
}

TEST(SignInDesk, ProgramsDoNotWaitForPasswords) {
  Desk desk;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(desk.ask(Grant::password, "203.0.113.7"));
  EXPECT_TRUE(desk.ask(Grant::client, "203.0.113.8"));
  const std::vector<std::string> expected{"client",   "client",   "password", "password",
                                          "password", "password", "password"};
  EXPECT_EQ(desk.finish(), expected);
}

TEST(SignInDesk, ProgramsWaitInLimitedNumberToo) {
  Desk desk;
  for (std::size_t i = 0; i < front_door::kSignInsWaiting; ++i)
    EXPECT_TRUE(desk.ask(Grant::client, "203.0.113.7"));
  EXPECT_FALSE(desk.ask(Grant::client, "203.0.113.7"));
}

}  // namespace
}  // namespace disburse::abuse
