#include "core/otp.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "core/keys_fixture.hpp"

namespace disburse::core {
namespace {

constexpr Instant kNow = Instant::from_seconds(1'705'293'000);
constexpr LinkId kLink{0x0123456789abcd};
constexpr std::uint64_t kNonce = 0xfeedfacecafebeef;

Link proven(LinkId id = kLink, std::uint64_t nonce = kNonce) {
  Link link;
  link.id = id;
  link.otp.proven = nonce;
  return link;
}

TEST(Otp, ItHasSixDigitsAlsoWhenTheNumberIsSmall) {
  const ToyHash hash;
  bool leading_zero = false;
  for (std::uint64_t nonce = 1; nonce <= 2'000; ++nonce) {
    const std::string digits = otp_digits(hash, kLink, nonce).expose();
    ASSERT_EQ(digits.size(), 6U);
    for (const char c : digits) ASSERT_TRUE(c >= '0' && c <= '9');
    leading_zero = leading_zero || digits[0] == '0';
  }
  EXPECT_TRUE(leading_zero);
}

TEST(Otp, EachDigitIsAsLikelyAsTheOthers) {
  const ToyHash hash;
  constexpr int kDraws = 20'000;
  std::array<std::array<int, 10>, 6> seen{};
  for (std::uint64_t nonce = 1; nonce <= kDraws; ++nonce) {
    const std::string digits = otp_digits(hash, kLink, nonce).expose();
    for (std::size_t at = 0; at < 6; ++at) ++seen[at][static_cast<std::size_t>(digits[at] - '0')];
  }
  // 2,000 of each are expected; five standard deviations are 212.
  for (const auto& place : seen) {
    for (const int count : place) EXPECT_NEAR(count, kDraws / 10, 220);
  }
}

TEST(Otp, ItDependsOnLinkNonceAndKey) {
  const ToyHash hash;
  const std::string digits = otp_digits(hash, kLink, kNonce).expose();
  EXPECT_EQ(otp_digits(hash, kLink, kNonce).expose(), digits);
  EXPECT_NE(otp_digits(hash, kLink, kNonce + 1).expose(), digits);
  EXPECT_NE(otp_digits(hash, LinkId{kLink.value + 1}, kNonce).expose(), digits);
  EXPECT_NE(otp_digits(ToyHash(8), kLink, kNonce).expose(), digits);
}

TEST(Otp, EqualMeansEqual) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("123456", "123456"));
  for (const std::string_view other :
       {"123457", "023456", "12345", "1234567", "", "123456123456"}) {
    EXPECT_FALSE(equal_in_constant_time("123456", other)) << other;
    EXPECT_FALSE(equal_in_constant_time(other, "123456")) << other;
  }
  EXPECT_FALSE(equal_in_constant_time("aaaa", "aa"));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
}

TEST(ClaimToken, ItIsGoodUntilItsTimeIsOver) {
  const ToyHash hash;
  const SecretText token = claim_token(hash, kLink, kNonce, kNow + 30min);
  EXPECT_TRUE(is_claim_token(hash, proven(), token, kNow));
  EXPECT_TRUE(is_claim_token(hash, proven(), token, kNow + 30min - 1ms));
  EXPECT_FALSE(is_claim_token(hash, proven(), token, kNow + 30min));
}

TEST(ClaimToken, ItIsGoodForWhatWasProvenLastOnItsOwnLink) {
  const ToyHash hash;
  const SecretText token = claim_token(hash, kLink, kNonce, kNow + 30min);
  EXPECT_FALSE(is_claim_token(hash, proven(LinkId{kLink.value + 1}), token, kNow));
  EXPECT_FALSE(is_claim_token(hash, proven(kLink, kNonce + 1), token, kNow));
  EXPECT_FALSE(is_claim_token(hash, proven(kLink, 0), token, kNow));
  EXPECT_FALSE(is_claim_token(ToyHash(8), proven(), token, kNow));
}

TEST(ClaimToken, NothingProvenIsNothingToClaimWith) {
  const ToyHash hash;
  EXPECT_FALSE(
      is_claim_token(hash, proven(kLink, 0), claim_token(hash, kLink, 0, kNow + 30min), kNow));
  EXPECT_FALSE(is_claim_token(hash, proven(), SecretText{}, kNow));
}

TEST(ClaimToken, AnyOtherCharacterAnywhereSpoilsIt) {
  const ToyHash hash;
  const std::string token = claim_token(hash, kLink, kNonce, kNow + 30min).expose();
  for (std::size_t at = 0; at < token.size(); ++at) {
    for (const char c : {'0', '1', 'f', 'F', '-', ' ', '\0'}) {
      std::string other = token;
      if (other[at] == c) continue;
      other[at] = c;
      ASSERT_FALSE(is_claim_token(hash, proven(), SecretText(other), kNow)) << at;
    }
  }
  EXPECT_FALSE(is_claim_token(hash, proven(), SecretText(token + "0"), kNow));
  EXPECT_FALSE(is_claim_token(hash, proven(), SecretText(token.substr(1)), kNow));
}

}  // namespace
}  // namespace disburse::core
