#include "dialects/instantpay/actions.hpp"

#include <gtest/gtest.h>

#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/testing.hpp"

namespace disburse::dialects::instantpay {
namespace {

using core::CancelLink;
using core::Code;
using core::NotifyLink;
using testing::Sent;
using testing::Server;

constexpr std::string_view kCancel = "/payments/payout/link/cancel";
constexpr std::string_view kNotify = "/payments/payout/link/notify";

Sent post(std::string_view path, std::string body) {
  return {.path = std::string(path), .body = std::move(body)};
}

std::string link_body(const Server& server, core::LinkId link) {
  return R"({"linkId":")" + link_id_text(server.ids, server.merchant.id, link) + R"("})";
}

TEST(Cancel, NamesTheLinkByItsIdWhateverDialectMadeIt) {
  const Server server;
  const core::LinkId link{1ULL << 40};
  const auto command = server.command<CancelLink>(post(kCancel, link_body(server, link)));
  EXPECT_EQ(command.link.id, link);
  EXPECT_EQ(command.merchant, server.merchant.id);
  EXPECT_EQ(command.rule, core::CancelRule::before_claim);
  EXPECT_EQ(command.actor, "instantpay");
  EXPECT_EQ(server.command<NotifyLink>(post(kNotify, link_body(server, link))).link.id, link);
}

TEST(Cancel, TakesAReferenceWhereThereIsNoId) {
  const auto command = Server().command<CancelLink>(post(kCancel, R"({"referenceNo":"R-1"})"));
  EXPECT_FALSE(command.link.id);
  EXPECT_EQ(command.link.reference, "R-1");
}

TEST(Cancel, RefusesWhatIsNoIdOfThisMerchant) {
  const Server server;
  for (const std::string_view path : {kCancel, kNotify}) {
    EXPECT_EQ(server.refusal(post(path, "{}")), "The linkId field is required.");
    EXPECT_EQ(server.refusal(post(path, R"({"linkId":""})")), "The linkId field is required.");
    EXPECT_EQ(server.refusal(post(path, R"({"linkId":7})")), "The linkId must be a string.");
    EXPECT_EQ(server.refusal_code(post(path, "{")), "RPI");
    std::string other = link_id_text(server.ids, core::MerchantId{2}, core::LinkId{1ULL << 40});
    for (const std::string& id :
         {std::string("657a99b961f05879ae06cb56"), std::string("abc"), other,
          link_id_text(server.ids, server.merchant.id, core::LinkId{5}).substr(0, 23)}) {
      EXPECT_EQ(server.refusal(post(path, R"({"linkId":")" + id + R"("})")), "No Record Found");
    }
  }
}

TEST(Cancel, SaysSoAndHasNoData) {
  const Server server;
  core::LinkView view = testing::link_view(server);
  const auto response = server.render(post(kCancel, "{}"), testing::answered(view));
  EXPECT_EQ(response.body.substr(0, response.body.find("ipay_uuid")),
            R"({"statuscode":"TXN","actcode":null,"status":"Link Cancelled Successfully",)"
            R"("data":null,"timestamp":"2024-01-15 10:00:00",")");
  EXPECT_NE(response.body.find(R"("orderid":null,"environment":"PRODUCTION","internalCode":null})"),
            std::string::npos);
}

TEST(Cancel, OfALinkThatIsPastItSaysWhatTheLinkIs) {
  const Server server;
  const std::pair<Code, std::string_view> cases[] = {
      {Code::link_processed, "Link already CLAIMED"},
      {Code::link_processing, "Link already PROCESSING"},
      {Code::link_cancelled, "Link already CANCELLED"},
      {Code::link_rejected, "Link already CANCELLED"},
      {Code::link_expired, "Link already EXPIRED"},
      {Code::link_scheduled, "Link not activated yet"},
  };
  for (const auto& [code, status] : cases) {
    const auto response = server.render(post(kCancel, "{}"), core::fail(code));
    EXPECT_EQ(Server::text(response, "statuscode"), "ERR");
    EXPECT_EQ(Server::text(response, "status"), status);
  }
}

std::string notified(bool sms, bool email, std::string_view address = "help@instantpay.in") {
  const Server server;
  core::LinkView view = testing::link_view(server);
  view.contact.email = address;
  return Server::text(
      server.render(post(kNotify, "{}"), testing::answered(core::Notified{view, sms, email})),
      "status");
}

TEST(Notify, MasksTheContactsThatItWentTo) {
  EXPECT_EQ(notified(true, true), "Notification Link Sent To *******742 and ******@instantpay.in");
  EXPECT_EQ(notified(true, false), "Notification Link Sent To *******742");
  EXPECT_EQ(notified(false, true), "Notification Link Sent To ******@instantpay.in");
  EXPECT_EQ(notified(false, true, "x@mail.example.com"),
            "Notification Link Sent To ******@mail.example.com");
}

TEST(Notify, WithoutAContactSaysSo) {
  const auto response = Server().render(post(kNotify, "{}"), core::fail(Code::contact_missing));
  EXPECT_EQ(Server::text(response, "status"), "Contact details not available");
}

}  // namespace
}  // namespace disburse::dialects::instantpay
