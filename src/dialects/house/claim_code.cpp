// Opening the two shapes of claim code.
#include "dialects/house/claim_code.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "wire/base64.hpp"

namespace disburse::dialects::house {
namespace {

constexpr std::size_t kShortCode = 22;
constexpr std::size_t kLongCode = 64;

std::optional<core::Claim> open_long(const core::PublicIds& ids, std::string_view code) {
  std::string text(code);
  // A "+" that was not percent-encoded is read as a blank by everything that decodes forms.
  std::replace(text.begin(), text.end(), ' ', '+');
  const core::Result<std::string> bytes = wire::base64_decode(text);
  std::array<std::uint8_t, 48> sealed{};
  if (!bytes || bytes->size() != sealed.size()) return std::nullopt;

  std::transform(bytes->begin(), bytes->end(), sealed.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return ids.open384(core::IdKind::link, sealed);
}

}  // namespace

core::Result<core::Claim> open_code(const core::PublicIds& ids, std::string_view code) {
  std::optional<core::Claim> claim;
  if (code.size() == kShortCode) claim = core::parse_claim_code(ids, code);
  if (code.size() == kLongCode) claim = open_long(ids, code);
  if (!claim) return core::fail(core::Code::link_not_found);
  return *claim;
}

std::string page_path(const core::PublicIds& ids, const core::Claim& claim) {
  return "/c/" + core::claim_code(ids, claim);
}

}  // namespace disburse::dialects::house
