// A value that must not be seen: an OTP, an account number, a key, a token. It has no << and no
// format, and is read only through expose(), which is easy to search for.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace disburse::core {

template <class T>
class Secret {
 public:
  Secret() = default;
  explicit Secret(T value) : value_(std::move(value)) {}

  const T& expose() const { return value_; }
  bool empty() const requires requires(const T& t) { t.empty(); }
  { return value_.empty(); }

  // For maps and tests; where an attacker could measure it, use sys/crypto.hpp constant_time_equal.
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  T value_;
};

using SecretText = Secret<std::string>;

// "*******999": as many stars as InstantPay and our own page show, and the last `shown` characters.
// Shorter texts are all stars.
std::string masked(std::string_view text, std::size_t shown = 3);
// "ra****@example.com"
std::string masked_email(std::string_view email);

}  // namespace disburse::core
