// What a command of a batch sees of the rows that others of the batch asked for or changed.
#include "engine/engine_fixture.hpp"

namespace disburse::engine {
namespace {

TEST(Working, AnotherMerchantDoesNotSeeARowThatIsLoadedForItsOwner) {
  Bench bench;
  core::CreateMerchant create;
  create.name = "Other";
  EXPECT_EQ(bench.ask(create), "taken");
  const core::LinkId id = bench.create(Bench::request());
  Bench::Outcomes outcomes;
  bench.queue(core::NotifyLink{Bench::kMerchant, {id, {}}, "house"}, outcomes);
  bench.queue(core::CancelLink{core::MerchantId{2}, {id, {}}, {}, "house"}, outcomes);
  core::CreateLink theirs = Bench::request();
  theirs.merchant = core::MerchantId{2};
  theirs.contact_id = bench.link(id).contact;
  bench.queue(theirs, outcomes);
  bench.engine->run_batch();
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(answer_of(outcomes[0].reply), "taken");
  EXPECT_EQ(answer_of(outcomes[1].reply), "link_not_found");
  EXPECT_EQ(answer_of(outcomes[2].reply), "contact_not_found");
  EXPECT_EQ(bench.link(id).state, core::LinkState::issued);
}

TEST(Working, AReferenceNamesTheNewestLinkAlsoWithinABatch) {
  Bench bench;
  Bench::Outcomes outcomes;
  const core::CancelLink cancel{Bench::kMerchant, {{}, "R1"}, {}, "house"};
  bench.queue(Bench::request("R1"), outcomes);
  bench.queue(Bench::request("R1"), outcomes);
  bench.queue(cancel, outcomes);
  bench.queue(Bench::request("R1"), outcomes);
  bench.engine->run_batch();
  ASSERT_EQ(outcomes.size(), 4U);
  const auto state_of = [&](std::size_t i) {
    return bench.link(std::get<core::LinkView>(*outcomes[i].reply).link.id).state;
  };
  EXPECT_EQ(state_of(0), core::LinkState::issued);
  EXPECT_EQ(state_of(1), core::LinkState::cancelled);
  EXPECT_EQ(state_of(3), core::LinkState::issued);
  EXPECT_EQ(bench.ask(cancel), "taken");
  EXPECT_EQ(state_of(3), core::LinkState::cancelled);
}

TEST(Working, AnAnnouncementReportedTwiceInABatchIsDeliveredOnce) {
  Bench bench;
  core::AddEndpoint add;
  add.merchant = Bench::kMerchant;
  add.dialect = "house";
  add.url = "https://example.com/";
  add.secret = core::SecretText("s");
  const Outcome added = bench.run(add);
  ASSERT_EQ(answer_of(added.reply), "taken");
  const core::LinkId id = bench.create(Bench::request());
  core::Announced announced{
      Bench::kMerchant, id, bench.outbox(core::TaskKind::announce).at(0).id, {}};
  announced.deliveries.emplace_back();
  announced.deliveries[0].endpoint = std::get<core::Endpoint>(*added.reply).id;
  announced.deliveries[0].event = "link_issued";
  Bench::Outcomes outcomes;
  for (int i = 0; i < 3; ++i) bench.queue(announced, outcomes);
  bench.engine->run_batch();
  core::ListDeliveries list;
  list.merchant = Bench::kMerchant;
  EXPECT_EQ(bench.reader->list_deliveries(list)->deliveries.size(), 1U);
  EXPECT_EQ(bench.outbox(core::TaskKind::deliver).size(), 1U);
  EXPECT_TRUE(bench.outbox(core::TaskKind::announce).empty());
}

TEST(Working, ALaneGoesOnWithinABatchAndKeepsItsBytes) {
  Bench bench;
  core::AddEndpoint add;
  add.merchant = Bench::kMerchant;
  add.dialect = "house";
  add.url = "https://example.com/";
  add.secret = core::SecretText("s");
  const core::EndpointId endpoint = std::get<core::Endpoint>(*bench.run(add).reply).id;
  const core::LinkId id = bench.create(Bench::request());
  core::Announced announced{
      Bench::kMerchant, id, bench.outbox(core::TaskKind::announce).at(0).id, {}};
  for (const char* body : {"first", "second"}) {
    announced.deliveries.emplace_back();
    announced.deliveries.back().endpoint = endpoint;
    announced.deliveries.back().body = body;
  }
  EXPECT_EQ(bench.ask(announced), "taken");
  for (const char* body : {"first", "second"}) {
    const std::vector<core::Task> due = bench.outbox(core::TaskKind::deliver);
    ASSERT_EQ(due.size(), 1U);
    const auto record = bench.reader->find_delivery(Bench::kMerchant, due[0].delivery);
    ASSERT_TRUE(record && *record);
    EXPECT_EQ((*record)->delivery.body, body);
    core::DeliveryTried tried;
    tried.merchant = Bench::kMerchant;
    tried.link = id;
    tried.task = due[0].id;
    tried.delivery = due[0].delivery;
    tried.attempt.acknowledged = true;
    EXPECT_EQ(bench.ask(tried), "taken");
  }
  EXPECT_TRUE(bench.outbox(core::TaskKind::deliver).empty());
}

TEST(Working, ARowIsWrittenOnceHoweverManyCommandsChangeIt) {
  Bench bench;
  const core::LinkId id = bench.create(Bench::request());
  Bench::Outcomes outcomes;
  for (int i = 0; i < 5; ++i)
    bench.queue(core::NotifyLink{Bench::kMerchant, {id, {}}, "house"}, outcomes);
  bench.engine->run_batch();
  EXPECT_EQ(bench.link(id).version, 2U);
  EXPECT_EQ(bench.link(id).notices, 5U);
  EXPECT_EQ(bench.link(id).history, 6U);
}

}  // namespace
}  // namespace disburse::engine
