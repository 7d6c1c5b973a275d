// Public ids in this dialect's shape; see the header. Threads: pure functions.
#include "dialects/razorpay/sealed_ids.hpp"

#include <algorithm>

namespace disburse::dialects::razorpay {
namespace {

// Every id of the provider has fourteen letters and digits after its prefix ("api/understand").
constexpr std::size_t kDigits = 14;

}  // namespace

std::string print_id(const IdForm& form, const core::PublicIds& ids, core::MerchantId merchant,
                     std::uint64_t id) {
  return std::string(form.prefix) + core::base62(ids.seal83(form.kind, merchant, id), kDigits);
}

core::Result<std::uint64_t> read_id(const IdForm& form, const core::PublicIds& ids,
                                    core::MerchantId merchant, std::string_view text) {
  if (!text.starts_with(form.prefix)) return core::fail(core::Code::id_malformed, "id");
  const auto sealed = core::parse_base62(text.substr(form.prefix.size()), kDigits);
  if (!sealed) return core::fail(core::Code::id_malformed, "id");
  const auto id = ids.open83(form.kind, merchant, *sealed);
  if (!id) return core::fail(core::Code::link_not_found, "id");
  return *id;
}

std::string short_url(std::string_view public_url, const core::PublicIds& ids,
                      const core::Link& link) {
  return std::string(public_url) + "/i/" +
         core::claim_code(ids, core::Claim{.merchant = link.merchant, .link = link.id});
}

std::optional<core::Claim> claim_of_short_url(const core::PublicIds& ids, std::string_view url) {
  url = url.substr(0, std::min(url.find('?'), url.find('#')));
  while (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t slash = url.rfind('/');
  return core::parse_claim_code(ids, slash == url.npos ? url : url.substr(slash + 1));
}

}  // namespace disburse::dialects::razorpay
