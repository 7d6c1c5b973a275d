// One-time passwords, made from a keyed hash.
#include "core/otp.hpp"

#include <charconv>
#include <string>

namespace disburse::core {
namespace {

constexpr std::size_t kMacDigits = 40;  // 160 bits

std::string hex(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t at = 16; at-- > 0; value >>= 4) text[at] = kDigits[value & 15];
  return text;
}

std::string mac(const KeyedHash& hash, std::string_view bytes) {
  const KeyedHash::Hash sum = hash(bytes);
  std::string text;
  for (std::size_t i = 0; i < kMacDigits / 2; i += 4) {
    std::uint64_t word = 0;
    for (std::size_t j = 0; j < 4; ++j) word = (word << 8) | sum[i + j];
    text += hex(word).substr(8);
  }
  return text;
}

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

SecretText otp_digits(const KeyedHash& hash, LinkId link, std::uint64_t nonce) {
  const KeyedHash::Hash sum = hash("otp|" + hex(link.value) + hex(nonce));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = (number << 8) | sum[i];
  // 2^64 is so much more than 10^6 that no digit is favoured.
  std::string digits = std::to_string(number % 1'000'000);
  digits.insert(0, static_cast<std::size_t>(limits::kOtpDigits) - digits.size(), '0');
  return SecretText(std::move(digits));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |=
        static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(other));
  }
  return difference == 0;
}

SecretText claim_token(const KeyedHash& hash, LinkId link, std::uint64_t nonce,
                       Instant expires_at) {
  const std::string head = hex(nonce) + hex(static_cast<std::uint64_t>(expires_at.ms()));
  return SecretText(head + mac(hash, "claim|" + hex(link.value) + head));
}

bool is_claim_token(const KeyedHash& hash, const Link& link, const SecretText& token, Instant now) {
  const std::string& text = token.expose();
  if (text.size() != 32 + kMacDigits) return false;
  const std::string_view head = std::string_view(text).substr(0, 32);
  const std::optional<std::uint64_t> nonce = parse_hex(head.substr(0, 16));
  const std::optional<std::uint64_t> expires = parse_hex(head.substr(16));
  if (!nonce || !expires) return false;
  const std::string expected = mac(hash, "claim|" + hex(link.id.value) + std::string(head));
  if (!equal_in_constant_time(expected, std::string_view(text).substr(32))) return false;
  return *nonce != 0 && *nonce == link.otp.proven &&
         now < Instant::from_ms(static_cast<std::int64_t>(*expires));
}

}  // namespace disburse::core
