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
  ASSERT_TRUE(
      world.command(core::RevokeCredential{"razorpay", "key", key.name, "operator:test"}));
  world.clock().jump(-24h);
  world.advance(front_door::kRemember);
  EXPECT_EQ(world.call(wire::Method::get, target, headers).status, 401);
}

}  // namespace
}  // namespace disburse::sim
