// The relay, announcements and deliveries.
#include <gtest/gtest.h>

#include "outbox/test_world.hpp"

namespace disburse::outbox {
namespace {

using namespace testing;
using core::Announced;
using core::DeliveryTried;
using core::TaskKind;

class RelayWebhook : public ::testing::Test {
 protected:
  core::Task announcement(core::Topic topic, core::LinkState state) {
    core::Task task = world_.task(TaskKind::announce);
    task.topic = topic;
    task.at = world_.clock.now();
    task.state = state;
    task.attempts = 1;
    task.fund_account = kFundAccount;
    task.payout = kPayout;
    return task;
  }

  std::vector<core::Delivery> announce(core::Topic topic, core::LinkState state) {
    world_.add(announcement(topic, state));
    world_.poll();
    const auto said = world_.said<Announced>();
    EXPECT_EQ(said.size(), 1u);
    return said.empty() ? std::vector<core::Delivery>{} : said[0].deliveries;
  }

  World world_;
};

TEST_F(RelayWebhook, AnAnnouncementBecomesADeliveryForEachEndpointThatHearsOfIt) {
  const core::EndpointId own = world_.add_endpoint("plain");
  const core::EndpointId everything = world_.add_endpoint("other", true);
  world_.add_endpoint("other");
  world_.add_endpoint("plain", false, {"link_expired"});
  world_.add_endpoint("unheard_of", true);
  const auto deliveries = announce(core::Topic::link_processing, core::LinkState::processing);
  ASSERT_EQ(deliveries.size(), 2u);
  std::map<core::EndpointId, core::Delivery> by_endpoint;
  for (const core::Delivery& made : deliveries) by_endpoint[made.endpoint] = made;
  ASSERT_TRUE(by_endpoint.contains(own));
  ASSERT_TRUE(by_endpoint.contains(everything));
  const core::Delivery& made = by_endpoint[own];
  EXPECT_EQ(made.event, "link_processing");
  EXPECT_EQ(made.body, "Acme:processing:");
  EXPECT_EQ(made.url, world_.endpoints[own].url + "?event=link_processing");
  EXPECT_EQ(made.method, "POST");
  EXPECT_EQ(made.secret.expose(), "s");
  EXPECT_EQ(made.created_at, world_.clock.now());
  EXPECT_EQ(made.link, kLink);
  EXPECT_FALSE(made.event_id.empty());
}

TEST_F(RelayWebhook, AnEventSaysWhatWasTrueWhenItHappened) {
  world_.add_endpoint("plain");
  // Since then the payout has settled and the deadline has passed.
  world_.link.state = core::LinkState::processed;
  world_.payout.state = core::PayoutState::settled;
  world_.payout.utr = "407510310584";
  world_.save();
  world_.add(announcement(core::Topic::link_processing, core::LinkState::processing));
  world_.add(announcement(core::Topic::link_processed, core::LinkState::processed));
  world_.poll();
  const auto said = world_.said<Announced>();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].deliveries.at(0).body, "Acme:processing:");
  EXPECT_EQ(said[1].deliveries.at(0).body, "Acme:processed:407510310584");
}

TEST_F(RelayWebhook, ALinkWasIssuedAlsoIfItHasExpiredSince) {
  world_.add_endpoint("plain");
  world_.link.state = core::LinkState::expired;
  world_.link.expires_at = world_.clock.now() + std::chrono::minutes(1);
  world_.save();
  core::Task task = announcement(core::Topic::link_issued, core::LinkState::issued);
  task.attempts = 0;
  task.payout = {};
  task.fund_account = {};
  world_.add(task);
  world_.advance(std::chrono::hours(1));
  world_.poll();
  ASSERT_EQ(world_.said<Announced>().size(), 1u);
  EXPECT_EQ(world_.said<Announced>()[0].deliveries.at(0).body, "Acme:issued");
}

TEST_F(RelayWebhook, WithNobodyToTellTheAnnouncementIsDone) {
  EXPECT_TRUE(announce(core::Topic::link_processing, core::LinkState::processing).empty());
}

TEST_F(RelayWebhook, ADisabledEndpointHearsNothing) {
  const core::EndpointId id = world_.add_endpoint("plain");
  core::Changes changes;
  changes.endpoints.push_back(world_.endpoints[id]);
  changes.endpoints[0].disabled_at = world_.clock.now();
  world_.put(std::move(changes));
  EXPECT_TRUE(announce(core::Topic::link_processing, core::LinkState::processing).empty());
}

// Found by the simulator: the second was carried while the first rested after the engine had
// refused it.
TEST_F(RelayWebhook, AnAnnouncementThatTheEngineRefusesIsNotOvertakenByALaterOneOfItsLink) {
  world_.add_endpoint();
  world_.engine_answers = false;
  const core::TaskId first =
      world_.add(announcement(core::Topic::link_processing, core::LinkState::processing));
  world_.poll();
  ASSERT_EQ(world_.waiting.size(), 1U);
  const core::TaskId second =
      world_.add(announcement(core::Topic::link_processed, core::LinkState::processed));
  world_.poll();
  ASSERT_EQ(world_.waiting.size(), 1U) << "one at a time";
  world_.answer(core::fail(core::Code::internal_error));
  world_.poll();
  EXPECT_TRUE(world_.waiting.empty()) << "both rest";
  world_.advance(world_.limits.rest);
  world_.poll();
  ASSERT_EQ(world_.waiting.size(), 1U);
  EXPECT_EQ(world_.said<core::Announced>().back().task, first);
  world_.answer();
  world_.remove(first);
  world_.poll();
  EXPECT_EQ(world_.said<core::Announced>().back().task, second);
}

TEST_F(RelayWebhook, AnAcknowledgedDeliveryIsDone) {
  const core::TaskId task = world_.add_delivery(world_.add_endpoint());
  world_.poll();
  ASSERT_EQ(world_.requests.size(), 1u);
  EXPECT_EQ(world_.requests[0].body, "{}");
  world_.receivers[0](http_answer(200));
  world_.poll();
  const auto said = world_.said<DeliveryTried>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].task, task);
  EXPECT_EQ(said[0].link, kLink);
  EXPECT_TRUE(said[0].attempt.acknowledged);
  EXPECT_EQ(said[0].attempt.status, 200);
  EXPECT_FALSE(said[0].retry_at);
  EXPECT_FALSE(said[0].disable_endpoint);
}

TEST_F(RelayWebhook, ADeliveryThatFailedIsTriedAgainByTheDialectsRules) {
  world_.add_delivery(world_.add_endpoint(), 1);
  world_.poll();
  world_.receivers[0](http_answer(500));
  world_.advance(std::chrono::seconds(3));
  world_.poll();
  const auto said = world_.said<DeliveryTried>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_FALSE(said[0].attempt.acknowledged);
  EXPECT_EQ(said[0].retry_at, world_.clock.now() + std::chrono::minutes(2));
  EXPECT_FALSE(said[0].disable_endpoint);
}

TEST_F(RelayWebhook, AClockThatIsSetTimesNoOpenDeliveryOut) {
  world_.add_delivery(world_.add_endpoint());
  world_.poll();
  world_.set_the_clock(std::chrono::hours(24));
  world_.poll();
  EXPECT_TRUE(world_.commands.empty());
  world_.set_the_clock(-std::chrono::hours(48));
  world_.receivers[0](http_answer(200));
  world_.poll();
  const auto said = world_.said<DeliveryTried>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].attempt.acknowledged);
}

TEST_F(RelayWebhook, ADeliveryThatFailedTooOftenIsGivenUpAndDisablesTheEndpoint) {
  world_.add_delivery(world_.add_endpoint(), 2);
  world_.poll();
  world_.receivers[0](http_answer(0));
  world_.poll();
  const auto said = world_.said<DeliveryTried>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_FALSE(said[0].retry_at);
  EXPECT_TRUE(said[0].disable_endpoint);
  EXPECT_EQ(said[0].attempt.error, "timeout");
}

TEST_F(RelayWebhook, ADeliveryToAnEndpointThatWentIsGivenUpUnsent) {
  const core::EndpointId id = world_.add_endpoint();
  world_.add_delivery(id);
  core::Changes changes;
  changes.endpoints_removed.emplace_back(kMerchant, id);
  world_.put(std::move(changes));
  world_.poll();
  EXPECT_TRUE(world_.requests.empty());
  const auto said = world_.said<DeliveryTried>();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_FALSE(said[0].retry_at);
  EXPECT_FALSE(said[0].attempt.acknowledged);
}

TEST_F(RelayWebhook, AReceiverThatHangsDelaysNobodyElse) {
  world_.limits.loaded_per_poll = 8;
  world_.make_relay();
  const core::EndpointId hanging = world_.add_endpoint();
  const core::EndpointId healthy = world_.add_endpoint();
  // Far more than are loaded at once, all due before the healthy endpoint's.
  for (int i = 0; i < 100; ++i) world_.add_delivery(hanging);
  world_.advance(core::Duration(1));
  world_.add_delivery(healthy);
  std::size_t polls = 0;
  const auto healthy_was_called = [this, healthy] {
    for (const wire::OutgoingRequest& request : world_.requests) {
      if (request.url == world_.endpoints[healthy].url) return true;
    }
    return false;
  };
  while (!healthy_was_called() && polls < 50) {
    world_.poll();
    ++polls;
    ASSERT_EQ(world_.relay->next_wake().has_value(), true);
  }
  EXPECT_TRUE(healthy_was_called());
  EXPECT_EQ(world_.requests.size(), world_.limits.per_endpoint + 1);
}

TEST_F(RelayWebhook, WhatWaitsForAnEndpointGoesWhenThereIsRoomInOrder) {
  world_.limits.per_endpoint = 1;
  world_.make_relay();
  const core::EndpointId id = world_.add_endpoint();
  std::vector<core::TaskId> tasks;
  for (int i = 0; i < 4; ++i) tasks.push_back(world_.add_delivery(id));
  for (std::size_t i = 0; i < 4; ++i) {
    world_.poll();
    ASSERT_EQ(world_.requests.size(), i + 1);
    world_.remove(tasks[i]);
    world_.receivers[i](http_answer(200));
  }
  world_.poll();
  const auto said = world_.said<DeliveryTried>();
  ASSERT_EQ(said.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(said[i].task, tasks[i]);
  EXPECT_EQ(world_.relay->in_flight(), 0u);
  EXPECT_FALSE(world_.relay->next_wake());
}

TEST_F(RelayWebhook, NoMoreCallsAreOpenThanAllowedInAll) {
  world_.limits.in_flight = 3;
  world_.make_relay();
  for (int i = 0; i < 6; ++i) world_.add_delivery(world_.add_endpoint());
  for (int i = 0; i < 3; ++i) world_.poll();
  EXPECT_EQ(world_.relay->in_flight(), 3u);
  EXPECT_EQ(world_.requests.size(), 3u);
}

}  // namespace
}  // namespace disburse::outbox
