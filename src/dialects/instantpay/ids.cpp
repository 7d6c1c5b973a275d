#include "dialects/instantpay/ids.hpp"

#include <algorithm>

#include "core/calendar.hpp"
#include "wire/hex.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::IdKind;
using core::MerchantId;
using core::PublicIds;
using Sealed96 = std::array<std::uint8_t, 12>;

constexpr std::size_t kLinkIdLength = 24;
constexpr std::size_t kTimeBytes = 4;  // at the front of Sealed96
constexpr std::size_t kOrderLetters = 5;

std::string five_capitals(const Sealed96& sealed) {
  std::uint64_t bits = 0;
  for (std::size_t i = kTimeBytes; i < sealed.size(); ++i) bits = (bits << 8) | sealed[i];
  std::string letters;
  for (std::size_t i = 0; i < kOrderLetters; ++i) {
    letters += static_cast<char>('A' + bits % 26);
    bits /= 26;
  }
  return letters;
}

std::string order_id(const PublicIds& ids, IdKind kind, MerchantId merchant, std::uint64_t id) {
  return "1" + core::format_time(core::made_at(id), core::kUtc, "%y%m%d%H%M%S") +
         five_capitals(ids.seal96(kind, merchant, id));
}

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// SplitMix64's output function (Steele, Lea and Flood 2014): spreads what is random already.
std::uint64_t spread(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

void append_hex(std::string& out, std::uint64_t value, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int i = digits - 1; i >= 0; --i) out += kDigits[(value >> (4 * i)) & 15];
}

void append_alphanumerics(std::string& out, std::uint64_t value, int count) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  for (int i = 0; i < count; ++i) {
    out += kDigits[value % kDigits.size()];
    value /= kDigits.size();
  }
}

}  // namespace

std::string link_id_text(const PublicIds& ids, MerchantId merchant, core::LinkId link) {
  const Sealed96 sealed = ids.seal96(IdKind::link, merchant, link.value);
  return wire::hex_encode({reinterpret_cast<const char*>(sealed.data()), sealed.size()});
}

std::optional<core::LinkId> parse_link_id(const PublicIds& ids, MerchantId merchant,
                                          std::string_view text) {
  if (text.size() != kLinkIdLength || !std::all_of(text.begin(), text.end(), is_lower_hex)) {
    return std::nullopt;
  }
  const core::Result<std::string> bytes = wire::hex_decode(text);
  if (!bytes) return std::nullopt;
  Sealed96 sealed{};
  std::transform(bytes->begin(), bytes->end(), sealed.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  const std::optional<std::uint64_t> id = ids.open96(IdKind::link, merchant, sealed);
  if (!id || *id == 0) return std::nullopt;
  return core::LinkId{*id};
}

std::string link_order_id(const PublicIds& ids, MerchantId merchant, core::LinkId link) {
  return order_id(ids, IdKind::link, merchant, link.value);
}

std::string payout_order_id(const PublicIds& ids, MerchantId merchant, core::PayoutId payout) {
  return order_id(ids, IdKind::payout, merchant, payout.value);
}

std::string verification_order_id(const PublicIds& ids, MerchantId merchant,
                                  core::PayoutId payout) {
  // The check has no id of its own in the core: the payout's, sealed as another kind, is one.
  return order_id(ids, IdKind::event, merchant, payout.value);
}

std::string request_number(const std::array<std::uint64_t, 2>& random) {
  std::string out = "h000";
  append_hex(out, random[0] >> 32, 8);
  out += '-';
  append_hex(out, random[0] >> 16, 4);
  out += "-4";
  append_hex(out, random[0], 3);
  out += '-';
  append_hex(out, 8 | (random[1] >> 62), 1);
  append_hex(out, random[1] >> 48, 3);
  out += '-';
  append_hex(out, random[1], 12);
  out += '-';
  append_alphanumerics(out, spread(random[0]), 6);
  append_alphanumerics(out, spread(random[1]), 6);
  return out;
}

std::string claim_url(std::string_view code, const Context& context) {
  return std::string(context.public_url).append("/l/").append(code);
}

std::string link_url(const core::Link& link, const Context& context) {
  return claim_url(core::claim_code(context.ids, {link.merchant, link.id}), context);
}

std::string qr_url(const core::Link& link, const Context& context) {
  return std::string(context.public_url)
      .append("/payment/payout/link/qr/")
      .append(core::claim_code(context.ids, {link.merchant, link.id}));
}

}  // namespace disburse::dialects::instantpay
