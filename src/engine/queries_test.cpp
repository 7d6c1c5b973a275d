#include "engine/queries.hpp"

#include "engine/engine_fixture.hpp"

namespace disburse::engine {
namespace {

core::Result<core::Reply> ask(Bench& bench, const core::Query& query) {
  return answer(*bench.reader, query, bench.clock.now(), bench.hash);
}

TEST(Queries, ALinkIsFoundByIdAndByReferenceOfItsMerchantOnly) {
  Bench bench;
  const core::LinkId older = bench.create(Bench::request("R1"));
  const core::LinkId newer = bench.create(Bench::request("R1"));
  const auto by_id = ask(bench, core::FindLink{Bench::kMerchant, {older, {}}});
  ASSERT_TRUE(by_id);
  EXPECT_EQ(std::get<core::LinkView>(*by_id).contact.name, "Rahul Kumar");
  const auto by_reference = ask(bench, core::FindLink{Bench::kMerchant, {{}, "R1"}});
  EXPECT_EQ(std::get<core::LinkView>(*by_reference).link.id, newer);
  EXPECT_EQ(answer_of(ask(bench, core::FindLink{core::MerchantId{2}, {older, {}}})),
            "link_not_found");
  EXPECT_EQ(answer_of(ask(bench, core::FindLink{Bench::kMerchant, {{}, "R2"}})), "link_not_found");
}

TEST(Queries, AClaimTellsWhoPaysAndWhetherItIsProven) {
  Bench bench;
  core::Settings settings;
  settings.support_contact = "help@example.com";
  EXPECT_EQ(bench.ask(core::UpdateMerchant{Bench::kMerchant, "x", settings, {}}), "taken");
  const core::LinkId id = bench.create(Bench::request());
  const core::Claim claim{Bench::kMerchant, id};
  const auto before = ask(bench, core::FindClaim{claim, {}});
  ASSERT_TRUE(before);
  EXPECT_EQ(std::get<core::ClaimView>(*before).merchant_name, "Shop");
  EXPECT_EQ(std::get<core::ClaimView>(*before).support_contact, "help@example.com");
  EXPECT_FALSE(std::get<core::ClaimView>(*before).otp_verified);

  EXPECT_EQ(bench.ask(core::SendOtp{claim, core::Channel::sms, ""}), "taken");
  const core::SecretText otp = core::otp_digits(bench.hash, id, bench.link(id).otp.nonce);
  const Outcome proven = bench.run(core::VerifyOtp{claim, otp, ""});
  ASSERT_TRUE(proven.reply);
  const core::SecretText token = std::get<core::OtpVerified>(*proven.reply).claim_token;
  EXPECT_TRUE(std::get<core::ClaimView>(*ask(bench, core::FindClaim{claim, token})).otp_verified);
  EXPECT_FALSE(
      std::get<core::ClaimView>(*ask(bench, core::FindClaim{claim, core::SecretText("forged")}))
          .otp_verified);
  bench.clock.advance(core::limits::kClaimTokenLife);
  EXPECT_FALSE(std::get<core::ClaimView>(*ask(bench, core::FindClaim{claim, token})).otp_verified);
  EXPECT_EQ(answer_of(ask(bench, core::FindClaim{{core::MerchantId{2}, id}, {}})),
            "link_not_found");
}

TEST(Queries, ALookChangesNothing) {
  Bench bench;
  const core::LinkId id = bench.create(Bench::request());
  const core::Link before = bench.link(id);
  for (int i = 0; i < 5; ++i)
    static_cast<void>(ask(bench, core::FindClaim{{Bench::kMerchant, id}, {}}));
  EXPECT_TRUE(bench.link(id) == before);
}

TEST(Queries, APageHasAHundredLinksAtMost) {
  Bench bench;
  Bench::Outcomes outcomes;
  for (int i = 0; i < 120; ++i) bench.queue(Bench::request(), outcomes);
  bench.engine->run_batch();
  core::ListLinks list;
  list.merchant = Bench::kMerchant;
  list.limit = 4'000'000'000;
  list.want_total = true;
  const auto page = ask(bench, list);
  ASSERT_TRUE(page);
  EXPECT_EQ(std::get<core::LinkPage>(*page).links.size(), core::limits::kPageSize);
  EXPECT_EQ(std::get<core::LinkPage>(*page).total, 120U);
}

TEST(Queries, AStoryTellsWhatHappened) {
  Bench bench;
  const core::LinkId id = bench.create(Bench::request("R1"));
  bench.claim(id);
  const auto reply = ask(bench, core::LinkStory{Bench::kMerchant, {{}, "R1"}});
  ASSERT_TRUE(reply);
  const core::Story& story = std::get<core::Story>(*reply);
  EXPECT_EQ(story.view.link.id, id);
  EXPECT_EQ(story.history.size(), story.view.link.history);
  EXPECT_EQ(story.payouts.size(), 1U);
  EXPECT_EQ(story.fund_accounts.size(), 1U);
  EXPECT_EQ(story.postings.size(), 1U);
  EXPECT_EQ(answer_of(ask(bench, core::LinkStory{Bench::kMerchant, {core::LinkId{9}, {}}})),
            "link_not_found");
}

TEST(Queries, DeliveriesOfAnEndpointThatIsNotTheMerchantsAreNotFound) {
  Bench bench;
  core::ListDeliveries list;
  list.merchant = Bench::kMerchant;
  EXPECT_EQ(answer_of(ask(bench, list)), "taken");
  list.endpoint = core::EndpointId{5};
  EXPECT_EQ(answer_of(ask(bench, list)), "endpoint_not_found");
}

TEST(Queries, AMerchantIsFoundWithItsMoney) {
  Bench bench;
  const auto reply = ask(bench, core::FindMerchant{Bench::kMerchant});
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<core::MerchantView>(*reply).balances.available, 1'000'000'00);
  EXPECT_EQ(answer_of(ask(bench, core::FindMerchant{core::MerchantId{2}})), "merchant_not_found");
  EXPECT_EQ(std::get<core::EndpointList>(*ask(bench, core::ListEndpoints{Bench::kMerchant}))
                .endpoints.size(),
            0U);
}

}  // namespace
}  // namespace disburse::engine
