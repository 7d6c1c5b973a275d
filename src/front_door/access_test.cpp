// Addresses: which are allowed, and which are one caller to the limits.
#include "front_door/access.hpp"

#include <gtest/gtest.h>

namespace disburse::front_door {
namespace {

TEST(AddressForLimits, AnAddressOfTheOldProtocolIsItsOwn) {
  EXPECT_EQ(address_for_limits("203.0.113.7"), "203.0.113.7");
  EXPECT_NE(address_for_limits("203.0.113.7"), address_for_limits("203.0.113.8"));
  EXPECT_EQ(address_for_limits(""), "");
}

TEST(AddressForLimits, ANetworkOfTheNewProtocolIsOneCaller) {
  EXPECT_EQ(address_for_limits("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_for_limits("2001:db8:1:2::1"), address_for_limits("2001:db8:1:2:ffff::2"));
  EXPECT_NE(address_for_limits("2001:db8:1:2::1"), address_for_limits("2001:db8:1:3::1"));
}

TEST(AddressAllowed, RangesOfBothProtocols) {
  EXPECT_TRUE(address_allowed({}, "203.0.113.7"));
  EXPECT_TRUE(address_allowed({"203.0.113.0/24"}, "203.0.113.7"));
  EXPECT_TRUE(address_allowed({"203.0.113.0/24"}, "::ffff:203.0.113.7"));
  EXPECT_FALSE(address_allowed({"203.0.113.0/25"}, "203.0.113.200"));
  EXPECT_TRUE(address_allowed({"2001:db8::/33"}, "2001:db8:7fff::1"));
  EXPECT_FALSE(address_allowed({"2001:db8::/33"}, "2001:db8:8000::1"));
  EXPECT_FALSE(address_allowed({"203.0.113.7"}, "nonsense"));
  EXPECT_FALSE(address_allowed({"203.0.113.7/33", "/", "x/8"}, "203.0.113.7"));
}

}  // namespace
}  // namespace disburse::front_door
