#include "core/public_id.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "core/keys_fixture.hpp"

namespace disburse::core {
namespace {

using u128 = unsigned __int128;

constexpr MerchantId kMerchant{7};
constexpr MerchantId kOther{8};
constexpr std::uint64_t kLargestId = (1ULL << 56) - 1;
constexpr IdKind kKinds[] = {IdKind::link,     IdKind::contact,  IdKind::fund_account,
                             IdKind::payout,   IdKind::event,    IdKind::merchant,
                             IdKind::endpoint, IdKind::delivery, IdKind::file};

// An id such as the id maker would make, of the time that 96-bit ids carry.
std::uint64_t some_id(ToyRandom& random) { return random.next() >> 8 | 1; }

template <std::size_t size>
std::array<std::uint8_t, size> some_bytes(ToyRandom& random) {
  std::array<std::uint8_t, size> bytes{};
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

u128 some_83_bits(ToyRandom& random) {
  u128 limit = 1;
  for (int i = 0; i < 14; ++i) limit *= 62;
  return (static_cast<u128>(random.next()) << 64 | random.next()) % limit;
}

// The first of vectors_sip64 of the SipHash authors' reference code: key 00..0f, input 00, 00 01
// ...
TEST(SipHash, ItGivesTheReferenceVectors) {
  constexpr std::uint8_t kVectors[16][8] = {{0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72},
                                            {0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74},
                                            {0x5a, 0x4f, 0xa9, 0xd9, 0x09, 0x80, 0x6c, 0x0d},
                                            {0x2d, 0x7e, 0xfb, 0xd7, 0x96, 0x66, 0x67, 0x85},
                                            {0xb7, 0x87, 0x71, 0x27, 0xe0, 0x94, 0x27, 0xcf},
                                            {0x8d, 0xa6, 0x99, 0xcd, 0x64, 0x55, 0x76, 0x18},
                                            {0xce, 0xe3, 0xfe, 0x58, 0x6e, 0x46, 0xc9, 0xcb},
                                            {0x37, 0xd1, 0x01, 0x8b, 0xf5, 0x00, 0x02, 0xab},
                                            {0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93},
                                            {0xb0, 0xe4, 0xa9, 0x0b, 0xdf, 0x82, 0x00, 0x9e},
                                            {0xf3, 0xb9, 0xdd, 0x94, 0xc5, 0xbb, 0x5d, 0x7a},
                                            {0xa7, 0xad, 0x6b, 0x22, 0x46, 0x2f, 0xb3, 0xf4},
                                            {0xfb, 0xe5, 0x0e, 0x86, 0xbc, 0x8f, 0x1e, 0x75},
                                            {0x90, 0x3d, 0x84, 0xc0, 0x27, 0x56, 0xea, 0x14},
                                            {0xee, 0xf2, 0x7a, 0x8e, 0x90, 0xca, 0x23, 0xf7},
                                            {0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1}};
  Key16 key{};
  std::array<std::uint8_t, 16> input{};
  for (std::uint8_t i = 0; i < 16; ++i) key[i] = input[i] = i;
  for (std::size_t count = 0; count < 16; ++count) {
    std::uint64_t expected = 0;
    for (int i = 7; i >= 0; --i) expected = expected << 8 | kVectors[count][i];
    EXPECT_EQ(siphash24(key, input.data(), count), expected) << count << " bytes";
  }
}

TEST(PublicIds, WhatIsSealedOpensInEveryShapeAndKind) {
  const PublicIds ids = toy_ids();
  ToyRandom random(test_seed());
  SCOPED_TRACE("TEST_SEED=" + std::to_string(test_seed()));
  for (int i = 0; i < 2'000; ++i) {
    const std::uint64_t id = i == 0 ? 1 : i == 1 ? kLargestId : some_id(random);
    for (const IdKind kind : kKinds) {
      ASSERT_EQ(ids.open83(kind, kMerchant, ids.seal83(kind, kMerchant, id)), id);
      ASSERT_EQ(ids.open96(kind, kMerchant, ids.seal96(kind, kMerchant, id)), id);
      ASSERT_EQ(ids.open384(kind, ids.seal384(kind, kMerchant, id)),
                (Claim{kMerchant, LinkId{id}}));
    }
    const Claim claim{MerchantId{static_cast<std::uint32_t>(random.next()) | 1}, LinkId{id}};
    ASSERT_EQ(ids.open_claim(ids.seal_claim(claim)), claim);
  }
}

TEST(PublicIds, AnIdOfAnotherMerchantOpensToNothing) {
  const PublicIds ids = toy_ids();
  ToyRandom random(test_seed());
  for (int i = 0; i < 5'000; ++i) {
    const std::uint64_t id = some_id(random);
    ASSERT_FALSE(ids.open83(IdKind::link, kOther, ids.seal83(IdKind::link, kMerchant, id)));
    ASSERT_FALSE(ids.open96(IdKind::link, kOther, ids.seal96(IdKind::link, kMerchant, id)));
  }
}

TEST(PublicIds, AnIdOfAnotherKindOpensToNothing) {
  const PublicIds ids = toy_ids();
  ToyRandom random(test_seed());
  for (const IdKind sealed_as : kKinds) {
    for (const IdKind opened_as : kKinds) {
      if (sealed_as == opened_as) continue;
      for (int i = 0; i < 50; ++i) {
        const std::uint64_t id = some_id(random);
        ASSERT_FALSE(ids.open83(opened_as, kMerchant, ids.seal83(sealed_as, kMerchant, id)));
        ASSERT_FALSE(ids.open96(opened_as, kMerchant, ids.seal96(sealed_as, kMerchant, id)));
        ASSERT_FALSE(ids.open384(opened_as, ids.seal384(sealed_as, kMerchant, id)));
      }
    }
  }
}

TEST(PublicIds, AHundredThousandForgeriesOfEachShapeAreRefused) {
  const PublicIds ids = toy_ids();
  ToyRandom random(test_seed());
  SCOPED_TRACE("TEST_SEED=" + std::to_string(test_seed()));
  int passed83 = 0, passed96 = 0, passed384 = 0, passed_claims = 0;
  for (int i = 0; i < 100'000; ++i) {
    passed83 += ids.open83(IdKind::link, kMerchant, some_83_bits(random)).has_value();
    passed96 += ids.open96(IdKind::link, kMerchant, some_bytes<12>(random)).has_value();
    passed384 += ids.open384(IdKind::link, some_bytes<48>(random)).has_value();
    passed_claims += ids.open_claim(some_bytes<16>(random)).has_value();
  }
  EXPECT_EQ(passed83, 0);
  EXPECT_EQ(passed96, 0);
  EXPECT_EQ(passed384, 0);
  EXPECT_EQ(passed_claims, 0);
}

TEST(PublicIds, AnyFlippedBitOfTheLongShapesIsRefused) {
  const PublicIds ids = toy_ids();
  const auto sealed = ids.seal384(IdKind::link, kMerchant, 12'345);
  for (std::size_t bit = 0; bit < 384; ++bit) {
    auto other = sealed;
    other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << bit % 8));
    ASSERT_FALSE(ids.open384(IdKind::link, other)) << bit;
  }
  const auto short_one = ids.seal96(IdKind::link, kMerchant, 12'345ULL << 30);
  for (std::size_t bit = 0; bit < 96; ++bit) {
    auto other = short_one;
    other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << bit % 8));
    ASSERT_FALSE(ids.open96(IdKind::link, kMerchant, other)) << bit;
  }
  const Block16 code = ids.seal_claim({kMerchant, LinkId{12'345}});
  for (std::size_t bit = 0; bit < 128; ++bit) {
    Block16 other = code;
    other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << bit % 8));
    ASSERT_FALSE(ids.open_claim(other)) << bit;
  }
}

// What seal384 says of 16 bytes, for any 16 bytes.
std::array<std::uint8_t, 48> with_its_sum(const Key16& key,
                                          const std::array<std::uint8_t, 16>& block) {
  std::array<std::uint8_t, 48> out{};
  std::array<std::uint8_t, 18> input{};
  std::copy(block.begin(), block.end(), input.begin());
  std::copy(block.begin(), block.end(), out.begin());
  input[16] = static_cast<std::uint8_t>(IdKind::link);
  for (std::size_t word = 0; word < 4; ++word) {
    input[17] = static_cast<std::uint8_t>(0x80 + word);
    const std::uint64_t sum = siphash24(key, input.data(), input.size());
    std::memcpy(out.data() + 16 + 8 * word, &sum, sizeof sum);
  }
  return out;
}

TEST(PublicIds, AForgedSumIsNotEnoughTheSealedBytesAreCheckedToo) {
  const PublicIds ids = toy_ids();
  const Key16 key = toy_keys(1).id_key;
  const auto sealed = ids.seal384(IdKind::link, kMerchant, 12'345);
  std::array<std::uint8_t, 16> block{};
  std::copy_n(sealed.begin(), 16, block.begin());
  ASSERT_EQ(with_its_sum(key, block), sealed) << "the sum is made here as it is there";
  ToyRandom random(test_seed());
  for (int i = 0; i < 1000; ++i) {
    ASSERT_FALSE(ids.open384(IdKind::link, with_its_sum(key, some_bytes<16>(random))));
  }
}

TEST(PublicIds, NeighboursLookNothingAlike) {
  const PublicIds ids = toy_ids();
  std::set<std::string> heads;
  for (std::uint64_t id = 1; id <= 200; ++id) {
    heads.insert(base62(ids.seal83(IdKind::link, kMerchant, id), 14).substr(0, 5));
  }
  EXPECT_EQ(heads.size(), 200U);
}

TEST(PublicIds, OldKeysOpenAndTheNewestSeals) {
  std::vector<PublicIds::Keys> versions;
  versions.push_back(toy_keys(2));
  versions.push_back(toy_keys(1));
  const PublicIds rotated(std::move(versions));
  const PublicIds before = toy_ids(1);
  const PublicIds newest = toy_ids(2);
  const Claim claim{kMerchant, LinkId{99}};
  EXPECT_EQ(rotated.open83(IdKind::link, kMerchant, before.seal83(IdKind::link, kMerchant, 99)),
            99U);
  EXPECT_EQ(rotated.open96(IdKind::link, kMerchant, before.seal96(IdKind::link, kMerchant, 99)),
            99U);
  EXPECT_EQ(rotated.open384(IdKind::link, before.seal384(IdKind::link, kMerchant, 99)), claim);
  EXPECT_EQ(rotated.open_claim(before.seal_claim(claim)), claim);
  EXPECT_EQ(newest.open83(IdKind::link, kMerchant, rotated.seal83(IdKind::link, kMerchant, 99)),
            99U);
  EXPECT_EQ(newest.open_claim(rotated.seal_claim(claim)), claim);
  EXPECT_FALSE(before.open83(IdKind::link, kMerchant, rotated.seal83(IdKind::link, kMerchant, 99)));
}

TEST(PublicIds, WhatFourteenDigitsCannotSayIsRefused) {
  const PublicIds ids = toy_ids();
  EXPECT_FALSE(ids.open83(IdKind::link, kMerchant, ~static_cast<u128>(0)));
  for (std::uint64_t id = 1; id <= 3'000; ++id) {
    const std::string text = base62(ids.seal83(IdKind::link, kMerchant, id), 14);
    ASSERT_EQ(ids.open83(IdKind::link, kMerchant, *parse_base62(text, 14)), id);
  }
}

TEST(PublicIds, NobodysClaimIsNotAClaim) {
  const PublicIds ids = toy_ids();
  EXPECT_FALSE(ids.open_claim(ids.seal_claim({MerchantId{}, LinkId{5}})));
  EXPECT_FALSE(ids.open_claim(ids.seal_claim({kMerchant, LinkId{}})));
}

TEST(Base62, TheLargestNumbersFitAndNothingLarger) {
  EXPECT_EQ(base62(0, 3), "000");
  EXPECT_EQ(base62(61, 2), "0z");
  EXPECT_EQ(base62(62, 2), "10");
  const u128 most = ~static_cast<u128>(0);
  EXPECT_EQ(parse_base62(base62(most, 22), 22), most);
  EXPECT_FALSE(parse_base62("7n42DGM5Tflk9n8mt7Fhc8", 22)) << "2^128";
  EXPECT_EQ(base62(most, 22), "7n42DGM5Tflk9n8mt7Fhc7");
  EXPECT_FALSE(parse_base62(std::string(22, 'z'), 22));
}

TEST(Base62, LengthAndDigitsAreExact) {
  EXPECT_TRUE(parse_base62("0Az", 3));
  for (const std::string_view text : {"", "0A", "0Azz", "0-z", "0_z", " 0z", "0z ", "\xc3\xa9z"}) {
    EXPECT_FALSE(parse_base62(text, 3)) << text;
  }
  EXPECT_FALSE(parse_base62(std::string_view("0\0z", 3), 3));
}

TEST(ClaimCode, ItHas22DigitsAndOpensAgain) {
  const PublicIds ids = toy_ids();
  ToyRandom random(test_seed());
  for (int i = 0; i < 2'000; ++i) {
    const Claim claim{MerchantId{static_cast<std::uint32_t>(random.next()) | 1},
                      LinkId{some_id(random)}};
    const std::string code = claim_code(ids, claim);
    ASSERT_EQ(code.size(), 22U);
    ASSERT_EQ(parse_claim_code(ids, code), claim);
  }
}

TEST(ClaimCode, AnotherServersAndAChangedCodeAreRefused) {
  const PublicIds ids = toy_ids();
  const std::string code = claim_code(ids, {kMerchant, LinkId{5}});
  EXPECT_FALSE(parse_claim_code(toy_ids(2), code));
  EXPECT_FALSE(parse_claim_code(ids, code.substr(1)));
  EXPECT_FALSE(parse_claim_code(ids, code + "0"));
  for (std::size_t at = 0; at < code.size(); ++at) {
    std::string other = code;
    other[at] = other[at] == 'a' ? 'b' : 'a';
    ASSERT_FALSE(parse_claim_code(ids, other)) << at;
  }
}

TEST(PublicIds, AnIdThatCannotBeIsNotOpened) {
  // Sealed by us and yet no id: zero, and numbers above the largest.
  const PublicIds ids = toy_ids();
  EXPECT_FALSE(ids.open83(IdKind::link, kMerchant, ids.seal83(IdKind::link, kMerchant, 0)));
  EXPECT_FALSE(ids.open96(IdKind::link, kMerchant, ids.seal96(IdKind::link, kMerchant, 0)));
  EXPECT_FALSE(ids.open_claim(ids.seal_claim({kMerchant, LinkId{1ULL << IdMaker::kIdBits}})));
}

}  // namespace
}  // namespace disburse::core
