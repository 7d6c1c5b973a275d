// Queries, one function each.
#include "engine/queries.hpp"

#include <algorithm>

#include "core/otp.hpp"

namespace disburse::engine {
namespace {

core::Result<core::LinkView> find(store::Reader& reader, core::MerchantId merchant,
                                  const core::LinkRef& ref) {
  auto found = ref.id ? TRY(reader.find_link(merchant, ref.id))
                      : TRY(reader.find_link_by_reference(merchant, ref.reference));
  if (!found) return core::fail(core::Code::link_not_found);
  return std::move(*found);
}

struct Answer {
  store::Reader& reader;
  core::Instant now;
  const core::KeyedHash& hash;

  core::Result<core::Reply> operator()(const core::FindLink& query) const {
    return core::Reply{TRY(find(reader, query.merchant, query.link))};
  }

  core::Result<core::Reply> operator()(const core::FindClaim& query) const {
    core::ClaimView claim;
    claim.view = TRY(find(reader, query.claim.merchant, {query.claim.link, {}}));
    const auto merchant = TRY(reader.find_merchant(query.claim.merchant));
    if (!merchant) return core::fail(core::Code::link_not_found);
    claim.merchant_name = merchant->merchant.name;
    claim.support_contact = merchant->merchant.settings.support_contact;
    claim.otp_verified = core::is_claim_token(hash, claim.view.link, query.claim_token, now);
    return core::Reply{std::move(claim)};
  }

  core::Result<core::Reply> operator()(const core::ListLinks& query) const {
    core::ListLinks bounded = query;
    bounded.limit = std::min(bounded.limit, core::limits::kPageSize);
    return core::Reply{TRY(reader.list_links(bounded, now))};
  }

  core::Result<core::Reply> operator()(const core::LinkStory& query) const {
    const core::LinkView view = TRY(find(reader, query.merchant, query.link));
    auto story = TRY(reader.link_story(query.merchant, view.link.id));
    if (!story) return core::fail(core::Code::link_not_found);
    return core::Reply{std::move(*story)};
  }

  core::Result<core::Reply> operator()(const core::ListEndpoints& query) const {
    return core::Reply{core::EndpointList{TRY(reader.list_endpoints(query.merchant))}};
  }

  core::Result<core::Reply> operator()(const core::ListDeliveries& query) const {
    if (query.endpoint) {
      const auto endpoints = TRY(reader.list_endpoints(query.merchant));
      const bool known =
          std::any_of(endpoints.begin(), endpoints.end(),
                      [&](const core::Endpoint& e) { return e.id == query.endpoint; });
      if (!known) return core::fail(core::Code::endpoint_not_found);
    }
    return core::Reply{TRY(reader.list_deliveries(query))};
  }

  core::Result<core::Reply> operator()(const core::FindMerchant& query) const {
    auto merchant = TRY(reader.find_merchant(query.merchant));
    if (!merchant) return core::fail(core::Code::merchant_not_found);
    return core::Reply{std::move(*merchant)};
  }
};

}  // namespace

core::Result<core::Reply> answer(store::Reader& reader, const core::Query& query, core::Instant now,
                                 const core::KeyedHash& hash) {
  return std::visit(Answer{reader, now, hash}, query);
}

}  // namespace disburse::engine
