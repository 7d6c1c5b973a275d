// The relay and the bank.
#include <gtest/gtest.h>

#include "outbox/test_world.hpp"

namespace disburse::outbox {
namespace {

using namespace testing;
using core::BankOutcome;
using core::BankSaid;
using core::Code;
using core::TaskKind;

class RelayBank : public ::testing::Test {
 protected:
  World world_;
};

TEST_F(RelayBank, APayoutIsGivenToTheRailWithItsStoredKey) {
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  ASSERT_EQ(world_.rail.orders.size(), 1u);
  const rails::Order& order = world_.rail.orders[0];
  EXPECT_EQ(order.key, "DSB1");
  EXPECT_EQ(order.payout, kPayout);
  EXPECT_EQ(order.amount.paise(), 1000);
  EXPECT_EQ(order.mode, "IMPS");
  EXPECT_EQ(order.account_number.expose(), "123456789012");
  EXPECT_EQ(order.ifsc, "HDFC0000001");
  EXPECT_EQ(order.holder_name, "Gaurav Kumar");
  EXPECT_EQ(order.first_sent_at, *world_.payout.sent_at);
  EXPECT_EQ(world_.relay->in_flight(), 1u);
}

TEST_F(RelayBank, TheBanksAnswerBecomesACommandOnceAndWakesTheRelay) {
  const core::TaskId task = world_.add(world_.task(TaskKind::pay));
  world_.poll();
  world_.rail.answers[0](bank_reply(BankOutcome::settled, "407510310584"));
  EXPECT_EQ(world_.wakes, 1);
  EXPECT_TRUE(world_.commands.empty()) << "nothing is done on the rail's thread";
  world_.poll();
  const auto said = world_.said<BankSaid>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].payout, kPayout);
  EXPECT_EQ(said[0].task, task);
  EXPECT_EQ(said[0].outcome, BankOutcome::settled);
  EXPECT_EQ(said[0].utr, "407510310584");
}

TEST_F(RelayBank, ATaskIsNeverCarriedTwiceAtOnce) {
  world_.add(world_.task(TaskKind::pay));
  for (int i = 0; i < 5; ++i) {
    world_.poll();
    world_.advance(std::chrono::seconds(1));
  }
  EXPECT_EQ(world_.rail.orders.size(), 1u);
  // Not either while the engine has not taken the answer: the row is still there.
  world_.engine_answers = false;
  world_.rail.answers[0](bank_reply(BankOutcome::settled));
  for (int i = 0; i < 5; ++i) world_.poll();
  EXPECT_EQ(world_.rail.orders.size(), 1u);
  EXPECT_EQ(world_.relay->in_flight(), 1u);
}

TEST_F(RelayBank, ARailThatNeverAnswersIsUnknownAfterTheLimitAndItsLateWordIsPassedOn) {
  const core::TaskId task = world_.add(world_.task(TaskKind::pay));
  world_.poll();
  world_.advance(world_.limits.rail - core::Duration(1));
  world_.poll();
  EXPECT_TRUE(world_.commands.empty());
  world_.advance(core::Duration(1));
  world_.engine_answers = false;
  world_.poll();
  ASSERT_EQ(world_.said<BankSaid>().size(), 1u);
  EXPECT_EQ(world_.said<BankSaid>()[0].outcome, BankOutcome::unknown);
  EXPECT_EQ(world_.said<BankSaid>()[0].task, task);

  world_.rail.answers[0](bank_reply(BankOutcome::settled, "u"));
  world_.poll();
  ASSERT_EQ(world_.said<BankSaid>().size(), 2u);
  EXPECT_EQ(world_.said<BankSaid>()[1].outcome, BankOutcome::settled);
  EXPECT_FALSE(world_.said<BankSaid>()[1].task);
}

TEST_F(RelayBank, ALateUnknownIsNotWorthACommand) {
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  world_.advance(world_.limits.rail);
  world_.poll();
  const std::size_t before = world_.commands.size();
  world_.rail.answers[0](bank_reply(BankOutcome::unknown));
  world_.relay->drain();
  world_.poll();
  EXPECT_EQ(world_.commands.size(), before);
}

TEST_F(RelayBank, WhatTheBankSaysUnaskedIsPassedOnWithoutATask) {
  world_.rail.listener(kMerchant, kPayout, bank_reply(BankOutcome::reversed));
  world_.poll();
  const auto said = world_.said<BankSaid>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].outcome, BankOutcome::reversed);
  EXPECT_FALSE(said[0].task);
}

TEST_F(RelayBank, AnUnaskedWordIsSubmittedAgainWhenTheEngineIsBusy) {
  world_.engine_answers = false;
  world_.rail.listener(kMerchant, kPayout, bank_reply(BankOutcome::settled));
  world_.poll();
  world_.answer(core::fail(Code::overloaded));
  world_.poll();
  world_.advance(world_.limits.first_resubmit);
  world_.poll();
  EXPECT_EQ(world_.said<BankSaid>().size(), 2u);
}

TEST_F(RelayBank, ACancelledPayoutIsNotGivenToTheBank) {
  world_.payout.state = core::PayoutState::cancelled;
  world_.save();
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  EXPECT_TRUE(world_.rail.orders.empty());
  ASSERT_EQ(world_.said<BankSaid>().size(), 1u);
  EXPECT_EQ(world_.said<BankSaid>()[0].outcome, BankOutcome::unknown);
}

TEST_F(RelayBank, AnOlderPayoutOfTheLinkIsPaidToItsOwnAccount) {
  core::FundAccount newer = World::account();
  newer.id = core::FundAccountId{1102};
  newer.account_number = core::SecretText("999999999999");
  core::Changes changes;
  changes.fund_accounts.push_back(newer);
  core::Payout second = world_.payout;
  second.id = core::PayoutId{1103};
  second.version = 1;
  second.fund_account = newer.id;
  changes.payouts.push_back(second);
  world_.put(std::move(changes));
  world_.link.payout = second.id;
  world_.link.fund_account = newer.id;
  world_.save();
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  ASSERT_EQ(world_.rail.orders.size(), 1u);
  EXPECT_EQ(world_.rail.orders[0].payout, kPayout);
  EXPECT_EQ(world_.rail.orders[0].account_number.expose(), "123456789012");
}

TEST_F(RelayBank, ARailThatIsNotThereIsASilentBank) {
  world_.payout.rail = "gone";
  world_.save();
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  ASSERT_EQ(world_.said<BankSaid>().size(), 1u);
  EXPECT_EQ(world_.said<BankSaid>()[0].outcome, BankOutcome::unknown);
}

TEST_F(RelayBank, AnAccountIsVerifiedWithoutPaying) {
  world_.payout.state = core::PayoutState::created;
  world_.save();
  const core::TaskId task = world_.add(world_.task(TaskKind::verify));
  world_.poll();
  EXPECT_TRUE(world_.rail.orders.empty());
  ASSERT_EQ(world_.rail.verified.size(), 1u);
  using Answer = core::AccountVerified::Answer;
  world_.rail.holders[0]({.answer = Answer::exists, .name = "GAURAV KUMAR"});
  world_.poll();
  const auto said = world_.said<core::AccountVerified>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].task, task);
  EXPECT_EQ(said[0].answer, Answer::exists);
  EXPECT_EQ(said[0].name, "GAURAV KUMAR");
}

TEST_F(RelayBank, AVerificationThatIsNotAnsweredIsUnknown) {
  world_.payout.state = core::PayoutState::created;
  world_.save();
  world_.add(world_.task(TaskKind::verify));
  world_.poll();
  world_.advance(world_.limits.rail);
  world_.poll();
  const auto said = world_.said<core::AccountVerified>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].answer, core::AccountVerified::Answer::unknown);
}

TEST_F(RelayBank, WhenTheEngineIsBusyTheAnswerIsSubmittedAgainAndTheBankIsNotAskedTwice) {
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  world_.engine_answers = false;
  world_.rail.answers[0](bank_reply(BankOutcome::settled));
  world_.poll();
  for (const Code code : {Code::overloaded, Code::version_conflict, Code::store_unavailable}) {
    world_.answer(core::fail(code));
    world_.poll();
    ASSERT_TRUE(world_.relay->next_wake());
    world_.advance(std::chrono::seconds(1));
    world_.poll();
  }
  EXPECT_EQ(world_.said<BankSaid>().size(), 4u);
  EXPECT_EQ(world_.rail.orders.size(), 1u);
  world_.answer();
  world_.relay->drain();
  world_.poll();
  EXPECT_EQ(world_.relay->in_flight(), 0u);
}

TEST_F(RelayBank, AnEngineThatRefusesForLongMakesTheTaskRestAndBeCarriedAgain) {
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  world_.engine_answers = false;
  world_.rail.answers[0](bank_reply(BankOutcome::settled));
  world_.poll();
  for (std::uint32_t i = 0; i < world_.limits.submits; ++i) {
    world_.answer(core::fail(Code::store_unavailable));
    world_.poll();
    world_.advance(std::chrono::seconds(1));
    world_.poll();
  }
  EXPECT_EQ(world_.relay->in_flight(), 0u);
  EXPECT_EQ(world_.rail.orders.size(), 1u);
  world_.advance(world_.limits.rest);
  world_.poll();
  ASSERT_EQ(world_.rail.orders.size(), 2u) << "the row is still there: nothing is lost";
  EXPECT_EQ(world_.rail.orders[1].key, world_.rail.orders[0].key);
}

TEST_F(RelayBank, ARestartCarriesAgainWhatWasOpen) {
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  const auto lost = world_.rail.answers[0];
  world_.make_relay();
  world_.poll();
  ASSERT_EQ(world_.rail.orders.size(), 2u);
  EXPECT_EQ(world_.rail.orders[1].key, "DSB1");
  lost(bank_reply(BankOutcome::settled));
  world_.poll();
  EXPECT_TRUE(world_.commands.empty()) << "an answer to the relay that went is nobody's";
}

TEST_F(RelayBank, OneRailTakesNoMoreThanItsRoom) {
  world_.limits.per_rail = 2;
  world_.make_relay();
  std::vector<core::TaskId> tasks;
  for (int i = 0; i < 5; ++i) tasks.push_back(world_.add(world_.task(TaskKind::pay)));
  world_.poll();
  EXPECT_EQ(world_.rail.orders.size(), 2u);
  world_.rail.answers[0](bank_reply(BankOutcome::unknown));
  world_.remove(tasks[0]);
  world_.poll();
  EXPECT_EQ(world_.rail.orders.size(), 3u);
}

TEST_F(RelayBank, ATaskThatFallsDueLaterWakesTheRelayThen) {
  core::Task later = world_.task(TaskKind::pay);
  later.due_at = world_.clock.now() + std::chrono::minutes(5);
  world_.add(later);
  world_.poll();
  EXPECT_TRUE(world_.rail.orders.empty());
  EXPECT_EQ(world_.relay->next_wake(),
            world_.clock.elapsed() + (later.due_at - world_.clock.now()));
  world_.advance(std::chrono::minutes(5));
  world_.poll();
  EXPECT_EQ(world_.rail.orders.size(), 1u);
}

TEST_F(RelayBank, WithNothingToDoNobodyNeedsToWakeIt) {
  world_.poll();
  EXPECT_FALSE(world_.relay->next_wake());
  EXPECT_EQ(world_.relay->in_flight(), 0u);
}

TEST_F(RelayBank, WhileDrainingNothingIsStartedAndAnswersAreHandedOn) {
  world_.add(world_.task(TaskKind::pay));
  world_.poll();
  world_.relay->drain();
  world_.add(world_.task(TaskKind::pay));
  world_.rail.answers[0](bank_reply(BankOutcome::settled));
  world_.poll();
  EXPECT_EQ(world_.rail.orders.size(), 1u);
  EXPECT_EQ(world_.said<BankSaid>().size(), 1u);
  EXPECT_EQ(world_.relay->in_flight(), 0u);
}

}  // namespace
}  // namespace disburse::outbox
