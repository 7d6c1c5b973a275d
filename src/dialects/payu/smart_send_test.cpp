#include "dialects/payu/smart_send.hpp"

#include <gtest/gtest.h>

#include "dialects/payu/payu_fixture.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::payu {
namespace {

using core::LinkState;
using testing::Call;
using testing::open_link;

Call status(std::string query) {
  return Call(wire::Method::get, "/payout/smartPay/status", std::move(query));
}
Call cancel(std::string query, std::string body) {
  return Call(wire::Method::post, "/payout/smartPay/cancel", std::move(query), std::move(body));
}

core::FindLink asked(Call call) {
  const auto parsed = call.parse();
  const auto* query = parsed ? std::get_if<core::Query>(&parsed->what) : nullptr;
  const auto* find = query == nullptr ? nullptr : std::get_if<core::FindLink>(query);
  return find == nullptr ? core::FindLink{} : *find;
}

std::string told(const core::LinkView& view) {
  return status("linkId=x").render(Answer(core::Reply(view))).body;
}

constexpr std::string_view kNotFound =
    R"({"status":1,"msg":"SmartPay Link not found","code":1112,"data":null})";

TEST(PayuStatus, AnOpenLinkIsTheDocumentedSampleToTheByte) {
  const core::LinkView view = open_link();
  const std::string id = link_id(testing::fixed_ids(), view.link.merchant, view.link.id);
  EXPECT_EQ(told(view),
            R"({"status":0,"msg":"Account Detail Pending","code":null,"data":{"link":null,)"
            R"("linkId":")" +
                id +
                R"(","merchantRefId":"smart_pay_30_jul_test","custEmail":null,"custName":null,)"
                R"("custMoblie":null,"merchantName":null,"amount":"1.0","isOtpVerified":null,)"
                R"("linkExpiryDate":null,"detailFilled":false,"isLinkValid":true,)"
                R"("allowedMethod":"both"}})");
}

TEST(PayuStatus, SaysWhichMethodsAreAllowed) {
  core::LinkView view = open_link();
  view.link.methods = static_cast<core::PayMethods>(core::PayMethod::bank);
  EXPECT_NE(told(view).find(R"("allowedMethod":"account")"), std::string::npos);
  view.link.methods = static_cast<core::PayMethods>(core::PayMethod::upi);
  EXPECT_NE(told(view).find(R"("allowedMethod":"vpa")"), std::string::npos);
}

TEST(PayuStatus, SaysWhenThePayeeHasProvenWhoTheyAre) {
  core::LinkView view = open_link();
  view.link.otp.proven = 5;
  EXPECT_NE(told(view).find(R"("isOtpVerified":true)"), std::string::npos);
}

TEST(PayuStatus, EachStateHasItsAnswer) {
  const auto in = [](LinkState state) {
    core::LinkView view = open_link();
    view.link.state = state;
    return told(view);
  };
  const auto answer = [](std::string_view msg, int code) {
    return R"({"status":1,"msg":")" + std::string(msg) + R"(","code":)" + std::to_string(code) +
           R"(,"data":null})";
  };
  EXPECT_EQ(in(LinkState::expired), answer("SmartPay Link expired", 1111));
  EXPECT_EQ(in(LinkState::cancelled), answer("SmartPay Link cancelled", 1122));
  EXPECT_EQ(in(LinkState::rejected), answer("SmartPay Link rejected", 1123));
  EXPECT_EQ(in(LinkState::pending), answer("SmartPay Link approval pending", 1127));
  EXPECT_EQ(in(LinkState::processing), answer("Account details already filled", 1118));
  EXPECT_EQ(in(LinkState::processed), answer("Account details already filled", 1118));
  EXPECT_NE(in(LinkState::scheduled).find(R"("isLinkValid":false)"), std::string::npos);
}

TEST(PayuStatus, ADeadlineThatHasPassedCountsBeforeItsTimerHasRun) {
  core::LinkView view = open_link();
  view.link.expires_at = testing::time_of("2024-01-15T04:30:00Z");
  EXPECT_EQ(told(view), R"({"status":1,"msg":"SmartPay Link expired","code":1111,"data":null})");
}

TEST(PayuStatus, ALinkIsAskedForByItsIdEncodedOrNot) {
  const core::PublicIds& ids = testing::fixed_ids();
  for (std::uint64_t i = 1; i <= 40; ++i) {
    const std::string id = link_id(ids, core::MerchantId{1}, core::LinkId{i});
    EXPECT_EQ(asked(status("linkId=" + wire::percent_encode(id))).link.id, core::LinkId{i});
    EXPECT_EQ(asked(status("linkId=" + id)).link.id, core::LinkId{i});
  }
}

TEST(PayuStatus, ALinkIsAskedForByReferenceAndMerchant) {
  const core::FindLink find = asked(status("merchantRefId=r1&payoutMerchantId=1111122"));
  EXPECT_EQ(find.link.reference, "r1");
  EXPECT_FALSE(find.link.id);
  EXPECT_EQ(find.merchant, core::MerchantId{1});
  EXPECT_EQ(asked(status("linkId=&merchantRefId=r1")).link.reference, "r1");
}

TEST(PayuStatus, ForgedIdsAndAnothersLinksAreTheSameNotFound) {
  const core::PublicIds& ids = testing::fixed_ids();
  const std::string others = link_id(ids, core::MerchantId{2}, core::LinkId{9});
  EXPECT_EQ(status("linkId=" + wire::percent_encode(others)).answer(), kNotFound);
  EXPECT_EQ(status("linkId=x").answer(), kNotFound);
  EXPECT_EQ(status("linkId=" + others.substr(0, 40)).answer(), kNotFound);
  EXPECT_EQ(status("merchantRefId=r1&payoutMerchantId=1111123").answer(), kNotFound);
  EXPECT_EQ(status("linkId=x").refused(core::Code::link_not_found).body, kNotFound);
}

TEST(PayuStatus, WithNeitherIdNorReferenceItIs1101) {
  EXPECT_EQ(status("").answer(),
            R"({"status":1,"msg":"merchantRefId is required","code":1101,"data":null})");
}

TEST(PayuCancel, TheReferenceIsReadFromFormOrQueryWhateverTheContentType) {
  const auto reference = [](Call call) { return call.command<core::CancelLink>().link.reference; };
  EXPECT_EQ(reference(cancel("", "merchantRefId=1584856958885")), "1584856958885");
  EXPECT_EQ(reference(cancel("merchantRefId=1584856958885", "")), "1584856958885");
  EXPECT_EQ(reference(cancel("merchantRefId=a%20b", "").header("content-type", "application/json")),
            "a b");
  EXPECT_EQ(reference(cancel("", "merchantRefId=r&pid=1111122").without_merchant()), "r");
}

TEST(PayuCancel, AllowsEverythingBeforeTheClaim) {
  const auto command = cancel("", "merchantRefId=r").command<core::CancelLink>();
  EXPECT_EQ(command.rule, core::CancelRule::before_claim);
  EXPECT_EQ(command.merchant, core::MerchantId{1});
}

TEST(PayuCancel, WithoutAReferenceItIs1101) {
  EXPECT_EQ(cancel("", "").answer(),
            R"({"status":1,"msg":"merchantRefId is required","code":1101,"data":null})");
}

TEST(PayuCancel, EachOutcomeHasItsBody) {
  Call call = cancel("", "merchantRefId=r");
  EXPECT_EQ(call.render(Answer(core::Reply(open_link()))).body,
            R"({"status":0,"msg":"Smart send link cancelled","code":null,"data":null})");
  EXPECT_EQ(call.refused(core::Code::link_not_found).body, kNotFound);
  EXPECT_EQ(call.refused(core::Code::link_processing).body,
            R"({"status":1,"msg":"Payout transaction in progress. Try after sometime!",)"
            R"("code":null,"data":null})");
  EXPECT_EQ(call.refused(core::Code::link_processed).body,
            R"({"status":1,"msg":"Payout cannot be cancelled as it is already processed",)"
            R"("code":null,"data":null})");
  for (const core::Code code : {core::Code::link_cancelled, core::Code::link_expired,
                                core::Code::link_rejected, core::Code::link_not_issued}) {
    EXPECT_EQ(call.refused(code).body,
              R"({"status":1,"msg":"Payout cannot be cancelled as it is already processed or )"
              R"(cancelled","code":1110,"data":null})");
  }
  EXPECT_EQ(call.refused(core::Code::draining).status, 503);
}

}  // namespace
}  // namespace disburse::dialects::payu
