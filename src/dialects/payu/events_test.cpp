#include "dialects/payu/events.hpp"

#include <gtest/gtest.h>

#include "dialects/payu/payu_fixture.hpp"

namespace disburse::dialects::payu {
namespace {

using core::Topic;
using testing::Call;
using namespace std::chrono_literals;

core::LinkView paid_link() {
  core::LinkView view = testing::open_link();
  view.link.reference = "991014001234592537";
  core::Payout payout;
  payout.id = core::PayoutId{
      core::IdMaker().make<core::PayoutId>(testing::time_of("2024-01-16T04:30:00.250Z"))};
  payout.utr = "327012345470";
  view.link.payout = payout.id;
  view.payout = payout;
  return view;
}

std::vector<Event> told(Topic topic, const core::LinkView& view) {
  Call call(wire::Method::get, "/");
  core::Task task;
  task.topic = topic;
  return kDialect.events(task, view, call.merchant, call.context());
}
std::string body(Topic topic, const core::LinkView& view) {
  const std::vector<Event> events = told(topic, view);
  return events.size() == 1 ? events.front().body : "not one event";
}
std::string reference(const core::LinkView& view) {
  return transfer_reference(core::MerchantId{1}, view.link.payout);
}

TEST(PayuEvents, AClaimIsDetailSubmitted) {
  const core::LinkView view = paid_link();
  EXPECT_EQ(body(Topic::link_processing, view),
            R"({"event":"SMART_SEND_DETAIL_SUBMITTED","msg":"Detail filled","linkId":")" +
                link_id(testing::fixed_ids(), view.link.merchant, view.link.id) +
                R"(","merchantReferenceId":"991014001234592537","merchantMiscId":""})");
}

TEST(PayuEvents, APaidLinkIsTransferSuccess) {
  const core::LinkView view = paid_link();
  EXPECT_EQ(body(Topic::link_processed, view),
            R"({"event":"TRANSFER_SUCCESS","msg":"Success","payuRefId":")" + reference(view) +
                R"(","merchantReferenceId":"991014001234592537","bankReferenceId":"327012345470",)"
                R"("authorization":"","payoutMerchantId":"1111122"})");
}

TEST(PayuEvents, AFailedTryIsTransferFailedWithWhatIsKnown) {
  core::LinkView view = paid_link();
  view.payout->utr.clear();
  EXPECT_EQ(body(Topic::link_attempted, view),
            R"({"event":"TRANSFER_FAILED","msg":"Transfer failed due to technical decline. )"
            R"(Please reinitiate the transaction","payuRefId":")" +
                reference(view) +
                R"(","merchantReferenceId":"991014001234592537","authorization":"",)"
                R"("payoutMerchantId":"1111122"})");
  view.payout->utr = "3212312ds";
  view.payout->reason = "account_closed";
  view.payout->reason_text = "The account is closed";
  EXPECT_EQ(body(Topic::link_attempted, view),
            R"({"event":"TRANSFER_FAILED","msg":"The account is closed","payuRefId":")" +
                reference(view) +
                R"(","merchantReferenceId":"991014001234592537","bankReferenceId":"3212312ds",)"
                R"("errorCode":"account_closed","authorization":"","payoutMerchantId":"1111122"})");
}

TEST(PayuEvents, MoneyThatComesBackIsTransferReversed) {
  const core::LinkView view = paid_link();
  EXPECT_EQ(body(Topic::payout_reversed, view),
            R"({"event":"TRANSFER_REVERSED","msg":"Transfer Reversed","payuRefId":")" +
                reference(view) +
                R"(","merchantReferenceId":"991014001234592537","bankReferenceId":"327012345470",)"
                R"("authorization":"","payoutMerchantId":"1111122"})");
}

TEST(PayuEvents, TheTaskSaysWhichPayoutFailedAlsoWhenAnotherHasBegun) {
  core::LinkView view = paid_link();
  view.payout->reason_text = "of another payout";
  Call call(wire::Method::get, "/");
  core::Task task;
  task.topic = Topic::link_attempted;
  task.payout = core::PayoutId{77};
  const auto events = kDialect.events(task, view, call.merchant, call.context());
  ASSERT_EQ(events.size(), 1U);
  EXPECT_NE(events[0].body.find(transfer_reference(core::MerchantId{1}, core::PayoutId{77})),
            std::string::npos);
  EXPECT_EQ(events[0].body.find("of another payout"), std::string::npos);
  EXPECT_EQ(events[0].body.find("327012345470"), std::string::npos);
}

TEST(PayuEvents, TheEndOfALinkTellsItsDeadlineInIndianTime) {
  core::LinkView view = testing::open_link();
  view.link.reference = "26383437449";
  view.link.expires_at = testing::time_of("2024-10-01T11:15:30Z");
  const auto over = [](std::string_view event, std::string_view msg) {
    return R"({"event":")" + std::string(event) + R"(","msg":")" + std::string(msg) +
           R"(","expireOn":"2024-10-01 16:45:30","merchantReferenceId":"26383437449",)"
           R"("authorization":"","payoutMerchantId":"1111122"})";
  };
  EXPECT_EQ(body(Topic::link_expired, view),
            over("SMART_SEND_EXPIRED", "Smart send link expired, create a new link."));
  EXPECT_EQ(body(Topic::link_cancelled, view),
            over("SMART_SEND_CANCELLED",
                 "Smart Send Link cancelled by the merchant, create a new link."));
  EXPECT_EQ(body(Topic::link_rejected, view),
            over("SMART_SEND_REJECTED", "Smart Send approval rejected, check with the approver."));
  view.link.expires_at.reset();
  EXPECT_NE(body(Topic::link_cancelled, view).find(R"("expireOn":"")"), std::string::npos);
}

TEST(PayuEvents, NothingIsToldOfALinkBeforeItIsClaimed) {
  for (const Topic topic :
       {Topic::none, Topic::link_pending, Topic::link_scheduled, Topic::link_issued}) {
    EXPECT_TRUE(told(topic, testing::open_link()).empty());
  }
}

TEST(PayuEvents, EveryEventHasANameThatAnEndpointMayAskFor) {
  for (std::size_t i = 0; i < core::kTopicCount; ++i) {
    for (const Event& event : told(static_cast<Topic>(i), paid_link())) {
      EXPECT_TRUE(is_event_key(event.name)) << event.name;
    }
  }
  for (const std::string_view name : kEventNames) EXPECT_TRUE(is_event_key(canonical_key(name)));
}

core::Endpoint endpoint(std::vector<std::string> events) {
  core::Endpoint made;
  made.dialect = "payu";
  made.events = std::move(events);
  return made;
}

TEST(PayuRouting, OnlyADefaultGetsEveryEvent) {
  const std::vector<core::Endpoint> all = {endpoint({"default"})};
  EXPECT_TRUE(wants(all[0], all, "transfer_success"));
  EXPECT_TRUE(wants(all[0], all, "smart_send_expired"));
}

TEST(PayuRouting, AnEventWithItsOwnUrlGoesThereAndNotToTheDefault) {
  const std::vector<core::Endpoint> all = {endpoint({"default"}), endpoint({"transfer_success"})};
  EXPECT_FALSE(wants(all[0], all, "transfer_success"));
  EXPECT_TRUE(wants(all[1], all, "transfer_success"));
  EXPECT_TRUE(wants(all[0], all, "transfer_failed"));
  EXPECT_FALSE(wants(all[1], all, "transfer_failed"));
}

TEST(PayuRouting, WithoutADefaultOtherEventsAreDropped) {
  const std::vector<core::Endpoint> all = {endpoint({"transfer_success"})};
  EXPECT_TRUE(wants(all[0], all, "transfer_success"));
  EXPECT_FALSE(wants(all[0], all, "transfer_failed"));
}

TEST(PayuRouting, AnEndpointWithoutNamesGetsAllAndTakesNothingFromTheDefault) {
  const std::vector<core::Endpoint> all = {endpoint({}), endpoint({"default"})};
  EXPECT_TRUE(wants(all[0], all, "transfer_success"));
  EXPECT_TRUE(wants(all[1], all, "transfer_success"));
}

TEST(PayuRouting, NamesMayBeTheOnesOfThePayloads) {
  const std::vector<core::Endpoint> all = {endpoint({"TRANSFER_SUCCESS"}), endpoint({"default"})};
  EXPECT_TRUE(wants(all[0], all, "transfer_success"));
  EXPECT_FALSE(wants(all[1], all, "transfer_success"));
}

TEST(PayuWebhooks, AreTriedThreeTimesAndOnlyExactly200Counts) {
  const WebhookRules& rules = kDialect.webhook;
  EXPECT_EQ(rules.time_limit, core::Duration(10s));
  EXPECT_EQ(rules.authorization_header, "Authorization");
  EXPECT_TRUE(rules.signature_header.empty());
  EXPECT_EQ(rules.retry_after(1, 0s), core::Duration(1min));
  EXPECT_EQ(rules.retry_after(2, 1min), core::Duration(5min));
  EXPECT_EQ(rules.retry_after(3, 6min), std::nullopt);
  EXPECT_TRUE(rules.acknowledged({}, 200, ""));
  for (const int status : {0, 201, 202, 204, 301, 302, 400, 500}) {
    EXPECT_FALSE(rules.acknowledged({}, status, "")) << status;
  }
}

}  // namespace
}  // namespace disburse::dialects::payu
