// Dates: every pattern that a dialect reads, against the standard library's calendar, and back.
#include <chrono>
#include <optional>
#include <string>

#include "core/calendar.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"

namespace disburse::fuzz {
namespace {

using core::Civil;
using core::Duration;
using core::Instant;

constexpr std::string_view kPatterns[] = {
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S.%L",
    "%y%m%d%H%M%S",      "%Y-%m-%d",          "%d-%m-%Y",          "%%Y%m",
};

// The same moment by the standard library; none where it says that there is no such date.
std::optional<Instant> by_chrono(const Civil& c, Duration offset) {
  using namespace std::chrono;
  if (c.year < 1970 || c.year > 9999 || c.month < 1 || c.day < 1) return std::nullopt;
  const year_month_day date(year(c.year), month(static_cast<unsigned>(c.month)),
                            day(static_cast<unsigned>(c.day)));
  const bool on_clock = c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 &&
                        c.second >= 0 && c.second < 60;
  if (!date.ok() || !on_clock) return std::nullopt;
  const auto at = sys_days(date) + hours(c.hour) + minutes(c.minute) + seconds(c.second) +
                  milliseconds(c.millisecond);
  return Instant::from_ms(duration_cast<milliseconds>(at.time_since_epoch()).count()) - offset;
}

bool same(const Civil& a, const Civil& b) {
  return a.year == b.year && a.month == b.month && a.day == b.day && a.hour == b.hour &&
         a.minute == b.minute && a.second == b.second && a.millisecond == b.millisecond;
}

void check_civil(Choices& choices) {
  Civil c;
  c.year = static_cast<int>(choices.number() % 12'000);
  c.month = static_cast<int>(choices.below(15)) - 1;
  c.day = static_cast<int>(choices.below(35)) - 1;
  c.hour = static_cast<int>(choices.below(27)) - 1;
  c.minute = static_cast<int>(choices.below(63)) - 1;
  c.second = static_cast<int>(choices.below(63)) - 1;
  c.millisecond = static_cast<int>(choices.number() % 1000);
  const Duration offset = choices.below(2) == 0 ? core::kUtc : core::kIndia;
  const auto at = core::instant(c, offset);
  require(at == by_chrono(c, offset), "two calendars agree about a date");
  if (at) require(same(core::civil(*at, offset), c), "a date comes back from its moment");
}

void check_pattern(std::string_view text, std::string_view pattern, Duration offset) {
  const auto at = core::parse_time(text, offset, pattern);
  if (!at) return;
  const bool readable =
      pattern.find("%y") == std::string_view::npos && pattern.find("%%") == std::string_view::npos;
  if (!readable) return;
  require(core::format_time(*at, offset, pattern) == text, "a time is written as it was read",
          text);
}

void check_rfc3339(std::string_view text) {
  const auto at = core::parse_rfc3339(text);
  if (!at) return;
  require(text.size() >= 20, "a time has all its digits", text);
  const std::string written = core::rfc3339(*at);
  // An offset may take it out of the years that are written with four digits.
  const int year = core::civil(*at, core::kUtc).year;
  if (year < 1970 || year > 9999) return;
  const auto again = core::parse_rfc3339(written);
  require(again && again->seconds() == at->seconds(), "a time written is the same second", written);
}

}  // namespace

void fuzz_dates(std::string_view input) {
  Choices choices(input);
  const std::uint32_t pattern = choices.below(std::size(kPatterns) + 1);
  if (pattern == std::size(kPatterns)) return check_civil(choices);
  const std::string_view text = choices.rest();
  check_pattern(text, kPatterns[pattern], pattern % 2 == 0 ? core::kIndia : core::kUtc);
  check_rfc3339(text);
}

}  // namespace disburse::fuzz
