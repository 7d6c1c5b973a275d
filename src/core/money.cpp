// Money in whole paise: reading, adding, writing.
#include "core/money.hpp"

#include <algorithm>

namespace disburse::core {
namespace {

constexpr std::int64_t kPaisePerRupee = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// Plain digits up to kMaxPaise; -1 above it.
std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) {
    value = value * 10 + (c - '0');
    if (value > Money::kMaxPaise) return -1;
  }
  return value;
}

std::string two_digits(std::int64_t value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

}  // namespace

Result<Money> Money::from_paise(std::int64_t paise) {
  if (paise < 0 || paise > kMaxPaise) return fail(Code::amount_invalid, "amount");
  return Money(paise);
}

Result<Money> Money::parse_rupees(std::string_view digits) {
  const std::size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  std::string_view part = point == std::string_view::npos ? "" : digits.substr(point + 1);
  if (!all_digits(whole)) return fail(Code::amount_invalid, "amount");
  if (point != std::string_view::npos && !all_digits(part))
    return fail(Code::amount_invalid, "amount");
  // "1.500" is whole paise and "1.505" is not: zeros beyond the second place change nothing.
  while (part.size() > 2 && part.back() == '0') part.remove_suffix(1);
  if (part.size() > 2) return fail(Code::amount_invalid, "amount");

  const std::int64_t rupees = number(whole);
  if (rupees < 0) return fail(Code::amount_invalid, "amount");
  std::int64_t paise = 0;
  if (!part.empty()) paise = part.size() == 1 ? (part[0] - '0') * 10 : number(part);
  if (rupees > (kMaxPaise - paise) / kPaisePerRupee) return fail(Code::amount_invalid, "amount");
  return Money(rupees * kPaisePerRupee + paise);
}

Result<Money> Money::parse_paise(std::string_view digits) {
  if (!all_digits(digits)) return fail(Code::amount_invalid, "amount");
  return from_paise(number(digits));
}

Result<Money> add(Money a, Money b) { return Money::from_paise(a.paise_ + b.paise_); }

Result<Money> subtract(Money a, Money b) { return Money::from_paise(a.paise_ - b.paise_); }

std::string rupees_text(Money money) {
  return std::to_string(money.paise() / kPaisePerRupee) + "." +
         two_digits(money.paise() % kPaisePerRupee);
}

std::string rupees_for_people(Money money) {
  // Indian grouping: the last three digits, then pairs: 12,34,567.
  std::string grouped = std::to_string(money.paise() / kPaisePerRupee);
  std::size_t step = 3;
  for (std::size_t at = grouped.size(); at > step;) {
    at -= step;
    grouped.insert(at, ",");
    step = 2;
  }
  const std::int64_t part = money.paise() % kPaisePerRupee;
  return part == 0 ? grouped : grouped + "." + two_digits(part);
}

}  // namespace disburse::core
