// Civil time by the algorithms of days since 1970 in 400-year eras.
#include "core/calendar.hpp"

#include <array>

namespace disburse::core {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::int64_t kMsPerDay = 86'400'000;

// From 1970 on: the year is not below zero.
std::int64_t days_from_civil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = y / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int64_t>(era) * 146'097 + day_of_era - 719'468;
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

void append_number(std::string& out, int value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

std::optional<int> take_number(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

// The field of Civil that a pattern letter reads, and its width; nullptr for letters that are only
// written.
int* field_of(Civil& civil, char letter, std::size_t& width) {
  width = 2;
  switch (letter) {
    case 'Y':
      width = 4;
      return &civil.year;
    case 'm':
      return &civil.month;
    case 'd':
      return &civil.day;
    case 'H':
      return &civil.hour;
    case 'M':
      return &civil.minute;
    case 'S':
      return &civil.second;
    case 'L':
      width = 3;
      return &civil.millisecond;
    default:
      return nullptr;
  }
}

}  // namespace

Civil civil(Instant at, Duration offset) {
  const std::int64_t ms = (at + offset).ms();
  std::int64_t days = ms / kMsPerDay;
  std::int64_t rest = ms % kMsPerDay;
  if (rest < 0) {
    rest += kMsPerDay;
    --days;
  }
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = static_cast<int>(days - era * 146'097);
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted = (5 * day_of_year + 2) / 153;
  Civil out;
  out.day = day_of_year - (153 * shifted + 2) / 5 + 1;
  out.month = shifted < 10 ? shifted + 3 : shifted - 9;
  out.year = static_cast<int>(era * 400) + year_of_era + (out.month <= 2 ? 1 : 0);
  out.hour = static_cast<int>(rest / 3'600'000);
  out.minute = static_cast<int>(rest / 60'000 % 60);
  out.second = static_cast<int>(rest / 1000 % 60);
  out.millisecond = static_cast<int>(rest % 1000);
  return out;
}

std::optional<Instant> instant(const Civil& c, Duration offset) {
  if (c.year < 1970 || c.year > 9999 || c.month < 1 || c.month > 12) return std::nullopt;
  if (c.day < 1 || c.day > days_in_month(c.year, c.month)) return std::nullopt;
  if (c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59 || c.second < 0 || c.second > 59)
    return std::nullopt;
  const std::int64_t ms = days_from_civil(c.year, c.month, c.day) * kMsPerDay +
                          c.hour * 3'600'000LL + c.minute * 60'000LL + c.second * 1000LL +
                          c.millisecond;
  return Instant::from_ms(ms) - offset;
}

std::string format_time(Instant at, Duration offset, std::string_view pattern) {
  Civil c = civil(at, offset);
  std::string out;
  out.reserve(pattern.size() * 2);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      out += pattern[i];
      continue;
    }
    const char letter = pattern[++i];
    std::size_t width = 2;
    const std::string_view month = kMonths[static_cast<std::size_t>(c.month - 1)];
    if (const int* field = field_of(c, letter, width))
      append_number(out, *field, width);
    else if (letter == 'y')
      append_number(out, c.year % 100, 2);
    else if (letter == 'b')
      out += month.substr(0, 3);
    else if (letter == 'B')
      out += month;
    else if (letter == 'I')
      append_number(out, c.hour % 12 == 0 ? 12 : c.hour % 12, 2);
    else if (letter == 'p')
      out += c.hour < 12 ? "AM" : "PM";
    else
      out += letter;
  }
  return out;
}

std::optional<Instant> parse_time(std::string_view text, Duration offset,
                                  std::string_view pattern) {
  Civil c;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    std::size_t width = 0;
    int* field =
        pattern[i] == '%' && i + 1 < pattern.size() ? field_of(c, pattern[i + 1], width) : nullptr;
    if (field == nullptr) {
      if (text.empty() || text.front() != pattern[i]) return std::nullopt;
      text.remove_prefix(1);
      continue;
    }
    ++i;
    const std::optional<int> value = take_number(text, width);
    if (!value) return std::nullopt;
    *field = *value;
  }
  return text.empty() ? instant(c, offset) : std::nullopt;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  constexpr std::size_t kSeconds = 19;  // "2024-01-15T10:00:00"
  if (text.size() <= kSeconds) return std::nullopt;
  const std::optional<Instant> whole =
      parse_time(text.substr(0, kSeconds), kUtc, "%Y-%m-%dT%H:%M:%S");
  if (!whole) return std::nullopt;
  std::string_view rest = text.substr(kSeconds);
  int ms = 0;
  if (rest.front() == '.') {
    rest.remove_prefix(1);
    int scale = 100;
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9';
         ++digits, scale /= 10) {
      ms += (rest[digits] - '0') * scale;
    }
    if (digits == 0) return std::nullopt;
    rest.remove_prefix(digits);
  }
  const Instant local = *whole + Duration(ms);
  if (rest == "Z" || rest == "z") return local;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
  std::string_view hours = rest.substr(1, 2);
  std::string_view minutes = rest.substr(4, 2);
  const std::optional<int> h = take_number(hours, 2);
  const std::optional<int> m = take_number(minutes, 2);
  if (!h || !m || *h > 14 || *m > 59) return std::nullopt;
  const Duration offset = std::chrono::hours(*h) + std::chrono::minutes(*m);
  return rest[0] == '+' ? local - offset : local + offset;
}

std::string rfc3339(Instant at) { return format_time(at, kUtc, "%Y-%m-%dT%H:%M:%SZ"); }

}  // namespace disburse::core
