// The relay and messages to recipients.
#include <gtest/gtest.h>

#include "core/limits.hpp"
#include "core/otp.hpp"
#include "outbox/test_world.hpp"

namespace disburse::outbox {
namespace {

using namespace testing;
using core::NoticeTried;
using core::TaskKind;

class RelayNotice : public ::testing::Test {
 protected:
  RelayNotice() {
    world_.link.state = core::LinkState::issued;
    world_.link.otp.nonce = 42;
    world_.link.otp.sent_at = world_.clock.now();
    world_.save();
  }

  core::TaskId add(core::Notice notice, core::Channel channel = core::Channel::sms,
                   std::uint64_t nonce = 0) {
    core::Task task = world_.task(TaskKind::notify);
    task.notice = notice;
    task.channel = channel;
    task.otp_nonce = nonce;
    return world_.add(task);
  }

  void expect_skipped() {
    world_.poll();
    EXPECT_TRUE(world_.notifier.messages.empty());
    const auto said = world_.said<NoticeTried>();
    ASSERT_EQ(said.size(), 1u);
    EXPECT_FALSE(said[0].sent);
    EXPECT_FALSE(said[0].worth_retrying);
  }

  World world_;
};

TEST_F(RelayNotice, AnOtpIsMadeAgainForTheMessageAndForNothingElse) {
  const core::TaskId task = add(core::Notice::otp, core::Channel::sms, 42);
  world_.poll();
  ASSERT_EQ(world_.notifier.messages.size(), 1u);
  const notify::Message& message = world_.notifier.messages[0];
  const std::string otp = core::otp_digits(world_.hash, kLink, 42).expose();
  EXPECT_EQ(message.otp.expose(), otp);
  EXPECT_NE(message.text.expose().find(otp), std::string::npos);
  EXPECT_EQ(message.to, "9876543210");
  EXPECT_EQ(message.at, world_.clock.now());
  world_.notifier.answers[0]({.sent = true, .worth_retrying = false, .error = {}});
  world_.poll();
  const auto said = world_.said<NoticeTried>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].task, task);
  EXPECT_TRUE(said[0].sent);
}

TEST_F(RelayNotice, AnOtpThatWasReplacedIsNotSent) {
  add(core::Notice::otp, core::Channel::sms, 41);
  expect_skipped();
}

TEST_F(RelayNotice, AnOtpThatWasUsedIsNotSent) {
  world_.link.otp.nonce = 0;
  world_.save();
  add(core::Notice::otp, core::Channel::sms, 0);
  expect_skipped();
}

TEST_F(RelayNotice, AnOtpPastItsLifeIsNotSent) {
  add(core::Notice::otp, core::Channel::sms, 42);
  world_.advance(core::limits::kOtpLife);
  expect_skipped();
}

TEST_F(RelayNotice, ALinkIsSentWithItsUrlByEmail) {
  add(core::Notice::link_issued, core::Channel::email);
  world_.poll();
  ASSERT_EQ(world_.notifier.messages.size(), 1u);
  EXPECT_EQ(world_.notifier.messages[0].url, "https://pay.example.com/i/code");
  EXPECT_EQ(world_.notifier.messages[0].to, "gaurav.kumar@example.com");
  EXPECT_TRUE(world_.notifier.messages[0].otp.empty());
}

TEST_F(RelayNotice, ALinkThatWasCancelledMeanwhileIsNotSent) {
  world_.link.state = core::LinkState::cancelled;
  world_.save();
  add(core::Notice::link_issued);
  expect_skipped();
}

TEST_F(RelayNotice, APaidLinkIsToldAlthoughItIsClosed) {
  world_.link.state = core::LinkState::processed;
  world_.save();
  add(core::Notice::link_paid);
  world_.poll();
  EXPECT_EQ(world_.notifier.messages.size(), 1u);
}

TEST_F(RelayNotice, AGatewaysRefusalIsPassedOn) {
  add(core::Notice::link_issued);
  world_.poll();
  world_.notifier.answers[0]({.sent = false, .worth_retrying = true, .error = "busy"});
  world_.poll();
  const auto said = world_.said<NoticeTried>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_FALSE(said[0].sent);
  EXPECT_TRUE(said[0].worth_retrying);
  EXPECT_EQ(said[0].error, "busy");
}

TEST_F(RelayNotice, AGatewayThatNeverAnswersIsAskedAgainLater) {
  add(core::Notice::link_issued);
  world_.poll();
  EXPECT_LE(*world_.relay->next_wake(), world_.clock.elapsed() + world_.limits.notice);
  world_.advance(world_.limits.notice);
  world_.poll();
  const auto said = world_.said<NoticeTried>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_FALSE(said[0].sent);
  EXPECT_TRUE(said[0].worth_retrying);
}

TEST_F(RelayNotice, ALateAnswerOfAGatewayIsDropped) {
  add(core::Notice::link_issued);
  world_.poll();
  world_.advance(world_.limits.notice);
  world_.relay->drain();
  world_.poll();
  world_.notifier.answers[0]({.sent = true, .worth_retrying = false, .error = {}});
  world_.poll();
  EXPECT_EQ(world_.said<NoticeTried>().size(), 1u);
}

}  // namespace
}  // namespace disburse::outbox
