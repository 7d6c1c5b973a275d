#include "dialects/payu/identifiers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "dialects/payu/payu_fixture.hpp"

namespace disburse::dialects::payu {
namespace {

constexpr core::MerchantId kMerchant{1};
constexpr core::LinkId kLink{0x12345678901234};

TEST(PayuIds, TheFirstMerchantHasTheNumberOfPayusSamples) {
  EXPECT_EQ(payout_merchant_id(kMerchant), "1111122");
  EXPECT_EQ(payout_merchant_id(core::MerchantId{2}), "1111123");
}

TEST(PayuIds, ALinkIdIs64CharactersOfBase64AndOpensAgain) {
  const core::PublicIds& ids = testing::fixed_ids();
  const std::string id = link_id(ids, kMerchant, kLink);
  EXPECT_EQ(id.size(), 64U);
  EXPECT_EQ(id.find('='), std::string::npos);
  EXPECT_EQ(parse_link_id(ids, id), (core::Claim{kMerchant, kLink}));
}

TEST(PayuIds, ABlankInALinkIdIsAPlusThatTheQueryLost) {
  const core::PublicIds& ids = testing::fixed_ids();
  int with_plus = 0;
  for (std::uint64_t i = 1; i <= 200; ++i) {
    std::string id = link_id(ids, kMerchant, core::LinkId{i});
    with_plus += id.find('+') == std::string::npos ? 0 : 1;
    std::replace(id.begin(), id.end(), '+', ' ');
    EXPECT_EQ(parse_link_id(ids, id), (core::Claim{kMerchant, core::LinkId{i}}));
  }
  EXPECT_GT(with_plus, 0);
}

TEST(PayuIds, ForgedAndTruncatedLinkIdsAreRefused) {
  const core::PublicIds& ids = testing::fixed_ids();
  const std::string id = link_id(ids, kMerchant, kLink);
  for (std::size_t i = 0; i < id.size(); ++i) {
    std::string forged = id;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(parse_link_id(ids, forged)) << i;
  }
  EXPECT_FALSE(parse_link_id(ids, id.substr(0, 63)));
  EXPECT_FALSE(parse_link_id(ids, id + "AAAA"));
  EXPECT_FALSE(parse_link_id(ids, "x"));
  EXPECT_FALSE(parse_link_id(ids, ""));
}

TEST(PayuIds, ATransferReferenceIsPayoutThirteenDigitsAndElevenCharacters) {
  core::IdMaker maker;
  const auto at = testing::time_of("2024-08-22T09:29:33.462Z");
  const auto payout = maker.make<core::PayoutId>(at);
  const std::string reference = transfer_reference(kMerchant, payout);
  EXPECT_EQ(reference.size(), 30U);
  EXPECT_EQ(reference.substr(0, 19), "PAYOUT" + std::to_string(at.ms()));
  EXPECT_TRUE(std::all_of(reference.begin(), reference.end(),
                          [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }));
  EXPECT_EQ(reference, transfer_reference(kMerchant, payout));
  EXPECT_NE(reference, transfer_reference(kMerchant, maker.make<core::PayoutId>(at)));
  EXPECT_NE(reference, transfer_reference(core::MerchantId{2}, payout));
}

TEST(PayuIds, AUserUuidIsGroupedAsPayuGroupsIt) {
  const std::string uuid = user_uuid(core::CredentialId{7});
  ASSERT_EQ(uuid.size(), 36U);
  for (const std::size_t dash : {4U, 9U, 18U, 23U}) EXPECT_EQ(uuid[dash], '-') << uuid;
  EXPECT_EQ(std::count(uuid.begin(), uuid.end(), '-'), 4);
  EXPECT_EQ(uuid, user_uuid(core::CredentialId{7}));
  EXPECT_NE(uuid, user_uuid(core::CredentialId{8}));
}

}  // namespace
}  // namespace disburse::dialects::payu
