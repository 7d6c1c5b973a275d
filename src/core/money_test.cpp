#include "core/money.hpp"

#include <gtest/gtest.h>

#include "core/keys_fixture.hpp"

namespace disburse::core {
namespace {

std::int64_t parsed(std::string_view text) {
  const Result<Money> money = Money::parse_rupees(text);
  return money ? money->paise() : -1;
}

TEST(Money, RupeesAreReadAsWholePaise) {
  struct Row {
    std::string_view text;
    std::int64_t paise;
  };
  for (const Row& row : {Row{"0", 0},
                         {"1", 100},
                         {"1.5", 150},
                         {"1.50", 150},
                         {"0.01", 1},
                         {"1.500", 150},
                         {"1.1000000", 110},
                         {"007", 700},
                         {"0.10", 10},
                         {"99999.99", 9'999'999},
                         {"10000000000000.00", Money::kMaxPaise}}) {
    EXPECT_EQ(parsed(row.text), row.paise) << row.text;
  }
}

TEST(Money, WhatIsNotAPlainDecimalOfWholePaiseIsRefused) {
  for (const std::string_view text : {"",
                                      ".",
                                      "1.",
                                      ".5",
                                      "-1",
                                      "+1",
                                      "1e3",
                                      "1.005",
                                      "1.001",
                                      "1,000",
                                      " 1",
                                      "1 ",
                                      "0x10",
                                      "1.2.3",
                                      "nan",
                                      "inf",
                                      "1.-1",
                                      "1.+1",
                                      "10000000000000.01",
                                      "99999999999999999999999999"}) {
    const Result<Money> money = Money::parse_rupees(text);
    ASSERT_FALSE(money) << text;
    EXPECT_EQ(money.error().code, Code::amount_invalid) << text;
  }
}

TEST(Money, PaiseAreReadAsDigitsAlone) {
  EXPECT_EQ(Money::parse_paise("1000")->paise(), 1000);
  EXPECT_EQ(Money::parse_paise("0")->paise(), 0);
  for (const std::string_view text :
       {"", "1.0", "-1", "+1", "1e3", " 1", "1000000000000001", "18446744073709551617"}) {
    EXPECT_FALSE(Money::parse_paise(text)) << text;
  }
}

TEST(Money, ItIsNeverNegativeNorAboveItsLimit) {
  EXPECT_TRUE(Money::from_paise(0));
  EXPECT_TRUE(Money::from_paise(Money::kMaxPaise));
  EXPECT_EQ(Money::from_paise(-1).error().code, Code::amount_invalid);
  EXPECT_EQ(Money::from_paise(Money::kMaxPaise + 1).error().code, Code::amount_invalid);
}

TEST(Money, AddingAndSubtractingRefuseWhatIsOutOfRange) {
  const Money most = *Money::from_paise(Money::kMaxPaise);
  EXPECT_EQ(add(150_paise, 50_paise)->paise(), 200);
  EXPECT_EQ(subtract(150_paise, 50_paise)->paise(), 100);
  EXPECT_TRUE(subtract(150_paise, 150_paise)->is_zero());
  EXPECT_FALSE(add(most, 1_paise));
  EXPECT_FALSE(subtract(1_paise, 2_paise));
}

TEST(Money, RupeesAreWrittenWithTwoDecimals) {
  EXPECT_EQ(rupees_text(0_paise), "0.00");
  EXPECT_EQ(rupees_text(5_paise), "0.05");
  EXPECT_EQ(rupees_text(12'050_paise), "120.50");
}

TEST(Money, PeopleReadIndianGrouping) {
  EXPECT_EQ(rupees_for_people(0_paise), "0");
  EXPECT_EQ(rupees_for_people(99'900_paise), "999");
  EXPECT_EQ(rupees_for_people(100'000_paise), "1,000");
  EXPECT_EQ(rupees_for_people(9'999'900_paise), "99,999");
  EXPECT_EQ(rupees_for_people(10'000'000_paise), "1,00,000");
  EXPECT_EQ(rupees_for_people(12'345'650_paise), "1,23,456.50");
  EXPECT_EQ(rupees_for_people(1'234'567'89_paise), "12,34,567.89");
}

TEST(Money, WhatIsWrittenIsReadBackAndSumsAreExact) {
  const std::uint64_t seed = test_seed();
  SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
  ToyRandom random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const auto a = static_cast<std::int64_t>(random.next() >> (14 + random.below(50)));
    const auto b = static_cast<std::int64_t>(random.next() >> (14 + random.below(50)));
    const Result<Money> first = Money::from_paise(a);
    const Result<Money> second = Money::from_paise(b);
    ASSERT_EQ(static_cast<bool>(first), a <= Money::kMaxPaise);
    if (!first || !second) continue;
    ASSERT_EQ(parsed(rupees_text(*first)), a);
    ASSERT_EQ(Money::parse_paise(std::to_string(a))->paise(), a);
    const Result<Money> sum = add(*first, *second);
    ASSERT_EQ(static_cast<bool>(sum), a + b <= Money::kMaxPaise);
    if (sum) {
      ASSERT_EQ(*subtract(*sum, *second), *first);
    }
    ASSERT_EQ(static_cast<bool>(subtract(*first, *second)), a >= b);
    ASSERT_EQ(*first < *second, a < b);
  }
}

}  // namespace
}  // namespace disburse::core
