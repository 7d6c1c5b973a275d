// Dates for wire formats: an Instant as year, month, day … in a fixed offset from UTC, and back.
// Proleptic Gregorian.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace disburse::core {

inline constexpr Duration kUtc{0};
inline constexpr Duration kIndia = 5h + 30min;  // IST, no daylight saving time

struct Civil {
  int year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  int hour = 0;
  int minute = 0;
  int second = 0;
  int millisecond = 0;
};

Civil civil(Instant at, Duration offset);
// none when there is no such date or time: month 13, 30 February, hour 24. Years 1970 to 9999.
std::optional<Instant> instant(const Civil& civil, Duration offset);

// strftime's %Y %m %d %H %M %S %y %b %B %I %p, and %L for three digits of milliseconds. English
// names.
std::string format_time(Instant at, Duration offset, std::string_view pattern);
// Reads what format_time writes (%Y %m %d %H %M %S %L only); the whole text must match. none
// otherwise.
std::optional<Instant> parse_time(std::string_view text, Duration offset, std::string_view pattern);
// "2024-01-15T10:00:00Z", "2024-01-15T10:00:00.123+05:30".
std::optional<Instant> parse_rfc3339(std::string_view text);
std::string rfc3339(Instant at);  // UTC, whole seconds: "2024-01-15T04:30:00Z"

}  // namespace disburse::core
