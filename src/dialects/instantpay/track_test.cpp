#include "dialects/instantpay/track.hpp"

#include <gtest/gtest.h>

#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/testing.hpp"

namespace disburse::dialects::instantpay {
namespace {

using core::History;
using core::HistoryKind;
using core::LinkEvent;
using core::LinkState;
using testing::Sent;
using testing::Server;

constexpr core::PayoutId kPayout{1ULL << 41};
constexpr core::FundAccountId kAccount{1ULL << 42};

Sent track(std::string_view id, std::string body = {}) {
  return {.method = wire::Method::get,
          .path = "/payments/payout/link/track/" + std::string(id),
          .body = std::move(body)};
}

// A story that grows by a second a row.
class StoryOf {
 public:
  StoryOf(const Server& server, LinkState state) : at_(server.now) {
    story.view = testing::link_view(server);
    story.view.link.state = state;
    core::FundAccount account;
    account.id = kAccount;
    account.ifsc = "YESB0CMSNOC";
    account.account_number = core::SecretText("51234567890");
    story.fund_accounts.push_back(account);
    changed(LinkEvent::create);
  }
  StoryOf& changed(LinkEvent event) { return add(HistoryKind::changed, event); }
  StoryOf& add(HistoryKind kind, LinkEvent event = LinkEvent::create, std::string note = {}) {
    History row;
    row.kind = kind;
    row.event = event;
    row.at = at_;
    row.note = std::move(note);
    if (story.history.size() > 1) {
      row.payout = kPayout;
      row.fund_account = kAccount;
    }
    story.history.push_back(row);
    at_ = at_ + std::chrono::seconds(1);
    return *this;
  }
  core::Story story;

 private:
  core::Instant at_;
};

std::string data_of(const Server& server, const core::Story& story) {
  const auto response = server.render(track("x"), testing::answered(story));
  const std::size_t from = response.body.find(R"("data":)") + 7;
  return response.body.substr(from, response.body.find(R"(,"timestamp")") - from);
}

TEST(Track, TellsAClaimedLinkAsTheProvidersSampleDoes) {
  const Server server;
  StoryOf claimed(server, LinkState::processed);
  claimed.add(HistoryKind::notified, LinkEvent::create, "*******742 and he****@instantpay.in")
      .add(HistoryKind::otp_sent)
      .add(HistoryKind::otp_verified)
      .add(HistoryKind::details_submitted)
      .changed(LinkEvent::claim)
      .add(HistoryKind::beneficiary_verified)
      .add(HistoryKind::payout_sent)
      .changed(LinkEvent::payout_settled);
  const std::string verified = verification_order_id(server.ids, server.merchant.id, kPayout);
  const std::string paid = payout_order_id(server.ids, server.merchant.id, kPayout);
  const std::string account =
      R"(,"accountType":"ACCOUNT","accountNumber":"xxxxxxxxxx","accountIfsc":"YESB0CMSNOC"})";
  EXPECT_EQ(data_of(server, claimed.story),
            R"({"status":"CLAIMED","amount":120.11,"linkActivity":[)"
            R"({"status":"Payout link created","activityAt":"2024-01-15 10:00:00"},)"
            R"({"status":"Payout link notification sent to *******742 and ******@instantpay.in",)"
            R"("activityAt":"2024-01-15 10:00:01"},)"
            R"({"status":"Beneficiary verification successful","activityAt":"2024-01-15 10:00:06",)"
            R"("orderId":")" +
                verified + "\"" + account + "," +
                R"({"status":"Link Claimed successfully","activityAt":"2024-01-15 10:00:08",)"
                R"("orderId":")" +
                paid + "\"" + account + "]}");
}

TEST(Track, ShowsAPayoutAsUnderProcessOnlyWhileItIs) {
  const Server server;
  StoryOf story(server, LinkState::processing);
  story.changed(LinkEvent::claim).add(HistoryKind::payout_queued).add(HistoryKind::payout_sent);
  const std::string data = data_of(server, story.story);
  EXPECT_NE(data.find(R"({"status":"PROCESSING")"), std::string::npos);
  EXPECT_NE(data.find(R"({"status":"Payout under process","activityAt":"2024-01-15 10:00:03")"),
            std::string::npos)
      << data;
  story.story.view.link.state = LinkState::issued;
  story.changed(LinkEvent::payout_failed);
  const std::string failed = data_of(server, story.story);
  EXPECT_EQ(failed.find("under process"), std::string::npos);
  EXPECT_NE(
      failed.find(R"({"status":"Payout failed","activityAt":"2024-01-15 10:00:04","orderId")"),
      std::string::npos)
      << failed;
}

TEST(Track, TellsHowALinkEnded) {
  const Server server;
  const std::pair<LinkEvent, std::string_view> cases[] = {
      {LinkEvent::cancel, "Payout link cancelled"},
      {LinkEvent::expire, "Payout link expired"},
      {LinkEvent::reject, "Payout link rejected"},
      {LinkEvent::payout_reversed, "Payout reversed"},
  };
  for (const auto& [event, text] : cases) {
    StoryOf story(server, LinkState::cancelled);
    story.changed(event);
    EXPECT_NE(data_of(server, story.story).find(text), std::string::npos) << text;
  }
  StoryOf refused(server, LinkState::issued);
  refused.add(HistoryKind::beneficiary_refused);
  EXPECT_NE(data_of(server, refused.story).find("Beneficiary verification failed"),
            std::string::npos);
}

TEST(Track, ALinkPastItsDeadlineIsExpiredBeforeItsTimerHasRun) {
  Server server;
  StoryOf story(server, LinkState::issued);
  server.now = server.now + std::chrono::hours(24 * 91);
  const std::string data = data_of(server, story.story);
  EXPECT_NE(data.find(R"({"status":"EXPIRED")"), std::string::npos);
  EXPECT_NE(data.find(R"({"status":"Payout link expired","activityAt":"2024-04-14 09:59:59"})"),
            std::string::npos)
      << data;
}

TEST(Track, NeverShowsAnAccountNumberOrAWholeContact) {
  const Server server;
  StoryOf story(server, LinkState::processed);
  story.add(HistoryKind::notified, LinkEvent::create, "*******742 and he****@instantpay.in")
      .changed(LinkEvent::payout_settled);
  const std::string data = data_of(server, story.story);
  for (const char* secret : {"51234567890", "9876543742", "help@"}) {
    EXPECT_EQ(data.find(secret), std::string::npos) << data;
  }
}

TEST(Track, AUpiIdHasItsModeAndNoIfsc) {
  const Server server;
  StoryOf story(server, LinkState::processed);
  core::FundAccount& account = story.story.fund_accounts.front();
  account.method = core::PayMethod::upi;
  account.ifsc.clear();
  account.vpa = core::SecretText("kk@okaxis");
  story.add(HistoryKind::details_submitted).changed(LinkEvent::payout_settled);
  EXPECT_NE(data_of(server, story.story)
                .find(R"("accountType":"VPA","accountNumber":"xxxxxxxxxx","accountIfsc":"")"),
            std::string::npos);
}

TEST(Track, TakesTheIdFromThePathAndMindsNoBody) {
  const Server server;
  const core::LinkId link{1ULL << 40};
  const std::string id = link_id_text(server.ids, server.merchant.id, link);
  for (const char* body : {"", " ", "x", "{"}) {
    EXPECT_EQ(server.query<core::LinkStory>(track(id, body)).link.id, link);
  }
  EXPECT_EQ(server.refusal(track("65704add83911e52b70ebcbc")), "No Record Found");
  EXPECT_EQ(server.refusal(track("R-1")), "No Record Found");
}

}  // namespace
}  // namespace disburse::dialects::instantpay
