#include "dialects/instantpay/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/calendar.hpp"
#include "core/limits.hpp"
#include "dialects/instantpay/errors.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Code;
using core::fail;
using core::LinkState;
using core::Money;
using core::PayMethod;
using core::Result;

constexpr std::string_view kTimePattern = "%Y-%m-%d %H:%M:%S";

constexpr LinkState kIssued[] = {LinkState::pending, LinkState::scheduled, LinkState::issued};
constexpr LinkState kProcessing[] = {LinkState::processing};
constexpr LinkState kClaimed[] = {LinkState::processed};
constexpr LinkState kCancelled[] = {LinkState::cancelled, LinkState::rejected};
constexpr LinkState kExpired[] = {LinkState::expired};

struct StatusWord {
  std::string_view word;
  std::span<const LinkState> states;
};
constexpr StatusWord kStatusWords[] = {{"ISSUED", kIssued},
                                       {"PROCESSING", kProcessing},
                                       {"CLAIMED", kClaimed},
                                       {"CANCELLED", kCancelled},
                                       {"EXPIRED", kExpired}};

// "Comission": sic, the provider spells it so.
constexpr std::string_view kPurposes[] = {"Refund",    "Cashback", "Comission",
                                          "Incentive", "Payout",   "Greeting"};

struct ModeWord {
  std::string_view word;
  PayMethod method;
};
constexpr ModeWord kModeWords[] = {{"ACCOUNT", PayMethod::bank},
                                   {"VPA", PayMethod::upi},
                                   {"AMAZON", PayMethod::wallet},
                                   {"CREDITCARD", PayMethod::card},
                                   {"AMZON", PayMethod::wallet}};

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A decimal number as its digits and where the point stands among them; the point may lie outside.
struct Decimal {
  std::string digits;
  int point = 0;
  bool negative = false;

  // The digit `place` steps right of the point; -1 is the ones.
  int digit(int place) const {
    const int at = point + place;
    return at < 0 || at >= static_cast<int>(digits.size())
               ? 0
               : digits[static_cast<std::size_t>(at)] - '0';
  }
};

// Exponents of more than two digits are refused: no amount needs them.
std::optional<int> parse_exponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 2 || !all_digits(text)) return std::nullopt;
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return negative ? -value : value;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal number;
  number.negative = text.starts_with('-');
  if (number.negative) text.remove_prefix(1);
  int exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    const std::optional<int> parsed = parse_exponent(text.substr(e + 1));
    if (!parsed) return std::nullopt;
    exponent = *parsed;
    text = text.substr(0, e);
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point < text.size() ? text.substr(point + 1) : "";
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (!all_digits(whole) || !all_digits(fraction)) return std::nullopt;
  number.digits = std::string(whole) + std::string(fraction);
  number.point = static_cast<int>(whole.size()) + exponent;
  return number;
}

// Longest text looked at: an amount has at most 13 digits before the point.
constexpr std::size_t kLongestAmount = 64;
// Places left of the point that a sum within Money's bounds can have, with room to spare.
constexpr int kWholePlaces = 14;

bool is_beyond(const Decimal& number) {
  const int above = std::min(number.point - kWholePlaces, static_cast<int>(number.digits.size()));
  for (int i = 0; i < above; ++i) {
    if (number.digits[static_cast<std::size_t>(i)] != '0') return true;
  }
  return false;
}

}  // namespace

std::string_view status_of(LinkState state) {
  for (const StatusWord& row : kStatusWords) {
    if (std::find(row.states.begin(), row.states.end(), state) != row.states.end()) return row.word;
  }
  return "ISSUED";  // LinkState::none: no stored link has it
}

std::span<const LinkState> states_of(std::string_view status) {
  for (const StatusWord& row : kStatusWords) {
    if (row.word == status) return row.states;
  }
  return {};
}

std::optional<std::string> parse_purpose(std::string_view purpose) {
  if (std::find(std::begin(kPurposes), std::end(kPurposes), purpose) == std::end(kPurposes)) {
    return std::nullopt;
  }
  std::string stored(purpose);
  stored[0] =
      static_cast<char>(stored[0] - 'A' + 'a');  // each word of the list begins with a capital
  return stored;
}

std::optional<PayMethod> parse_mode(std::string_view mode) {
  for (const ModeWord& row : kModeWords) {
    if (row.word == mode) return row.method;
  }
  return std::nullopt;
}

std::string_view mode_of(PayMethod method) {
  for (const ModeWord& row : kModeWords) {
    if (row.method == method) return row.word;
  }
  return "ACCOUNT";  // not reached: every method has a row
}

Result<Money> parse_amount(std::string_view text) {
  text = trimmed(text);
  if (text.size() > kLongestAmount) return fail(Code::amount_too_large, field::kAmount);
  const std::optional<Decimal> number = parse_decimal(text);
  if (!number) return fail(Code::field_invalid, field::kAmount);
  if (number->negative) return fail(Code::amount_invalid, field::kAmount);
  if (is_beyond(*number)) return fail(Code::amount_too_large, field::kAmount);

  std::int64_t paise = 0;
  for (int place = -kWholePlaces; place < 2; ++place) paise = paise * 10 + number->digit(place);
  if (number->digit(2) >= 5) ++paise;
  if (paise == 0) return fail(Code::amount_invalid, field::kAmount);
  if (paise > core::limits::kLargestLinkPaise) return fail(Code::amount_too_large, field::kAmount);
  return Money::from_paise(paise);
}

std::string amount_number(Money amount) {
  std::string text = core::rupees_text(amount);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::optional<core::Instant> parse_time(std::string_view text) {
  return core::parse_time(text, core::kIndia, kTimePattern);
}

std::string time_text(core::Instant at) {
  return core::format_time(at, core::kIndia, kTimePattern);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace disburse::dialects::instantpay
