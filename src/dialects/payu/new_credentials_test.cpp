#include "dialects/payu/new_credentials.hpp"

#include <gtest/gtest.h>

#include <array>

#include "dialects/payu/token.hpp"

namespace disburse::dialects::payu {
namespace {

std::array<std::uint8_t, 256> fresh_bytes(std::uint8_t first) {
  std::array<std::uint8_t, 256> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
  return bytes;
}

core::Merchant merchant(core::Mode mode) {
  core::Merchant made;
  made.id = core::MerchantId{1};
  made.mode = mode;
  return made;
}

TEST(PayuNewCredentials, AreAClientAndAUserInTheSamplesShapes) {
  const auto bytes = fresh_bytes(0);
  const auto made = new_credentials(merchant(core::Mode::test), FreshBytes(bytes));
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].kind, "client");
  EXPECT_EQ(made[0].name.size(), 64U);
  EXPECT_EQ(made[0].secret.expose().size(), 64U);
  EXPECT_NE(made[0].name, made[0].secret.expose());
  EXPECT_FALSE(made[0].is_password);
  EXPECT_EQ(made[1].kind, "user");
  EXPECT_TRUE(made[1].name.ends_with("@example.com"));
  EXPECT_EQ(made[1].secret.expose().size(), 20U);
  EXPECT_TRUE(made[1].is_password);
}

TEST(PayuNewCredentials, DifferWithTheBytes) {
  const auto bytes = fresh_bytes(0);
  const auto others = fresh_bytes(1);
  const auto a = new_credentials(merchant(core::Mode::test), FreshBytes(bytes));
  const auto b = new_credentials(merchant(core::Mode::test), FreshBytes(others));
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NE(a[i].name, b[i].name);
    EXPECT_FALSE(a[i].secret == b[i].secret);
  }
}

TEST(PayuNewCredentials, TheSheetHasWhatAClientMustKnow) {
  const auto bytes = fresh_bytes(0);
  const auto made = new_credentials(merchant(core::Mode::test), FreshBytes(bytes));
  const Sheet rows = sheet(merchant(core::Mode::test), made);
  std::vector<std::string> names;
  for (const auto& [name, value] : rows) {
    names.push_back(name);
    EXPECT_FALSE(value.empty()) << name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"payout_merchant_id", "public_client_id", "client_id",
                                             "client_secret", "username", "password"}));
  EXPECT_EQ(rows[0].second, "1111122");
  EXPECT_EQ(rows[1].second, kPublicTestClientId);
  EXPECT_EQ(sheet(merchant(core::Mode::live), made)[1].second, kPublicLiveClientId);
}

}  // namespace
}  // namespace disburse::dialects::payu
