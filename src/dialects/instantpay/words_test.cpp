#include "dialects/instantpay/words.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <regex>

#include "core/calendar.hpp"
#include "core/limits.hpp"

namespace disburse::dialects::instantpay {
namespace {

using core::Code;
using core::LinkState;

std::int64_t paise(std::string_view text) {
  const auto amount = parse_amount(text);
  EXPECT_TRUE(amount) << text;
  return amount ? amount->paise() : -1;
}

TEST(Amount, IsRoundedHalfUpToWholePaiseInDecimalText) {
  EXPECT_EQ(paise("120.112"), 12011);  // the provider's own pair
  EXPECT_EQ(paise("120.114"), 12011);
  EXPECT_EQ(paise("120.115"), 12012);
  EXPECT_EQ(paise("120.119"), 12012);
  EXPECT_EQ(paise("1.005"), 101);  // 100 in binary floating point
  EXPECT_EQ(paise("0.005"), 1);
  EXPECT_EQ(paise("99.999"), 10000);
  EXPECT_EQ(paise("120"), 12000);
  EXPECT_EQ(paise("120."), 12000);
  EXPECT_EQ(paise(".5"), 50);
  EXPECT_EQ(paise("  7.5 "), 750);
  EXPECT_EQ(paise("00000000000000000000120.11"), 12011);
}

TEST(Amount, MayHaveTheExponentThatJavaWrites) {
  EXPECT_EQ(paise("1.0E7"), 1'000'000'000);
  EXPECT_EQ(paise("1.2345e2"), 12345);
  EXPECT_EQ(paise("12345e-2"), 12345);
  EXPECT_EQ(paise("5e-3"), 1);
}

TEST(Amount, MustBeAPositiveNumberWithinTheLimit) {
  for (const char* text : {"", " ", "abc", "1,000", "1.2.3", "--1", "0x10", "1e", "1e999", ".", "-",
                           "+1", "1 2", "NaN", "\xc2\xb9"}) {
    const auto amount = parse_amount(text);
    ASSERT_FALSE(amount) << text;
    EXPECT_EQ(amount.error().code, Code::field_invalid) << text;
  }
  for (const char* text : {"0", "0.00", "0.004", "-1", "-0.01", "-0", "0e5"}) {
    const auto amount = parse_amount(text);
    ASSERT_FALSE(amount) << text;
    EXPECT_EQ(amount.error().code, Code::amount_invalid) << text;
  }
  EXPECT_EQ(paise("1000000000"), core::limits::kLargestLinkPaise);
  for (const char* text : {"1000000000.005", "99999999999999", "1e15", "1e99",
                           "100000000000000000000000000000", "9223372036854775807"}) {
    const auto amount = parse_amount(text);
    ASSERT_FALSE(amount) << text;
    EXPECT_EQ(amount.error().code, Code::amount_too_large) << text;
  }
  EXPECT_FALSE(parse_amount(std::string(10'000, '1')));
}

RC_GTEST_PROP(Amount, AnyThousandthsAreRoundedAsIntegersAre, ()) {
  const auto thousandths = *rc::gen::inRange<std::int64_t>(5, core::limits::kLargestLinkPaise * 10);
  std::string fraction = std::to_string(thousandths % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  const std::string text = std::to_string(thousandths / 1000) + "." + fraction;
  RC_ASSERT(parse_amount(text)->paise() == (thousandths + 5) / 10);
}

RC_GTEST_PROP(Amount, PrintedAndReadAgainIsTheSame, ()) {
  const auto value = *rc::gen::inRange<std::int64_t>(1, core::limits::kLargestLinkPaise);
  const core::Money money = *core::Money::from_paise(value);
  const std::string text = amount_number(money);
  RC_ASSERT(parse_amount(text)->paise() == value);
  RC_ASSERT(std::regex_match(text, std::regex(R"(\d+(\.\d?[1-9])?)")));
}

TEST(Amount, IsPrintedAsPhpPrintsANumber) {
  EXPECT_EQ(amount_number(*core::Money::from_paise(12011)), "120.11");
  EXPECT_EQ(amount_number(*core::Money::from_paise(12050)), "120.5");
  EXPECT_EQ(amount_number(*core::Money::from_paise(12000)), "120");
  EXPECT_EQ(amount_number(*core::Money::from_paise(5)), "0.05");
  EXPECT_EQ(amount_number(*core::Money::from_paise(100000)), "1000");
}

TEST(Times, AreInIndianTimeWithoutAZone) {
  const auto at = parse_time("2023-12-14 12:36:44");
  ASSERT_TRUE(at);
  EXPECT_EQ(at->seconds(), 0x657aa984);  // the linkId of the provider's sample
  EXPECT_EQ(time_text(*at), "2023-12-14 12:36:44");
}

TEST(Times, InAnyOtherShapeAreRefused) {
  for (const char* text : {"", "2023-12-14", "2023-12-14T12:36:44", "14-12-2023 12:36:44",
                           "2023-13-01 00:00:00", "2023-02-30 00:00:00", "2023-01-01 24:00:00",
                           "2023-12-14 12:36:44Z", "2023-12-14 12:36", "1702537604"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

RC_GTEST_PROP(Times, AnySecondReadsBackAndHasTheProvidersShape, ()) {
  const auto seconds = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000);
  const std::string text = time_text(core::Instant::from_seconds(seconds));
  RC_ASSERT(std::regex_match(text, std::regex(R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")));
  RC_ASSERT(parse_time(text)->seconds() == seconds);
}

TEST(Words, EveryStateHasOneOutwardStatusThatLeadsBackToIt) {
  for (std::size_t i = 1; i < core::kLinkStateCount; ++i) {
    const auto state = static_cast<LinkState>(i);
    const auto states = states_of(status_of(state));
    EXPECT_EQ(std::count(states.begin(), states.end(), state), 1) << core::name(state);
  }
  EXPECT_EQ(status_of(LinkState::pending), "ISSUED");
  EXPECT_EQ(status_of(LinkState::scheduled), "ISSUED");
  EXPECT_EQ(status_of(LinkState::processed), "CLAIMED");
  EXPECT_EQ(status_of(LinkState::rejected), "CANCELLED");
  EXPECT_TRUE(states_of("issued").empty());
  EXPECT_TRUE(states_of("").empty());
}

TEST(Words, PurposesAreCaseSensitiveAndStoredInLowerCase) {
  for (const char* purpose :
       {"Refund", "Cashback", "Comission", "Incentive", "Payout", "Greeting"}) {
    const auto stored = parse_purpose(purpose);
    ASSERT_TRUE(stored) << purpose;
    EXPECT_TRUE(std::regex_match(*stored, std::regex("[a-z]+"))) << *stored;
  }
  for (const char* purpose : {"refund", "REFUND", "Commission", "Salary", "", "Refund "}) {
    EXPECT_FALSE(parse_purpose(purpose)) << purpose;
  }
}

TEST(Words, AmazonIsKnownInBothSpellingsAndShownInTheRightOne) {
  EXPECT_EQ(parse_mode("AMAZON"), core::PayMethod::wallet);
  EXPECT_EQ(parse_mode("AMZON"), core::PayMethod::wallet);
  EXPECT_EQ(mode_of(core::PayMethod::wallet), "AMAZON");
  EXPECT_FALSE(parse_mode("account"));
  EXPECT_FALSE(parse_mode("PAYTM"));
}

}  // namespace
}  // namespace disburse::dialects::instantpay
