#include "rails/sandbox/sandbox_bank.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "rails/all.hpp"

namespace disburse::rails {
namespace {

using core::BankOutcome;
using Outcome = SandboxBank::Outcome;

core::Money rupees(std::int64_t whole) { return *core::Money::from_paise(whole * 100); }

// A bank whose delayed words wait until the test runs them, in the order in which they are due.
class SandboxBankTest : public ::testing::Test {
 protected:
  SandboxBankTest()
      : bank_(clock_, [this](core::Duration delay, std::function<void()> task) {
          delayed_.emplace(clock_.now() + delay, std::move(task));
        }) {
    bank_.listen([this](core::MerchantId, core::PayoutId payout, RailReply reply) {
      unasked_.emplace_back(payout, std::move(reply));
    });
  }

  Order order(std::string key, std::string account) {
    Order made;
    made.key = std::move(key);
    made.merchant = core::MerchantId{1};
    made.payout = core::PayoutId{7};
    made.amount = rupees(10);
    made.mode = "IMPS";
    made.holder_name = "Gaurav Kumar";
    made.account_number = core::SecretText(std::move(account));
    made.ifsc = "HDFC0000001";
    made.first_sent_at = clock_.now();
    return made;
  }

  Order upi_order(std::string key, std::string vpa) {
    Order made = order(std::move(key), "");
    made.method = core::PayMethod::upi;
    made.mode = "UPI";
    made.vpa = core::SecretText(std::move(vpa));
    return made;
  }

  // The answer, if it came at once.
  std::optional<RailReply> ask(const Order& made) {
    std::optional<RailReply> reply;
    bank_.submit(made, [&reply](RailReply said) { reply = std::move(said); });
    return reply;
  }

  BankOutcome outcome(const Order& made) {
    const auto reply = ask(made);
    EXPECT_TRUE(reply);
    return reply ? reply->outcome : BankOutcome::unknown;
  }

  void advance(core::Duration by) {
    const core::Instant until = clock_.now() + by;
    while (!delayed_.empty() && delayed_.begin()->first <= until) {
      auto task = std::move(delayed_.begin()->second);
      clock_.set(std::max(clock_.now(), delayed_.begin()->first));
      delayed_.erase(delayed_.begin());
      task();
    }
    clock_.set(until);
  }

  sys::ManualClock clock_;
  std::multimap<core::Instant, std::function<void()>> delayed_;
  std::vector<std::pair<core::PayoutId, RailReply>> unasked_;
  SandboxBank bank_;
};

TEST_F(SandboxBankTest, AnOrdinaryAccountSettles) {
  const auto reply = ask(order("k", "123456789012"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->outcome, BankOutcome::settled);
  EXPECT_FALSE(reply->ask_again_at);
  EXPECT_EQ(bank_.paid_count("k"), 1u);
}

TEST_F(SandboxBankTest, TheAccountsNamedAsGoodSettle) {
  EXPECT_EQ(outcome(order("1", "51234567890")), BankOutcome::settled);
  EXPECT_EQ(outcome(order("2", "1111111111")), BankOutcome::settled);
  EXPECT_EQ(outcome(upi_order("3", "success@sandbox")), BankOutcome::settled);
  EXPECT_EQ(outcome(upi_order("4", "kk@okaxis")), BankOutcome::settled);
}

TEST_F(SandboxBankTest, TheAccountsNamedAsBadAreRefusedWithAReason) {
  for (const Order& made : {order("1", "41234567890"), upi_order("2", "failure@sandbox"),
                            upi_order("3", "Failure@Sandbox")}) {
    const auto reply = ask(made);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->outcome, BankOutcome::refused);
    EXPECT_FALSE(reply->reason.empty());
    EXPECT_FALSE(reply->reason_text.empty());
    EXPECT_EQ(reply->utr, "");
    EXPECT_EQ(bank_.paid_count(made.key), 0u);
  }
}

TEST_F(SandboxBankTest, APendingAccountIsUnknownForAnHourAndThenSettles) {
  for (const std::string account : {"61234567890", "0000000000", "pending@sandbox"}) {
    SCOPED_TRACE(account);
    const bool is_upi = account.find('@') != std::string::npos;
    const Order made = is_upi ? upi_order(account, account) : order(account, account);
    EXPECT_EQ(outcome(made), BankOutcome::unknown);
    advance(core::Duration(std::chrono::minutes(60)) - core::Duration(1));
    EXPECT_EQ(outcome(made), BankOutcome::unknown);
    EXPECT_EQ(bank_.paid_count(made.key), 0u);
    advance(core::Duration(1));
    EXPECT_EQ(outcome(made), BankOutcome::settled);
    EXPECT_EQ(bank_.paid_count(made.key), 1u);
  }
}

TEST_F(SandboxBankTest, APendingAccountSettlesAlsoAtABankThatWasRestarted) {
  const Order made = order("k", "61234567890");
  EXPECT_EQ(outcome(made), BankOutcome::unknown);
  advance(std::chrono::hours(1));
  SandboxBank restarted(clock_, [](core::Duration, std::function<void()>) {});
  RailReply reply;
  restarted.submit(made, [&reply](RailReply said) { reply = std::move(said); });
  EXPECT_EQ(reply.outcome, BankOutcome::settled);
  EXPECT_EQ(reply.utr, sandbox_utr("k", "IMPS", made.first_sent_at));
}

TEST_F(SandboxBankTest, AReversedAccountSettlesFirstAndSaysWhenToAskAgain) {
  const Order made = order("k", "71234567890");
  const auto first = ask(made);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->outcome, BankOutcome::settled);
  ASSERT_TRUE(first->ask_again_at);
  EXPECT_EQ(*first->ask_again_at, made.first_sent_at + std::chrono::hours(1));
  advance(std::chrono::hours(1));
  const auto second = ask(made);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->outcome, BankOutcome::reversed);
  EXPECT_FALSE(second->ask_again_at);
  ASSERT_EQ(bank_.paid().size(), 1u);
  EXPECT_TRUE(bank_.paid()[0].reversed);
}

TEST_F(SandboxBankTest, OneKeyIsPaidOnceHoweverOftenItIsAskedAndHasOneUtr) {
  const Order made = order("k", "123456789012");
  const std::string utr = ask(made)->utr;
  for (int i = 0; i < 5; ++i) {
    advance(std::chrono::hours(5));
    EXPECT_EQ(ask(made)->utr, utr);
  }
  EXPECT_EQ(bank_.paid_count("k"), 1u);
  EXPECT_EQ(bank_.paid().size(), 1u);
}

TEST_F(SandboxBankTest, AUtrHasTheShapeOfItsRail) {
  const auto at = core::Instant::from_seconds(1'710'500'000);  // 2024-03-15T16:23:20+05:30
  EXPECT_TRUE(std::regex_match(sandbox_utr("k", "IMPS", at), std::regex("407516[0-9]{6}")));
  EXPECT_TRUE(std::regex_match(sandbox_utr("k", "UPI", at), std::regex("407516[0-9]{6}")));
  EXPECT_TRUE(std::regex_match(sandbox_utr("k", "NEFT", at), std::regex("[A-Z]{4}N24075[0-9]{6}")));
  EXPECT_TRUE(
      std::regex_match(sandbox_utr("k", "RTGS", at), std::regex("[A-Z]{4}R520240315[0-9]{8}")));
  EXPECT_NE(sandbox_utr("k", "IMPS", at), sandbox_utr("l", "IMPS", at));
}

TEST_F(SandboxBankTest, AnAccountThatIsNoneIsRefused) {
  EXPECT_EQ(outcome(order("1", "12")), BankOutcome::refused);
  EXPECT_EQ(outcome(upi_order("2", "nobody")), BankOutcome::refused);
}

TEST_F(SandboxBankTest, VerificationAnswersTheNameThatWasAskedForButForTwoAccounts) {
  const auto verify = [this](const Order& made) {
    HolderReply reply;
    bank_.verify(made, [&reply](HolderReply said) { reply = std::move(said); });
    return reply;
  };
  using Answer = core::AccountVerified::Answer;
  EXPECT_EQ(verify(order("1", "123456789012")).answer, Answer::exists);
  EXPECT_EQ(verify(order("1", "123456789012")).name, "Gaurav Kumar");
  EXPECT_EQ(verify(upi_order("2", "kk@okaxis")).name, "Gaurav Kumar");
  EXPECT_EQ(verify(order("3", "81234567890")).answer, Answer::exists);
  EXPECT_NE(verify(order("3", "81234567890")).name, "Gaurav Kumar");
  Order unlucky = order("3", "81234567890");
  unlucky.holder_name = verify(unlucky).name;
  EXPECT_NE(verify(unlucky).name, unlucky.holder_name);
  EXPECT_EQ(verify(order("4", "91234567890")).answer, Answer::missing);
}

TEST_F(SandboxBankTest, AProgrammedOutcomeIsForTheNextNewKeysOnly) {
  const Order before = order("before", "123456789012");
  EXPECT_EQ(outcome(before), BankOutcome::settled);
  bank_.program(Outcome::refuse, core::Duration(0), 2);
  EXPECT_EQ(outcome(before), BankOutcome::settled);
  const Order first = order("1", "123456789012");
  EXPECT_EQ(outcome(first), BankOutcome::refused);
  EXPECT_EQ(outcome(order("2", "123456789012")), BankOutcome::refused);
  EXPECT_EQ(outcome(order("3", "123456789012")), BankOutcome::settled);
  EXPECT_EQ(outcome(first), BankOutcome::refused) << "what was said of a key stays";
}

TEST_F(SandboxBankTest, WhatIsProgrammedTakesThePlaceOfWhatWasBefore) {
  bank_.program(Outcome::refuse, core::Duration(0), 5);
  bank_.program(Outcome::settle, core::Duration(0), 1);
  EXPECT_EQ(outcome(order("1", "41234567890")), BankOutcome::settled);
  EXPECT_EQ(outcome(order("2", "123456789012")), BankOutcome::settled);
}

TEST_F(SandboxBankTest, AProgrammedUnknownSettlesAfterAnHour) {
  bank_.program(Outcome::unknown, core::Duration(0), 1);
  const Order made = order("k", "123456789012");
  EXPECT_EQ(outcome(made), BankOutcome::unknown);
  advance(std::chrono::hours(1));
  EXPECT_EQ(outcome(made), BankOutcome::settled);
  EXPECT_TRUE(unasked_.empty());
}

TEST_F(SandboxBankTest, AfterATimeOutTheBankSpeaksUpLate) {
  bank_.program(Outcome::time_out, core::Duration(0), 1);
  const Order made = order("k", "123456789012");
  EXPECT_EQ(outcome(made), BankOutcome::unknown);
  advance(std::chrono::minutes(59));
  EXPECT_TRUE(unasked_.empty());
  EXPECT_EQ(outcome(made), BankOutcome::unknown);
  advance(std::chrono::minutes(1));
  ASSERT_EQ(unasked_.size(), 1u);
  EXPECT_EQ(unasked_[0].second.outcome, BankOutcome::settled);
  EXPECT_EQ(ask(made)->utr, unasked_[0].second.utr);
  EXPECT_EQ(bank_.paid_count("k"), 1u);
}

TEST_F(SandboxBankTest, ASecondAnswerSaysTheSameAsTheFirst) {
  bank_.program(Outcome::answer_twice, core::Duration(0), 1);
  const auto reply = ask(order("k", "123456789012"));
  ASSERT_TRUE(reply);
  advance(std::chrono::minutes(1));
  ASSERT_EQ(unasked_.size(), 1u);
  EXPECT_EQ(unasked_[0].first, core::PayoutId{7});
  EXPECT_EQ(unasked_[0].second.outcome, reply->outcome);
  EXPECT_EQ(unasked_[0].second.utr, reply->utr);
  EXPECT_EQ(bank_.paid_count("k"), 1u);
}

TEST_F(SandboxBankTest, AProgrammedReversalComesAnHourAfterSettling) {
  bank_.program(Outcome::reverse, core::Duration(0), 1);
  const Order made = order("k", "123456789012");
  EXPECT_EQ(outcome(made), BankOutcome::settled);
  advance(std::chrono::hours(1));
  EXPECT_EQ(outcome(made), BankOutcome::reversed);
}

TEST_F(SandboxBankTest, ADelayedAnswerComesAfterTheDelay) {
  bank_.program(Outcome::settle, core::Duration(1500), 1);
  std::optional<RailReply> reply;
  bank_.submit(order("k", "123456789012"), [&reply](RailReply said) { reply = std::move(said); });
  advance(core::Duration(1499));
  EXPECT_FALSE(reply);
  advance(core::Duration(1));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->outcome, BankOutcome::settled);
}

TEST_F(SandboxBankTest, OutcomesAreReadByTheirNames) {
  EXPECT_EQ(parse_sandbox_outcome("time_out"), Outcome::time_out);
  EXPECT_EQ(parse_sandbox_outcome("answer_twice"), Outcome::answer_twice);
  EXPECT_FALSE(parse_sandbox_outcome("explode"));
}

TEST(Rails, AreFoundByName) {
  ASSERT_NE(find("sandbox"), nullptr);
  EXPECT_TRUE(find("sandbox")->sandbox_only);
  EXPECT_EQ(find("nowhere"), nullptr);
  const sys::ManualClock clock;
  EXPECT_EQ(find("sandbox")->make({clock, nullptr})->name(), "sandbox");
}

}  // namespace
}  // namespace disburse::rails
