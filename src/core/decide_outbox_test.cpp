// What the relay reports: messages, events turned into deliveries, deliveries tried.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kTaken = "taken";

TEST(Notice, OneThatWasHandedOverIsDone) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(scene.send(scene.issue())), kTaken);
  const Task task = scene.world.the(TaskKind::notify);
  EXPECT_EQ(scene.world.refusal(NoticeTried{Scene::kMerchant, task.id, true, true, ""}), kTaken);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::notify).empty());
}

TEST(Notice, AFailureIsTriedAgainLaterAndLaterAndThenGivenUp) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(scene.send(scene.issue())), kTaken);
  const NoticeTried failed{Scene::kMerchant, scene.world.the(TaskKind::notify).id, false, true,
                           "no gateway"};
  Duration wait = limits::kFirstNoticeRetry;
  for (std::uint32_t tries = 1; tries < limits::kNoticeTries; ++tries, wait *= 2) {
    ASSERT_EQ(scene.world.refusal(failed), kTaken);
    const Task again = scene.world.the(TaskKind::notify);
    EXPECT_EQ(again.tries, tries);
    EXPECT_EQ(again.due_at, scene.world.now + wait);
  }
  EXPECT_EQ(scene.world.refusal(failed), kTaken);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::notify).empty());
}

TEST(Notice, OneThatIsNotWorthTryingAgainIsGivenUpAtOnce) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(scene.send(scene.issue())), kTaken);
  const Task task = scene.world.the(TaskKind::notify);
  EXPECT_EQ(
      scene.world.refusal(NoticeTried{Scene::kMerchant, task.id, false, false, "no such number"}),
      kTaken);
  EXPECT_TRUE(scene.world.tasks_of(TaskKind::notify).empty());
}

TEST(Notice, AReportTwiceIsNothing) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(scene.send(scene.issue())), kTaken);
  const NoticeTried sent{Scene::kMerchant, scene.world.the(TaskKind::notify).id, true, true, ""};
  EXPECT_EQ(scene.world.refusal(sent), kTaken);
  EXPECT_EQ(scene.world.refusal(sent), kTaken);
  EXPECT_TRUE(scene.world.last.empty());
}

TEST(Announcement, IsNotWrittenWhereNobodyListens) {
  Scene scene;
  scene.world.listener.reset();
  scene.issue();
  EXPECT_TRUE(scene.world.announced.empty());

  scene.world.listener = Endpoint{};
  scene.world.listener->disabled_at = scene.world.now;
  scene.issue();
  EXPECT_TRUE(scene.world.announced.empty()) << "a disabled endpoint hears nothing";

  scene.world.listener->disabled_at.reset();
  const LinkId heard = scene.issue();
  EXPECT_EQ(scene.world.topics(heard), std::vector{Topic::link_issued});
}

// A link with announcements, and endpoints that want them.
struct Lanes {
  Scene scene;
  EndpointId first = add("https://one.example.com/");
  EndpointId second = add("https://two.example.com/");
  LinkId id = scene.issue();

  EndpointId add(const std::string& url) {
    AddEndpoint endpoint;
    endpoint.merchant = Scene::kMerchant;
    endpoint.dialect = "house";
    endpoint.url = url;
    endpoint.secret = SecretText("s");
    const Result<Reply> reply = scene.world.run(endpoint);
    EXPECT_TRUE(reply);
    return std::get<Endpoint>(*reply).id;
  }
  static Delivery delivery(EndpointId endpoint, std::string event) {
    Delivery delivery;
    delivery.endpoint = endpoint;
    delivery.event = std::move(event);
    delivery.event_id = delivery.event + "-id";
    delivery.body = "{\"event\":\"" + delivery.event + "\"}";
    return delivery;
  }
  // Announces what waits, oldest first, with one delivery for each of the endpoints.
  void announce(const std::vector<EndpointId>& endpoints) {
    for (const Task& task : scene.world.tasks_of(TaskKind::announce)) {
      Announced announced{Scene::kMerchant, task.link, task.id, {}};
      for (const EndpointId endpoint : endpoints) {
        announced.deliveries.push_back(delivery(endpoint, std::string(name(task.topic))));
      }
      EXPECT_EQ(scene.world.refusal(announced), kTaken);
    }
  }
  std::vector<Delivery> of(EndpointId endpoint) const {
    std::vector<Delivery> found;
    for (const auto& [id_of, delivery] : scene.world.deliveries) {
      if (delivery.endpoint == endpoint) found.push_back(delivery);
    }
    return found;
  }
  Task task_of(DeliveryId delivery) const {
    for (const Task& task : scene.world.tasks_of(TaskKind::deliver)) {
      if (task.delivery == delivery) return task;
    }
    return {};
  }
  DeliveryTried tried(DeliveryId delivery, bool acknowledged,
                      std::optional<Instant> retry_at = {}) const {
    DeliveryTried tried;
    tried.merchant = Scene::kMerchant;
    tried.link = id;
    tried.task = task_of(delivery).id;
    tried.delivery = delivery;
    tried.attempt.at = scene.world.now;
    tried.attempt.status = acknowledged ? 200 : 500;
    tried.attempt.acknowledged = acknowledged;
    tried.retry_at = retry_at;
    return tried;
  }
};

TEST(Announce, EachEndpointGetsItsDeliveryAndTheTaskIsDone) {
  Lanes lanes;
  lanes.announce({lanes.first, lanes.second});
  EXPECT_TRUE(lanes.scene.world.tasks_of(TaskKind::announce).empty());
  EXPECT_EQ(lanes.scene.world.tasks_of(TaskKind::deliver).size(), 2U);
  const Delivery delivery = lanes.of(lanes.first).at(0);
  EXPECT_EQ(delivery.state, DeliveryState::due);
  EXPECT_EQ(delivery.merchant, Scene::kMerchant);
  EXPECT_EQ(delivery.link, lanes.id);
}

TEST(Announce, WithoutEndpointsItIsSimplyDone) {
  Lanes lanes;
  lanes.announce({});
  EXPECT_TRUE(lanes.scene.world.tasks_of(TaskKind::announce).empty());
  EXPECT_TRUE(lanes.scene.world.deliveries.empty());
}

TEST(Announce, TwiceItMakesNoSecondDelivery) {
  Lanes lanes;
  Announced announced{Scene::kMerchant, lanes.id, lanes.scene.world.the(TaskKind::announce).id, {}};
  announced.deliveries.push_back(Lanes::delivery(lanes.first, "link_issued"));
  EXPECT_EQ(lanes.scene.world.refusal(announced), kTaken);
  EXPECT_EQ(lanes.scene.world.refusal(announced), kTaken);
  EXPECT_TRUE(lanes.scene.world.last.empty());
  EXPECT_EQ(lanes.scene.world.deliveries.size(), 1U);
}

TEST(Announce, TwoEventsForOneEndpointAreALane) {
  Lanes lanes;
  Announced announced{Scene::kMerchant, lanes.id, lanes.scene.world.the(TaskKind::announce).id, {}};
  announced.deliveries = {Lanes::delivery(lanes.first, "a"), Lanes::delivery(lanes.first, "b")};
  EXPECT_EQ(lanes.scene.world.refusal(announced), kTaken);
  EXPECT_EQ(lanes.of(lanes.first).at(0).state, DeliveryState::due);
  EXPECT_EQ(lanes.of(lanes.first).at(1).state, DeliveryState::waiting);
}

TEST(Lane, EventsOfOneLinkReachAnEndpointInTheirOrder) {
  Lanes lanes;
  lanes.scene.claim(lanes.id);
  EXPECT_EQ(lanes.scene.bank(lanes.id, BankOutcome::settled), kTaken);
  lanes.announce({lanes.first, lanes.second});
  for (const EndpointId endpoint : {lanes.first, lanes.second}) {
    std::vector<std::string> delivered;
    for (int i = 0; i < 3; ++i) {
      const std::vector<Delivery> lane = lanes.of(endpoint);
      ASSERT_EQ(std::count_if(lane.begin(), lane.end(),
                              [](const Delivery& d) { return d.state == DeliveryState::due; }),
                1);
      const auto due = std::find_if(lane.begin(), lane.end(), [](const Delivery& d) {
        return d.state == DeliveryState::due;
      });
      delivered.push_back(due->event);
      EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(due->id, true)), kTaken);
    }
    EXPECT_EQ(delivered,
              (std::vector<std::string>{"link_issued", "link_processing", "link_processed"}));
  }
  EXPECT_TRUE(lanes.scene.world.tasks_of(TaskKind::deliver).empty());
}

TEST(Lane, AFailureIsTriedAgainAndTheRestWait) {
  Lanes lanes;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.scene.cancel(lanes.id)), kTaken);
  lanes.announce({lanes.first});
  const Delivery head = lanes.of(lanes.first).at(0);
  const Instant retry_at = lanes.scene.world.now + 5min;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(head.id, false, retry_at)), kTaken);
  EXPECT_EQ(lanes.of(lanes.first).at(0).tries, 1U);
  EXPECT_EQ(lanes.of(lanes.first).at(0).state, DeliveryState::due);
  EXPECT_EQ(lanes.task_of(head.id).due_at, retry_at);
  EXPECT_EQ(lanes.task_of(head.id).tries, 1U);
  EXPECT_EQ(lanes.of(lanes.first).at(1).state, DeliveryState::waiting);
  EXPECT_EQ(lanes.of(lanes.first).at(0).body, head.body) << "the same bytes on every try";
}

TEST(Lane, GivingUpLetsTheNextOneGo) {
  Lanes lanes;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.scene.cancel(lanes.id)), kTaken);
  lanes.announce({lanes.first});
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(lanes.of(lanes.first).at(0).id, false)), kTaken);
  EXPECT_EQ(lanes.of(lanes.first).at(0).state, DeliveryState::given_up);
  EXPECT_EQ(lanes.of(lanes.first).at(1).state, DeliveryState::due);
  EXPECT_EQ(lanes.scene.world.tasks_of(TaskKind::deliver).size(), 1U);
}

TEST(Lane, EveryTryIsKeptWithItsNumber) {
  Lanes lanes;
  lanes.announce({lanes.first});
  const DeliveryId id = lanes.of(lanes.first).at(0).id;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(id, false, lanes.scene.world.now + 1min)),
            kTaken);
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(id, true)), kTaken);
  ASSERT_EQ(lanes.scene.world.attempts.size(), 2U);
  EXPECT_EQ(lanes.scene.world.attempts[0].number, 1U);
  EXPECT_EQ(lanes.scene.world.attempts[0].status, 500);
  EXPECT_EQ(lanes.scene.world.attempts[1].number, 2U);
  EXPECT_TRUE(lanes.scene.world.attempts[1].acknowledged);
  EXPECT_EQ(lanes.scene.world.attempts[1].delivery, id);
}

TEST(Lane, AReportForATaskThatIsDoneIsNothing) {
  Lanes lanes;
  lanes.announce({lanes.first});
  const DeliveryTried tried = lanes.tried(lanes.of(lanes.first).at(0).id, true);
  EXPECT_EQ(lanes.scene.world.refusal(tried), kTaken);
  EXPECT_EQ(lanes.scene.world.refusal(tried), kTaken);
  EXPECT_TRUE(lanes.scene.world.last.empty());
  EXPECT_EQ(lanes.scene.world.attempts.size(), 1U);
}

TEST(Lane, ATaskWithoutItsDeliveryIsDropped) {
  Lanes lanes;
  lanes.announce({lanes.first});
  const DeliveryTried tried = lanes.tried(lanes.of(lanes.first).at(0).id, true);
  lanes.scene.world.deliveries.clear();
  EXPECT_EQ(lanes.scene.world.refusal(tried), kTaken);
  EXPECT_TRUE(lanes.scene.world.tasks_of(TaskKind::deliver).empty());
}

TEST(Lane, ADayOfFailuresDisablesTheEndpointAndNoOther) {
  Lanes lanes;
  lanes.announce({lanes.first, lanes.second});
  DeliveryTried tried = lanes.tried(lanes.of(lanes.first).at(0).id, false);
  tried.disable_endpoint = true;
  EXPECT_EQ(lanes.scene.world.refusal(tried), kTaken);
  EXPECT_EQ(lanes.scene.world.all_endpoints.at(lanes.first).disabled_at, lanes.scene.world.now);
  EXPECT_FALSE(lanes.scene.world.all_endpoints.at(lanes.second).disabled_at);
}

TEST(Replay, ADeliveryIsMadeAgainAndPointsAtTheFirst) {
  Lanes lanes;
  lanes.announce({lanes.first});
  const Delivery first = lanes.of(lanes.first).at(0);
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(first.id, true)), kTaken);
  const Result<Reply> reply =
      lanes.scene.world.run(ReplayDelivery{Scene::kMerchant, lanes.first, first.id});
  ASSERT_TRUE(reply);
  const Delivery again = std::get<Delivery>(*reply);
  EXPECT_NE(again.id, first.id);
  EXPECT_EQ(again.replay_of, first.id);
  EXPECT_EQ(again.event_id, first.event_id);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.tries, 0U);
  EXPECT_EQ(lanes.scene.world.the(TaskKind::deliver).delivery, again.id);
}

TEST(Replay, OneThatIsNotTheEndpointsIsNotFound) {
  Lanes lanes;
  lanes.announce({lanes.first});
  const DeliveryId id = lanes.of(lanes.first).at(0).id;
  EXPECT_EQ(lanes.scene.world.refusal(ReplayDelivery{Scene::kMerchant, lanes.second, id}),
            "delivery_not_found");
  EXPECT_EQ(lanes.scene.world.refusal(ReplayDelivery{MerchantId{2}, lanes.first, id}),
            "delivery_not_found");
  EXPECT_EQ(lanes.scene.world.refusal(ReplayDelivery{Scene::kMerchant, lanes.first, DeliveryId{5}}),
            "delivery_not_found");
  EXPECT_EQ(lanes.scene.world.refusal(ReplayDelivery{Scene::kMerchant, {}, id}), kTaken)
      << "any endpoint's";
}

TEST(Replay, ItDoesNotHoldUpTheLane) {
  Lanes lanes;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.scene.cancel(lanes.id)), kTaken);
  lanes.announce({lanes.first});
  const Delivery head = lanes.of(lanes.first).at(0);
  EXPECT_EQ(lanes.scene.world.refusal(ReplayDelivery{Scene::kMerchant, lanes.first, head.id}),
            kTaken);
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(head.id, true)), kTaken);
  EXPECT_EQ(lanes.of(lanes.first).at(1).state, DeliveryState::due);
}

TEST(Lane, TheOldestGoesNextInWhateverOrderTheyAreLoaded) {
  for (const bool reversed : {false, true}) {
    Lanes lanes;
    lanes.scene.world.lanes_reversed = reversed;
    lanes.scene.claim(lanes.id);
    EXPECT_EQ(lanes.scene.bank(lanes.id, BankOutcome::settled), kTaken);
    lanes.announce({lanes.first});
    const std::vector<Delivery> all = lanes.of(lanes.first);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(all[0].id, true)), kTaken);
    EXPECT_EQ(lanes.of(lanes.first)[1].state, DeliveryState::due);
    EXPECT_EQ(lanes.of(lanes.first)[2].state, DeliveryState::waiting);
  }
}

TEST(Replay, WhenItIsDoneTheLaneGoesOnAsItWas) {
  Lanes lanes;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.scene.cancel(lanes.id)), kTaken);
  lanes.announce({lanes.first});
  const Delivery head = lanes.of(lanes.first).at(0);
  const Result<Reply> reply =
      lanes.scene.world.run(ReplayDelivery{Scene::kMerchant, lanes.first, head.id});
  ASSERT_TRUE(reply);
  const DeliveryId replay = std::get<Delivery>(*reply).id;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(replay, true)), kTaken);
  EXPECT_EQ(lanes.of(lanes.first).at(1).state, DeliveryState::waiting)
      << "the first of the lane is still on its way";
}

TEST(Replay, WithNothingOnItsWayItsEndStartsTheNext) {
  Lanes lanes;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.scene.cancel(lanes.id)), kTaken);
  lanes.announce({lanes.first});
  const Delivery head = lanes.of(lanes.first).at(0);
  std::vector<DeliveryId> replays;
  for (int i = 0; i < 2; ++i) {
    const Result<Reply> reply =
        lanes.scene.world.run(ReplayDelivery{Scene::kMerchant, lanes.first, head.id});
    ASSERT_TRUE(reply);
    replays.push_back(std::get<Delivery>(*reply).id);
  }
  lanes.scene.world.deliveries.erase(head.id);
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(replays[0], true)), kTaken);
  EXPECT_EQ(lanes.of(lanes.first).at(0).state, DeliveryState::due)
      << "a replay that is on its way holds nothing up";
}

TEST(Lane, AReportOnOneThatWasNotDueYetDoesNotStartItAgain) {
  Lanes lanes;
  lanes.announce({lanes.first});
  const Delivery only = lanes.of(lanes.first).at(0);
  lanes.scene.world.deliveries.at(only.id).state = DeliveryState::waiting;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.tried(only.id, true)), kTaken);
  EXPECT_EQ(lanes.of(lanes.first).at(0).state, DeliveryState::delivered);
  EXPECT_TRUE(lanes.scene.world.tasks_of(TaskKind::deliver).empty());
}

TEST(Lane, AnEndpointThatIsDisabledKeepsTheTimeAtWhichItWas) {
  Lanes lanes;
  EXPECT_EQ(lanes.scene.world.refusal(lanes.scene.cancel(lanes.id)), kTaken);
  lanes.announce({lanes.first});
  const Instant disabled_at = lanes.scene.world.now;
  lanes.scene.world.all_endpoints.at(lanes.first).disabled_at = disabled_at;
  lanes.scene.world.now = lanes.scene.world.now + 1h;
  DeliveryTried tried = lanes.tried(lanes.of(lanes.first).at(0).id, false);
  tried.disable_endpoint = true;
  EXPECT_EQ(lanes.scene.world.refusal(tried), kTaken);
  EXPECT_EQ(lanes.scene.world.all_endpoints.at(lanes.first).disabled_at, disabled_at);
}

}  // namespace
}  // namespace disburse::core
