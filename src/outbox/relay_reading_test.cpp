// The relay over a store that cannot be read for a while, and over rows that have gone: nothing is
// lost, and nothing is said of what was not read.
#include <gtest/gtest.h>

#include <algorithm>

#include "outbox/test_reader.hpp"
#include "outbox/test_world.hpp"

namespace disburse::outbox {
namespace {

using namespace testing;
using core::AccountVerified;
using core::Announced;
using core::DeliveryTried;
using core::NoticeTried;
using core::TaskKind;

class RelayReading : public ::testing::Test {
 protected:
  RelayReading() {
    auto broken = std::make_unique<BrokenReader>(std::move(world_.reader));
    reader_ = broken.get();
    world_.reader = std::move(broken);
    world_.make_relay();
  }

  core::Task notice() {
    core::Task task = world_.task(TaskKind::notify);
    task.notice = core::Notice::link_paid;
    task.channel = core::Channel::sms;
    return task;
  }

  // Nothing goes out while `read` fails, and all of it afterwards, in a while.
  void expect_patience(const std::string& read) {
    reader_->broken = {read};
    world_.poll();
    EXPECT_EQ(sent(), 0U) << read;
    EXPECT_GT(world_.relay->counters().read_errors, 0U) << read;
    reader_->broken.clear();
    world_.poll();
    EXPECT_EQ(sent(), 0U) << read << ": it is not asked again at once";
    world_.advance(std::max(world_.limits.rest, world_.limits.after_read_error));
    world_.poll();
    EXPECT_EQ(sent(), 1U) << read;
  }
  std::size_t sent() const {
    return world_.rail.orders.size() + world_.rail.verified.size() +
           world_.notifier.messages.size() + world_.requests.size() +
           world_.said<Announced>().size();
  }

  World world_;
  BrokenReader* reader_ = nullptr;
};

TEST_F(RelayReading, APaymentWaitsUntilItsRowsCanBeRead) {
  for (const std::string read : {"due_tasks", "find_link", "find_merchant"}) {
    world_.rail.orders.clear();
    world_.make_relay();
    world_.add(world_.task(TaskKind::pay));
    expect_patience(read);
    world_.rail.answers.back()(bank_reply(core::BankOutcome::settled, "U1"));
    world_.poll();
    for (const core::BankSaid& said : world_.said<core::BankSaid>()) world_.remove(said.task);
    world_.commands.clear();
  }
}

TEST_F(RelayReading, AMessageWaitsUntilItsRowsCanBeRead) {
  for (const std::string read : {"find_link", "find_merchant"}) {
    world_.notifier.messages.clear();
    world_.make_relay();
    const core::TaskId task = world_.add(notice());
    expect_patience(read);
    world_.remove(task);
  }
}

TEST_F(RelayReading, AnAnnouncementWaitsUntilItsRowsCanBeRead) {
  world_.add_endpoint();
  for (const std::string read : {"list_endpoints", "find_merchant", "find_link"}) {
    world_.commands.clear();
    world_.make_relay();
    core::Task task = world_.task(TaskKind::announce);
    task.topic = core::Topic::link_processing;
    task.at = world_.clock.now();
    world_.add(task);
    expect_patience(read);
    EXPECT_EQ(world_.said<Announced>().back().deliveries.size(), 1U) << read;
    world_.remove(task.id);
  }
}

TEST_F(RelayReading, AWebhookWaitsUntilItsRowsCanBeRead) {
  const core::EndpointId endpoint = world_.add_endpoint();
  for (const std::string read : {"find_delivery", "list_endpoints"}) {
    world_.requests.clear();
    world_.make_relay();
    const core::TaskId task = world_.add_delivery(endpoint);
    expect_patience(read);
    world_.remove(task);
  }
}

TEST_F(RelayReading, WhenTheNextTaskIsDueIsAskedAgainAfterAWhile) {
  reader_->broken = {"next_due"};
  world_.poll();
  EXPECT_EQ(world_.relay->next_wake(),
            world_.clock.moment().elapsed + world_.limits.after_read_error);
  reader_->broken.clear();
  world_.advance(world_.limits.after_read_error);
  world_.poll();
  EXPECT_FALSE(world_.relay->next_wake()) << "there is nothing to do";
}

TEST_F(RelayReading, AnAnnouncementOfALinkThatHasGoneIsForNobody) {
  world_.add_endpoint();
  core::Task task = world_.task(TaskKind::announce);
  task.topic = core::Topic::link_processing;
  task.link = core::LinkId{77};
  world_.add(task);
  world_.poll();
  ASSERT_EQ(world_.said<Announced>().size(), 1U);
  EXPECT_TRUE(world_.said<Announced>()[0].deliveries.empty());
}

TEST_F(RelayReading, AWebhookThatHasGoneIsGivenUp) {
  core::Task task = world_.task(TaskKind::deliver);
  task.delivery = core::DeliveryId{77};
  world_.add(task);
  world_.poll();
  EXPECT_TRUE(world_.requests.empty());
  ASSERT_EQ(world_.said<DeliveryTried>().size(), 1U);
  EXPECT_FALSE(world_.said<DeliveryTried>()[0].retry_at);
}

TEST_F(RelayReading, WhatIsInALanguageThatIsNotBuiltInIsGivenUp) {
  world_.add_delivery(world_.add_endpoint("elvish"));
  world_.link.dialect = "elvish";
  world_.save();
  world_.add(notice());
  world_.poll();
  EXPECT_EQ(sent(), 0U);
  ASSERT_EQ(world_.said<DeliveryTried>().size(), 1U);
  EXPECT_FALSE(world_.said<DeliveryTried>()[0].retry_at);
  ASSERT_EQ(world_.said<NoticeTried>().size(), 1U);
  EXPECT_FALSE(world_.said<NoticeTried>()[0].worth_retrying);
}

TEST_F(RelayReading, AnAccountThatNeedNotBeVerifiedAnyMoreIsNotAskedFor) {
  world_.add(world_.task(TaskKind::verify));  // the payout has been sent
  world_.poll();
  EXPECT_TRUE(world_.rail.verified.empty());
  ASSERT_EQ(world_.said<AccountVerified>().size(), 1U);
  EXPECT_EQ(world_.said<AccountVerified>()[0].answer, AccountVerified::Answer::unknown);
}

}  // namespace
}  // namespace disburse::outbox
