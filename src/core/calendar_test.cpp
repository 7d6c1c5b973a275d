#include "core/calendar.hpp"

#include <gtest/gtest.h>

#include "core/keys_fixture.hpp"

namespace disburse::core {
namespace {

std::string utc(std::int64_t seconds) { return rfc3339(Instant::from_seconds(seconds)); }

TEST(Calendar, KnownInstantsHaveKnownDates) {
  EXPECT_EQ(utc(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(utc(951'782'400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(utc(951'868'800), "2000-03-01T00:00:00Z");
  EXPECT_EQ(utc(1'000'000'000), "2001-09-09T01:46:40Z");
  EXPECT_EQ(utc(1'705'293'000), "2024-01-15T04:30:00Z");
  EXPECT_EQ(utc(1'709'164'800), "2024-02-29T00:00:00Z");
  EXPECT_EQ(utc(2'147'483'647), "2038-01-19T03:14:07Z");
  EXPECT_EQ(utc(4'107'542'400), "2100-03-01T00:00:00Z");
  EXPECT_EQ(utc(253'402'300'799), "9999-12-31T23:59:59Z");
}

TEST(Calendar, IndiaIsFiveAndAHalfHoursAhead) {
  const Instant at = Instant::from_seconds(1'705'293'000);
  EXPECT_EQ(format_time(at, kIndia, "%Y-%m-%d %H:%M:%S"), "2024-01-15 10:00:00");
  const Instant new_year = *instant({2024, 1, 1, 0, 0, 0, 0}, kIndia);
  EXPECT_EQ(rfc3339(new_year), "2023-12-31T18:30:00Z");
}

TEST(Calendar, EveryLetterIsWritten) {
  const Instant at = *instant({2024, 2, 9, 0, 5, 7, 42}, kUtc);
  EXPECT_EQ(format_time(at, kUtc, "%Y %m %d %H %M %S %L"), "2024 02 09 00 05 07 042");
  EXPECT_EQ(format_time(at, kUtc, "%y %b %B %I %p %%"), "24 Feb February 12 AM %");
  EXPECT_EQ(format_time(at + 12h, kUtc, "%I:%M %p"), "12:05 PM");
  EXPECT_EQ(format_time(at + 13h, kUtc, "%I %p %"), "01 PM %");
}

TEST(Calendar, WhatIsNoDateIsRefused) {
  const Civil bad[] = {
      {2023, 2, 29, 0, 0, 0, 0}, {2024, 2, 30, 0, 0, 0, 0}, {2100, 2, 29, 0, 0, 0, 0},
      {2024, 13, 1, 0, 0, 0, 0}, {2024, 0, 1, 0, 0, 0, 0},  {2024, 4, 31, 0, 0, 0, 0},
      {2024, 1, 0, 0, 0, 0, 0},  {2024, 1, 1, 24, 0, 0, 0}, {2024, 1, 1, 0, 60, 0, 0},
      {2024, 1, 1, 0, 0, 60, 0}, {1969, 1, 1, 0, 0, 0, 0},  {10'000, 1, 1, 0, 0, 0, 0},
      {2024, 1, 1, -1, 0, 0, 0}, {2024, 1, 1, 0, -1, 0, 0}, {2024, 1, 1, 0, 0, -1, 0}};
  for (const Civil& c : bad) {
    EXPECT_FALSE(instant(c, kUtc)) << c.year << "-" << c.month << "-" << c.day << " " << c.hour;
  }
  EXPECT_TRUE(instant({2000, 2, 29, 23, 59, 59, 999}, kUtc));
  EXPECT_TRUE(instant({2400, 2, 29, 0, 0, 0, 0}, kUtc));
}

TEST(Calendar, EveryInstantComesBackFromItsDate) {
  ToyRandom random(test_seed());
  SCOPED_TRACE("TEST_SEED=" + std::to_string(test_seed()));
  constexpr std::uint64_t kEndMs = 253'402'214'400'000;  // 9999-12-31
  for (int i = 0; i < 50'000; ++i) {
    const Instant at = Instant::from_ms(static_cast<std::int64_t>(random.below(kEndMs)));
    const Duration offset = i % 2 == 0 ? kUtc : kIndia;
    ASSERT_EQ(instant(civil(at, offset), offset), at) << at.ms();
    constexpr std::string_view kAll = "%Y-%m-%dT%H:%M:%S.%L";
    ASSERT_EQ(parse_time(format_time(at, offset, kAll), offset, kAll), at) << at.ms();
  }
}

TEST(Calendar, DaysFollowEachOther) {
  Instant day = *instant({1999, 12, 31, 12, 0, 0, 0}, kUtc);
  Civil before = civil(day, kUtc);
  for (int i = 0; i < 366 * 110; ++i) {
    day = day + 24h;
    const Civil now = civil(day, kUtc);
    const bool next_day = now.day == before.day + 1 && now.month == before.month;
    const bool next_month =
        now.day == 1 && (now.month == before.month + 1 || (now.month == 1 && before.month == 12));
    ASSERT_TRUE(next_day || next_month) << rfc3339(day);
    before = now;
  }
}

TEST(Calendar, TheWholeTextMustMatchThePattern) {
  constexpr std::string_view kPattern = "%Y-%m-%d %H:%M:%S";
  EXPECT_EQ(parse_time("2024-01-15 10:00:00", kIndia, kPattern),
            Instant::from_seconds(1'705'293'000));
  for (const std::string_view text :
       {"", "2024-01-15", "2024-01-15 10:00:00 ", " 2024-01-15 10:00:00", "2024-1-15 10:00:00",
        "2024/01/15 10:00:00", "2024-01-15T10:00:00", "2024-02-30 10:00:00", "24-01-15 10:00:00",
        "2024-01-15 10:00", "2024-01-15 1a:00:00", "2024-01-15 +1:00:00"}) {
    EXPECT_FALSE(parse_time(text, kIndia, kPattern)) << text;
  }
}

TEST(Rfc3339, OffsetsAndFractionsAreRead) {
  const Instant at = Instant::from_seconds(1'705'293'000);
  EXPECT_EQ(parse_rfc3339("2024-01-15T04:30:00Z"), at);
  EXPECT_EQ(parse_rfc3339("2024-01-15T04:30:00z"), at);
  EXPECT_EQ(parse_rfc3339("2024-01-15T10:00:00+05:30"), at);
  EXPECT_EQ(parse_rfc3339("2024-01-14T23:30:00-05:00"), at);
  EXPECT_EQ(parse_rfc3339("2024-01-15T04:30:00.123Z"), at + 123ms);
  EXPECT_EQ(parse_rfc3339("2024-01-15T04:30:00.5Z"), at + 500ms);
  EXPECT_EQ(parse_rfc3339("2024-01-15T04:30:00.123999999999Z"), at + 123ms);
}

TEST(Rfc3339, AnythingElseIsRefused) {
  for (const std::string_view text :
       {"", "2024-01-15", "2024-01-15T04:30:00", "2024-01-15T04:30:00.Z", "2024-01-15 04:30:00Z",
        "2024-01-15T04:30Z", "2024-01-15T04:30:00+0530", "2024-01-15T04:30:00+05",
        "2024-01-15T04:30:00+15:00", "2024-01-15T04:30:00+05:60", "2024-01-15T04:30:00ZZ",
        "2024-13-15T04:30:00Z", "2024-01-15T04:30:00+-5:30"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Instants, SecondsAreRoundedDown) {
  EXPECT_EQ(Instant::from_ms(1'999).seconds(), 1);
  EXPECT_EQ(Instant::from_ms(-1).seconds(), -1);
  EXPECT_EQ(Instant::from_ms(-1'000).seconds(), -1);
  EXPECT_EQ(Instant::from_ms(-1'001).seconds(), -2);
}

TEST(Calendar, DaysBeforeTheYearZeroCountBackToo) {
  const Civil last = civil(Instant::from_seconds(-62'167'219'200) - 24h, kUtc);
  EXPECT_EQ(last.year, -1);
  EXPECT_EQ(last.month, 12);
  EXPECT_EQ(last.day, 31);
}

TEST(Calendar, APercentSignAtTheEndOfAPatternIsItself) {
  EXPECT_EQ(parse_time("2024-01-15%", kUtc, "%Y-%m-%d%"),
            *instant({2024, 1, 15, 0, 0, 0, 0}, kUtc));
  EXPECT_FALSE(parse_time("2024-01-15", kUtc, "%Y-%m-%d%"));
}

TEST(Rfc3339, EveryCharacterOfAnOffsetIsLookedAt) {
  for (const std::string_view zone : {".5", ".5x", ".5*05:30", ".x", "+05.30", "*05:30", "+0x:30",
                                      "+05:3x", "+05:30:", "+14:60", "+99:00"}) {
    EXPECT_FALSE(parse_rfc3339("2024-01-15T04:30:00" + std::string(zone))) << zone;
  }
}

}  // namespace
}  // namespace disburse::core
