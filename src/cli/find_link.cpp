// Links by any of their names.
#include "cli/find_link.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "wire/base64.hpp"
#include "wire/form.hpp"
#include "wire/hex.hpp"

namespace disburse::cli {
namespace {

constexpr std::size_t kShortId = 14;  // base62 after a prefix and "_"
constexpr std::size_t kHexId = 24;
constexpr std::size_t kLongId = 64;  // base64
constexpr std::size_t kClaimCode = 22;

// The last path segment of a URL, or its "id" parameter; anything else as it is.
std::string name_in(std::string_view text) {
  if (text.find("://") == std::string_view::npos) return std::string(text);
  const std::size_t query = text.find('?');
  if (query != std::string_view::npos) {
    const auto form = wire::Form::parse(text.substr(query + 1));
    if (form && form->has("id")) return std::string(form->get("id"));
    text = text.substr(0, query);
  }
  return std::string(text.substr(text.rfind('/') + 1));
}

template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> bytes_of(const core::Result<std::string>& text) {
  if (!text || text->size() != size) return std::nullopt;
  std::array<std::uint8_t, size> bytes;
  std::copy(text->begin(), text->end(), bytes.begin());
  return bytes;
}

// An id that says whose it is.
std::optional<core::Claim> claim_of(const core::PublicIds& ids, std::string_view name) {
  if (name.size() == kClaimCode) return core::parse_claim_code(ids, name);
  if (name.size() != kLongId) return std::nullopt;
  const auto bytes = bytes_of<48>(wire::base64_decode(name));
  return bytes ? ids.open384(core::IdKind::link, *bytes) : std::nullopt;
}

// An id of this merchant.
core::LinkId id_of(const core::PublicIds& ids, core::MerchantId merchant, std::string_view name) {
  const std::size_t underscore = name.rfind('_');
  if (underscore != std::string_view::npos && name.size() - underscore - 1 == kShortId) {
    const auto value = core::parse_base62(name.substr(underscore + 1), kShortId);
    const auto id = value ? ids.open83(core::IdKind::link, merchant, *value) : std::nullopt;
    return core::LinkId{id.value_or(0)};
  }
  if (name.size() != kHexId) return {};
  const auto bytes = bytes_of<12>(wire::hex_decode(name));
  const auto id = bytes ? ids.open96(core::IdKind::link, merchant, *bytes) : std::nullopt;
  return core::LinkId{id.value_or(0)};
}

}  // namespace

core::Result<core::LinkView> find_link(store::Reader& reader, const core::PublicIds& ids,
                                       std::string_view text) {
  const std::string name = name_in(text);
  if (const auto claim = claim_of(ids, name)) {
    auto found = TRY(reader.find_link(claim->merchant, claim->link));
    if (found) return std::move(*found);
  }
  const std::vector<core::Merchant> merchants = TRY(reader.list_merchants());
  for (const core::Merchant& merchant : merchants) {
    const core::LinkId id = id_of(ids, merchant.id, name);
    auto found =
        id ? reader.find_link(merchant.id, id) : reader.find_link_by_reference(merchant.id, name);
    if (!found) return tl::unexpected(found.error());
    if (*found) return std::move(**found);
  }
  return core::fail(core::Code::link_not_found);
}

}  // namespace disburse::cli
