// Events, byte for byte as the documented samples have them. Threads: one.
#include "dialects/razorpay/webhook.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "dialects/razorpay/bench_test.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::LinkState;
using core::Topic;
using namespace std::chrono_literals;

const core::Notes kTea = {{"notes_key_1", "Tea, Earl Grey, Hot"},
                          {"notes_key_2", "Tea, Earl Grey… decaf."}};

PayoutLink sample() {
  PayoutLink link;
  link.id = "poutlk_FKkrBbaVLrr72C";
  link.contact_id = "cont_FKkZzShONqnji5";
  link.contact_name = "Gaurav Kumar";
  link.contact_type = "customer";
  link.contact_phone = "9876543210";
  link.contact_email = "gaurav.kumar@example.com";
  link.purpose = "refund";
  link.status = "issued";
  link.amount = 1000;
  link.description = "Payout link for Gaurav Kumar";
  link.receipt = "Receipt No. 1";
  link.notes = &kTea;
  link.short_url = "https://rzp.io/i/hEHLODQ";
  link.send_sms = true;
  link.send_email = true;
  link.created_at = 1596122515;
  link.shows_expiry = true;
  link.expire_by = 1545384058;
  return link;
}

TEST(RazorpayWebhook, TheBodyOfTheSignatureVectorIsReproduced) {
  std::string body = event_body("acc_BFQ7uQEaa7j2z7", "payout_link.issued", sample(), 1596122515);
  // The keys that other samples have, and this one has not.
  for (const std::string_view key :
       {R"(,"type":"customer")", R"("payout_id":null,)", R"("user_id":null,)"}) {
    const std::size_t at = body.find(key);
    ASSERT_NE(at, std::string::npos) << key << " in " << body;
    body.erase(at, key.size());
  }
  EXPECT_EQ(
      body,
      R"({"entity":"event","account_id":"acc_BFQ7uQEaa7j2z7","event":"payout_link.issued",)"
      R"("contains":["payout_link"],"payload":{"payout_link":{"entity":{)"
      R"("id":"poutlk_FKkrBbaVLrr72C","entity":"payout_link","contact_id":"cont_FKkZzShONqnji5",)"
      R"("contact":{"name":"Gaurav Kumar","email":"gaurav.kumar@example.com",)"
      R"("contact":"9876543210"},"fund_account_id":null,"purpose":"refund","status":"issued",)"
      R"("amount":1000,"currency":"INR","description":"Payout link for Gaurav Kumar",)"
      R"("attempt_count":0,"receipt":"Receipt No. 1",)"
      R"("notes":{"notes_key_1":"Tea, Earl Grey, Hot","notes_key_2":"Tea, Earl Grey… decaf."},)"
      R"("short_url":"https://rzp.io/i/hEHLODQ","send_sms":true,"send_email":true,)"
      R"("cancelled_at":null,"created_at":1596122515,"expire_by":1545384058,)"
      R"("expired_at":null}}},"created_at":1596122515})");
  EXPECT_EQ(body.size(), 775U);
}

TEST(RazorpayWebhook, TheOtherEventsHaveThePhoneBeforeTheEmail) {
  PayoutLink link = sample();
  link.status = "cancelled";
  link.cancelled_at = 1595383037;
  const std::string body = event_body("acc_1", "payout_link.cancelled", link, 1545383037);
  const std::string_view contact =
      R"("contact":{"name":"Gaurav Kumar","type":"customer","contact":"9876543210",)"
      R"("email":"gaurav.kumar@example.com"},"fund_account_id":null,"payout_id":null,"purpose")";
  EXPECT_NE(body.find(contact), std::string::npos) << body;
  EXPECT_NE(body.find(R"("cancelled_at":1595383037,)"), std::string::npos) << body;
}

core::Task announced(const Bench& bench, Topic topic) {
  core::Task task;
  task.merchant = bench.merchant.id;
  task.id = core::TaskId{4711};
  task.topic = topic;
  task.at = bench.now;
  return task;
}

TEST(RazorpayWebhook, AnExpiredEventSaysExpired) {
  const Bench bench;
  core::LinkView view = bench.issued_link();
  view.link.state = LinkState::expired;
  view.link.expired_at = bench.now;
  const auto made =
      events(announced(bench, Topic::link_expired), view, bench.merchant, bench.context());
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].name, "payout_link.expired");
  for (const std::string_view part :
       {R"("status":"expired")", R"("expired_at":1545383037)", R"("cancelled_at":null)"}) {
    EXPECT_NE(made[0].body.find(part), std::string::npos) << part;
  }
}

TEST(RazorpayWebhook, AnEventTellsTheStateOfItsMomentAlsoAfterItsDeadline) {
  const Bench bench;
  core::LinkView view = bench.issued_link();
  view.link.expires_at = bench.now - 1h;
  const auto made =
      events(announced(bench, Topic::link_issued), view, bench.merchant, bench.context());
  ASSERT_EQ(made.size(), 1U);
  EXPECT_NE(made[0].body.find(R"("status":"issued")"), std::string::npos);
  EXPECT_NE(made[0].body.find(R"("expired_at":null)"), std::string::npos);
}

TEST(RazorpayWebhook, TheSameAnnouncementMakesTheSameEventAndAnotherDoesNot) {
  const Bench bench;
  const core::LinkView view = bench.issued_link();
  core::Task task = announced(bench, Topic::link_issued);
  const auto first = events(task, view, bench.merchant, bench.context());
  const auto second = events(task, view, bench.merchant, bench.context());
  EXPECT_EQ(first[0].event_id, second[0].event_id);
  EXPECT_EQ(first[0].body, second[0].body);
  EXPECT_EQ(first[0].event_id.size(), 14U);
  EXPECT_EQ(first[0].headers, (std::vector<std::pair<std::string, std::string>>{
                                  {"X-Razorpay-Event-Id", first[0].event_id}}));
  task.id = core::TaskId{4712};
  EXPECT_NE(events(task, view, bench.merchant, bench.context())[0].event_id, first[0].event_id);
}

TEST(RazorpayWebhook, EveryTopicOfALinkHasItsEvents) {
  struct {
    Topic topic;
    std::vector<std::string> names;
  } const kTold[] = {
      {Topic::none, {}},
      {Topic::link_pending, {"payout_link.pending"}},
      {Topic::link_scheduled, {}},
      {Topic::link_issued, {"payout_link.issued"}},
      {Topic::link_rejected, {"payout_link.rejected"}},
      {Topic::link_processing, {"payout_link.processing", "payout.initiated"}},
      {Topic::link_processed, {"payout.processed", "payout_link.processed"}},
      {Topic::link_attempted, {"payout.failed", "payout_link.attempted"}},
      {Topic::link_cancelled, {"payout_link.cancelled"}},
      {Topic::link_expired, {"payout_link.expired"}},
      {Topic::payout_reversed, {"payout.reversed"}},
  };
  const Bench bench;
  core::LinkView view = bench.issued_link();
  view.payout = core::Payout{};
  view.payout->merchant = bench.merchant.id;
  view.payout->id = core::PayoutId{9};
  for (const auto& [topic, names] : kTold) {
    std::vector<std::string> told;
    for (const Event& event :
         events(announced(bench, topic), view, bench.merchant, bench.context())) {
      told.push_back(event.name);
      EXPECT_NE(std::ranges::find(kEventNames, event.name), kEventNames.end()) << event.name;
    }
    EXPECT_EQ(told, names) << core::name(topic);
  }
}

TEST(RazorpayWebhook, ThePayoutsEventHasAnIdOfItsOwnAndTheLinksNotes) {
  const Bench bench;
  core::LinkView view = bench.issued_link();
  view.link.notes = {{"source_doctype", "Payment Entry"}};
  view.payout = core::Payout{};
  view.payout->merchant = bench.merchant.id;
  view.payout->id = core::PayoutId{9};
  view.payout->state = core::PayoutState::refused;
  view.payout->reason = "account_closed";
  const auto told =
      events(announced(bench, Topic::link_attempted), view, bench.merchant, bench.context());
  ASSERT_EQ(told.size(), 2U);
  EXPECT_NE(told[0].event_id, told[1].event_id);
  EXPECT_EQ(told[0].event_id.size(), 14U);
  for (const std::string_view part :
       {R"("contains":["payout"],"payload":{"payout":{"entity":{"id":"pout_)",
        R"("notes":{"source_doctype":"Payment Entry"})", R"("status":"failed")",
        R"("reason":"bank_account_closed")"}) {
    EXPECT_NE(told[0].body.find(part), std::string::npos) << part << " in " << told[0].body;
  }
}

TEST(RazorpayWebhook, TriesAreSpacedByDoublingAndEndAfterADay) {
  EXPECT_EQ(retry_after(1, 0s), 1min);
  EXPECT_EQ(retry_after(2, 1min), 2min);
  EXPECT_EQ(retry_after(8, 2h), 128min);
  EXPECT_EQ(retry_after(9, 5h), 3h);
  EXPECT_EQ(retry_after(4'000'000, 21h), 3h);
  EXPECT_EQ(retry_after(20, 21h + 1s), std::nullopt);
  EXPECT_EQ(retry_after(1, 24h), std::nullopt);
}

TEST(RazorpayWebhook, OnlyAnAnswerBetween200And299IsAnAcknowledgement) {
  const core::Delivery delivery;
  EXPECT_TRUE(acknowledged(delivery, 200, ""));
  EXPECT_TRUE(acknowledged(delivery, 204, ""));
  EXPECT_FALSE(acknowledged(delivery, 302, ""));
  EXPECT_FALSE(acknowledged(delivery, 0, ""));
  EXPECT_FALSE(acknowledged(delivery, 500, ""));
  EXPECT_TRUE(kDialect.webhook.giving_up_disables_endpoint);
  EXPECT_EQ(kDialect.webhook.time_limit, 5s);
}

}  // namespace
}  // namespace disburse::dialects::razorpay
