// Money is whole paise, never negative: direction is which ledger account is debited.
// There is no operator+, because it could not refuse.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace disburse::core {

class Money {
 public:
  // The largest sum that one Money holds: a million crore rupees. Sums far below the limits of
  // int64, so that adding balances cannot wrap.
  static constexpr std::int64_t kMaxPaise = 1'000'000'000'000'000;

  constexpr Money() = default;
  // amount_invalid when negative or above kMaxPaise.
  static Result<Money> from_paise(std::int64_t paise);
  // Decimal rupees without sign or exponent: "1", "1.5", "1.50". "1.005" is refused: it is not
  // whole paise.
  static Result<Money> parse_rupees(std::string_view digits);
  // Whole paise in digits: "1000". No sign, point or exponent.
  static Result<Money> parse_paise(std::string_view digits);

  constexpr std::int64_t paise() const { return paise_; }
  constexpr bool is_zero() const { return paise_ == 0; }

  friend Result<Money> add(Money a, Money b);
  // amount_invalid when b is more than a.
  friend Result<Money> subtract(Money a, Money b);
  friend constexpr auto operator<=>(Money, Money) = default;

 private:
  friend consteval Money operator""_paise(unsigned long long paise);
  constexpr explicit Money(std::int64_t paise) : paise_(paise) {}
  std::int64_t paise_ = 0;
};

consteval Money operator""_paise(unsigned long long paise) {
  return Money(static_cast<std::int64_t>(paise));
}

// "120.50": always two decimals, no separators.
std::string rupees_text(Money money);
// "1,23,456.50": Indian grouping, for people.
std::string rupees_for_people(Money money);

}  // namespace disburse::core
