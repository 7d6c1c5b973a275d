// What the simulator has found, each by itself.
#include <gtest/gtest.h>

#include "front_door/access.hpp"
#include "wire/base64.hpp"
#include "world/world.hpp"

namespace disburse::sim {
namespace {

using namespace std::chrono_literals;

TEST(Found, ARevokedKeyOpensNothingAlthoughTheClockWasSetBack) {
  world::World world;
  const core::SecretText secret("a-secret-of-some-length");
  core::Credential key;
  key.merchant = world.merchant();
  key.dialect = "razorpay";
  key.kind = "key";
  key.name = "rzp_test_second";
  key.secret_hash = front_door::hash_secret(secret);
  ASSERT_TRUE(world.command(core::IssueCredential{key, "operator:test"}));
  const std::string target =
      "/v1/payout-links?account_number=" + world.sheet("razorpay", "account_number");
  const world::Headers headers = {
      {"authorization", "Basic " + wire::base64_encode(key.name + ":" + secret.expose())}};
  EXPECT_EQ(world.call(wire::Method::get, target, headers).status, 200);
  ASSERT_TRUE(world.command(core::RevokeCredential{"razorpay", "key", key.name, "operator:test"}));
  world.clock().jump(-24h);
  world.advance(front_door::kRemember);
  EXPECT_EQ(world.call(wire::Method::get, target, headers).status, 401);
}

// The announcement before it was not due yet by the clock, and the later one overtook it.
TEST(Found, WebhooksKeepTheirOrderAlthoughTheClockWasSetBack) {
  world::World world;
  core::AddEndpoint endpoint;
  endpoint.merchant = world.merchant();
  endpoint.dialect = "razorpay";
  endpoint.url = "http://receiver.example/";
  endpoint.secret = core::SecretText("a-signing-secret");
  endpoint.all_links = true;
  ASSERT_TRUE(world.command(endpoint));
  core::CreateLink create;
  create.merchant = world.merchant();
  create.dialect = "razorpay";
  create.amount = *core::Money::from_paise(100'00);
  create.purpose = "refund";
  create.contact_name = "Gaurav Kumar";
  create.phone = "9876543210";
  const auto made = world.command(create);
  ASSERT_TRUE(made);
  const core::LinkId link = std::get<core::LinkView>(*made).link.id;
  // Before the relay has seen the first announcement.
  world.clock().jump(-1h);
  ASSERT_TRUE(world.command(core::CancelLink{world.merchant(), {link, {}}, {}, "test"}));
  world.settle();
  world.clock().jump(1h);
  world.advance(1min);
  std::vector<std::string> told;
  for (const auto& sent : world.webhooks()) {
    const std::string& body = sent.request.body;
    const std::size_t at = body.find("payout_link.");
    told.push_back(body.substr(at, body.find('"', at) - at));
  }
  EXPECT_EQ(told, (std::vector<std::string>{"payout_link.issued", "payout_link.cancelled"}));
}

}  // namespace
}  // namespace disburse::sim
