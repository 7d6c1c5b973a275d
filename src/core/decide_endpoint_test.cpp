// What is sent again by event and time, and endpoints that are changed.
#include <gtest/gtest.h>

#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

using namespace std::chrono_literals;

Delivery sent(std::uint64_t id, EndpointId endpoint) {
  Delivery delivery;
  delivery.merchant = MerchantId{1};
  delivery.id = DeliveryId{id};
  delivery.endpoint = endpoint;
  delivery.event = "payout_link.issued";
  delivery.event_id = "id" + std::to_string(id);
  delivery.state = DeliveryState::delivered;
  delivery.tries = 2;
  delivery.body = "{}";
  delivery.created_at = Instant::from_seconds(static_cast<std::int64_t>(id));
  return delivery;
}

TEST(Fits, EveryWishCounts) {
  Delivery one = sent(100, EndpointId{7});
  const auto fits_with = [&one](const auto& wish) {
    ListDeliveries wanted;
    wish(wanted);
    return fits(one, wanted);
  };
  EXPECT_TRUE(fits_with([](ListDeliveries&) {}));
  EXPECT_TRUE(fits_with([](ListDeliveries& wish) { wish.event = "payout_link.issued"; }));
  EXPECT_FALSE(fits_with([](ListDeliveries& wish) { wish.event = "payout_link.expired"; }));
  EXPECT_TRUE(fits_with([](ListDeliveries& wish) { wish.event_id = "id100"; }));
  EXPECT_FALSE(fits_with([](ListDeliveries& wish) { wish.event_id = "id101"; }));
  EXPECT_TRUE(fits_with([&one](ListDeliveries& wish) { wish.from = wish.to = one.created_at; }));
  EXPECT_FALSE(fits_with([&one](ListDeliveries& wish) { wish.from = one.created_at + 1ms; }));
  EXPECT_FALSE(fits_with([&one](ListDeliveries& wish) { wish.to = one.created_at - 1ms; }));
  one.replay_of = DeliveryId{99};
  EXPECT_TRUE(fits_with([](ListDeliveries&) {}));
  EXPECT_FALSE(fits_with([](ListDeliveries& wish) { wish.replays = false; }));
}

// A merchant with one endpoint, which was sent three events.
struct Receiver {
  Scene scene;
  Endpoint endpoint = add();

  Endpoint add() {
    AddEndpoint command;
    command.merchant = Scene::kMerchant;
    command.dialect = "razorpay";
    command.url = "https://one.example.com/";
    command.secret = SecretText("old");
    command.events = {"payout_link.issued"};
    const Result<Reply> reply = scene.world.run(command);
    const Endpoint added = std::get<Endpoint>(*reply);
    for (const std::uint64_t id : {101, 102, 103})
      scene.world.deliveries[DeliveryId{id}] = sent(id, added.id);
    return added;
  }
  const Endpoint& now() const { return scene.world.all_endpoints.at(endpoint.id); }
};

TEST(Replays, EachThatWasFoundIsSentAgainTheOldestFirst) {
  Receiver receiver;
  ReplayDeliveries again{Scene::kMerchant, receiver.endpoint.id};
  again.found = {DeliveryId{103}, DeliveryId{101}, DeliveryId{999}};
  const Result<Reply> reply = receiver.scene.world.run(again);
  ASSERT_TRUE(reply);
  const auto& list = std::get<DeliveryList>(*reply).deliveries;
  ASSERT_EQ(list.size(), 2U) << "one is gone";
  EXPECT_EQ(list[0].delivery.replay_of, DeliveryId{103});
  EXPECT_EQ(list[1].delivery.replay_of, DeliveryId{101});
  EXPECT_LT(list[1].delivery.id, list[0].delivery.id);
  const Delivery& stored = receiver.scene.world.deliveries.at(list[1].delivery.id);
  EXPECT_EQ(stored.state, DeliveryState::due);
  EXPECT_EQ(stored.tries, 0U);
  EXPECT_EQ(stored.event_id, "id101");
  EXPECT_EQ(receiver.scene.world.tasks_of(TaskKind::deliver).size(), 2U);
}

TEST(Replays, OnlyWhatTheEndpointItselfWasSent) {
  Receiver receiver;
  receiver.scene.world.deliveries[DeliveryId{104}] = sent(104, EndpointId{7});
  ReplayDeliveries again{Scene::kMerchant, receiver.endpoint.id};
  again.found = {DeliveryId{104}};
  const Result<Reply> reply = receiver.scene.world.run(again);
  EXPECT_TRUE(std::get<DeliveryList>(*reply).deliveries.empty());
  EXPECT_TRUE(receiver.scene.world.tasks_of(TaskKind::deliver).empty());
  again.endpoint = EndpointId{7};
  EXPECT_EQ(receiver.scene.world.refusal(again), "endpoint_not_found");
}

TEST(UpdateEndpoint, WhatIsNotGivenStaysAndWhatWaitsKeepsItsSecret) {
  Receiver receiver;
  receiver.scene.world.deliveries[DeliveryId{101}].secret = SecretText("old");
  UpdateEndpoint update{Scene::kMerchant, receiver.endpoint.id};
  update.secret = SecretText("new");
  const Result<Reply> reply = receiver.scene.world.run(update);
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<Endpoint>(*reply), receiver.now());
  Endpoint expected = receiver.endpoint;
  expected.secret = SecretText("new");
  EXPECT_EQ(receiver.now(), expected);
  EXPECT_EQ(receiver.scene.world.deliveries.at(DeliveryId{101}).secret.expose(), "old");

  update = UpdateEndpoint{Scene::kMerchant, receiver.endpoint.id};
  update.url = "https://two.example.com/";
  update.authorization = SecretText("me");
  update.events = std::vector<std::string>{};
  EXPECT_TRUE(receiver.scene.world.run(update));
  EXPECT_EQ(receiver.now().url, "https://two.example.com/");
  EXPECT_EQ(receiver.now().authorization.expose(), "me");
  EXPECT_TRUE(receiver.now().events.empty());
}

TEST(UpdateEndpoint, OneThatWasDisabledIsEnabledByHand) {
  Receiver receiver;
  UpdateEndpoint update{Scene::kMerchant, receiver.endpoint.id};
  update.enabled = false;
  EXPECT_TRUE(receiver.scene.world.run(update));
  const std::optional<Instant> at = receiver.now().disabled_at;
  EXPECT_EQ(at, receiver.scene.world.now);
  receiver.scene.world.now = receiver.scene.world.now + 1h;
  EXPECT_TRUE(receiver.scene.world.run(update));
  EXPECT_EQ(receiver.now().disabled_at, at) << "it was already";
  update.enabled = true;
  EXPECT_TRUE(receiver.scene.world.run(update));
  EXPECT_FALSE(receiver.now().disabled_at);
}

TEST(UpdateEndpoint, BadUrlsAndOthersEndpointsAreRefused) {
  Receiver receiver;
  UpdateEndpoint update{Scene::kMerchant, receiver.endpoint.id};
  update.url = "ftp://one.example.com/";
  EXPECT_EQ(receiver.scene.world.refusal(update), "webhook_url_invalid");
  update = UpdateEndpoint{Scene::kMerchant, EndpointId{7}};
  EXPECT_EQ(receiver.scene.world.refusal(update), "endpoint_not_found");
}

}  // namespace
}  // namespace disburse::core
