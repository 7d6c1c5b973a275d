// Amounts: rupees and paise as text against arithmetic on digits, and back.
#include <algorithm>
#include <string>

#include "core/money.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"

namespace disburse::fuzz {
namespace {

using core::Money;

bool digits_only(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string without_zeros_before(std::string text) {
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  return text;
}

// The paise that the text says, as digits without zeros before; "-" when it says none. By shifting
// the point and comparing texts: nothing is computed.
std::string paise_of_rupees(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string part(point == std::string_view::npos ? "" : text.substr(point + 1));
  if (!digits_only(whole) || (point != std::string_view::npos && !digits_only(part))) return "-";
  while (part.size() < 2) part += '0';
  if (part.find_first_not_of('0', 2) != std::string::npos) return "-";
  return without_zeros_before(std::string(whole) + part.substr(0, 2));
}

bool is_too_much(const std::string& digits) {
  const std::string most = std::to_string(Money::kMaxPaise);
  return digits.size() > most.size() || (digits.size() == most.size() && digits > most);
}

std::string digits_of(const core::Result<Money>& money) {
  return money ? without_zeros_before(std::to_string(money->paise())) : "-";
}

std::string expected(const std::string& digits) { return is_too_much(digits) ? "-" : digits; }

void check_writing(Money money) {
  const auto again = Money::parse_rupees(core::rupees_text(money));
  require(again && *again == money, "rupees written are read as the same sum");
  std::string people = core::rupees_for_people(money);
  std::erase(people, ',');
  const auto by_people = Money::parse_rupees(people);
  require(by_people && *by_people == money, "rupees for people are the same sum", people);
}

void check_arithmetic(Money a, Money b) {
  const auto sum = add(a, b);
  require(sum.has_value() == (a.paise() + b.paise() <= Money::kMaxPaise), "a sum has one limit");
  if (sum) {
    const auto back = subtract(*sum, b);
    require(back && *back == a, "what was added can be taken away");
  }
  require(subtract(a, b).has_value() == (a >= b), "no difference is below zero");
}

}  // namespace

void fuzz_money(std::string_view input) {
  Choices choices(input);
  const std::string_view first = choices.text();
  const std::string_view second = choices.text();
  const auto rupees = Money::parse_rupees(first);
  require(digits_of(rupees) == expected(paise_of_rupees(first)), "rupees are what the digits say",
          first);
  const auto paise = Money::parse_paise(first);
  const std::string plain = digits_only(first) ? without_zeros_before(std::string(first)) : "-";
  require(digits_of(paise) == expected(plain), "paise are what the digits say", first);
  if (rupees) check_writing(*rupees);
  if (paise) check_writing(*paise);
  const auto other = Money::parse_paise(second);
  if (rupees && other) check_arithmetic(*rupees, *other);
}

}  // namespace disburse::fuzz
