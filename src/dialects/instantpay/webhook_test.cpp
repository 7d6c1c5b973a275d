#include "dialects/instantpay/webhook.hpp"

#include <gtest/gtest.h>

#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/testing.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::instantpay {
namespace {

using core::Topic;
using std::chrono::minutes;
using testing::Server;

constexpr core::PayoutId kPayout{1ULL << 41};

core::LinkView paid_view(const Server& server) {
  core::LinkView view = testing::link_view(server);
  view.link.payout = kPayout;
  view.link.reference = "R 1";
  view.payout = core::Payout{};
  view.payout->id = kPayout;
  view.payout->utr = "401512345678";
  return view;
}

std::vector<Event> told(const Server& server, Topic topic, const core::LinkView& view) {
  core::Task task;
  task.topic = topic;
  task.payout = kPayout;
  return events(task, view, server.merchant, server.context());
}

std::string query(const Event& event) { return wire::with_query("http://h/p", event.query); }

TEST(Webhook, TellsASettledPayoutInTheOrderOfTheProvidersPage) {
  const Server server;
  const auto all = told(server, Topic::link_processed, paid_view(server));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(query(all[0]),
            "http://h/p?ipay_id=" + payout_order_id(server.ids, server.merchant.id, kPayout) +
                "&agent_id=R%201&opr_id=401512345678&status=SUCCESS&res_code=TXN&res_msg="
                "Transaction%20Successful&txn_mode=DR");
  EXPECT_EQ(all[0].name, "SUCCESS");
  EXPECT_EQ(all[0].body, "");
}

TEST(Webhook, TellsPendingAndRefundOfTheSameTransaction) {
  const Server server;
  const core::LinkView view = paid_view(server);
  const std::tuple<Topic, const char*, const char*, const char*> cases[] = {
      {Topic::link_processing, "PENDING", "TUP", "DR"},
      {Topic::link_processed, "SUCCESS", "TXN", "DR"},
      {Topic::link_attempted, "REFUND", "TRP", "CR"},
      {Topic::payout_reversed, "REFUND", "TRP", "CR"},
  };
  for (const auto& [topic, status, code, mode] : cases) {
    const auto all = told(server, topic, view);
    ASSERT_EQ(all.size(), 1U) << core::name(topic);
    EXPECT_EQ(all[0].query[0].second, payout_order_id(server.ids, server.merchant.id, kPayout));
    EXPECT_EQ(all[0].query[3].second, status);
    EXPECT_EQ(all[0].query[4].second, code);
    EXPECT_EQ(all[0].query[6].second, mode);
    EXPECT_EQ(std::count(std::begin(kEventNames), std::end(kEventNames), all[0].name), 1);
  }
}

TEST(Webhook, AFailureThatGaveNothingBackHasTheFailingCode) {
  const Server server;
  core::LinkView view = paid_view(server);
  view.link.held = true;
  const auto all = told(server, Topic::link_attempted, view);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].query[3].second, "REFUND");
  EXPECT_EQ(all[0].query[4].second, "FAB");
  EXPECT_EQ(all[0].query[6].second, "DR");
}

TEST(Webhook, IsSilentAboutEverythingElse) {
  const Server server;
  for (const Topic topic :
       {Topic::none, Topic::link_pending, Topic::link_scheduled, Topic::link_issued,
        Topic::link_rejected, Topic::link_cancelled, Topic::link_expired}) {
    EXPECT_TRUE(told(server, topic, paid_view(server)).empty()) << core::name(topic);
  }
}

TEST(Webhook, NamesTheLinkWhereThereIsNoReference) {
  const Server server;
  core::LinkView view = paid_view(server);
  view.link.reference.clear();
  const auto all = told(server, Topic::link_processed, view);
  EXPECT_EQ(all[0].query[1].second, link_id_text(server.ids, server.merchant.id, view.link.id));
}

TEST(Webhook, IsTriedFiveTimesMoreAtTheProvidersSpacing) {
  EXPECT_EQ(retry_after(1, minutes(0)), minutes(5));
  EXPECT_EQ(retry_after(2, minutes(5)), minutes(15));
  EXPECT_EQ(retry_after(3, minutes(20)), minutes(30));
  EXPECT_EQ(retry_after(4, minutes(50)), minutes(60));
  EXPECT_EQ(retry_after(5, minutes(110)), minutes(240));
  EXPECT_FALSE(retry_after(6, minutes(350)));
  EXPECT_FALSE(retry_after(0, minutes(0)));
}

TEST(Webhook, IsAcknowledgedOnlyByItsOwnIdAndSuccess) {
  core::Delivery delivery;
  delivery.url = "http://h/p?ipay_id=theirs&ipay_id=1240115043000ABCDE&agent_id=R%201#part";
  const std::string good = R"({"ipay_id":"1240115043000ABCDE","success":true,"description":"ok"})";
  EXPECT_TRUE(acknowledged(delivery, 200, good));
  EXPECT_TRUE(acknowledged(delivery, 204, good));
  EXPECT_FALSE(acknowledged(delivery, 302, good));
  EXPECT_FALSE(acknowledged(delivery, 500, good));
  EXPECT_FALSE(acknowledged(delivery, 0, good));
  for (const char* answer : {"", "OK", "{}", "[]", R"({"ipay_id":"1240115043000ABCDE"})",
                             R"({"ipay_id":"1240115043000ABCDE","success":false})",
                             R"({"ipay_id":"1240115043000ABCDE","success":"true"})",
                             R"({"ipay_id":"theirs","success":true})", R"({"success":true})"}) {
    EXPECT_FALSE(acknowledged(delivery, 200, answer)) << answer;
  }
  delivery.url = "http://h/p";
  EXPECT_FALSE(acknowledged(delivery, 200, R"({"ipay_id":"","success":true})"));
}

}  // namespace
}  // namespace disburse::dialects::instantpay
