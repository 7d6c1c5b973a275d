// What the memory store holds: each table an ordered map with the merchant first in its key, as in
// the SQL schema, and beside it the few indices that the SQL schema has.
//
// Promise: fits() looks and changes nothing; apply() after a good fits() cannot fail.
// Threads: none of its own; MemoryStore locks.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "core/changes.hpp"
#include "core/decide.hpp"

namespace disburse::store {

template <class Id, class Row>
using MerchantTable = std::map<std::pair<core::MerchantId, Id>, Row>;
template <class Id>
using MerchantLinkIndex = std::set<std::tuple<core::MerchantId, core::LinkId, Id>>;

struct Contents {
  std::map<core::MerchantId, core::Merchant> merchants;
  std::map<core::MerchantId, core::Balances> balances;
  MerchantTable<core::LinkId, core::Link> links;
  MerchantTable<core::ContactId, core::Contact> contacts;
  MerchantTable<core::FundAccountId, core::FundAccount> fund_accounts;
  MerchantTable<core::PayoutId, core::Payout> payouts;
  MerchantTable<std::pair<core::LinkId, std::uint32_t>, core::History> history;
  MerchantTable<std::uint64_t, core::Posting> postings;
  MerchantTable<core::TaskId, core::Task> tasks;
  MerchantTable<core::EndpointId, core::Endpoint> endpoints;
  MerchantTable<core::DeliveryId, core::Delivery> deliveries;
  MerchantTable<std::pair<core::DeliveryId, std::uint32_t>, core::Attempt> attempts;
  MerchantTable<std::string, core::StoredReply> replies;
  MerchantTable<std::string, core::Counter> counters;
  std::map<core::Keys::CredentialKey, core::Credential> credentials;
  std::map<std::string, core::RefreshToken> refresh_tokens;
  std::map<std::uint64_t, core::AuditRow> audit;

  // Indices.
  std::set<std::tuple<core::MerchantId, std::string, core::LinkId>> references;
  std::set<std::pair<core::MerchantId, std::string>> only_references;
  std::set<std::tuple<bool, core::Instant, core::TaskId, core::MerchantId>> due;  // bool: a timer
  MerchantLinkIndex<core::PayoutId> payouts_of_link;
  MerchantLinkIndex<std::uint64_t> postings_of_link;
  MerchantLinkIndex<core::DeliveryId> deliveries_of_link;
  std::uint64_t last_id = 0;

  // version_conflict where a row is not the next version of what is there, or a new row is not new.
  core::Result<void> fits(const core::Changes& changes) const;
  void apply(const core::Changes& changes);
  std::string last_audit_hash() const;  // empty: there is no row

  // The newest link with the reference.
  std::optional<core::LinkId> newest_with(core::MerchantId merchant,
                                          const std::string& reference) const;
  // The link with its contact, last fund account and last payout.
  std::optional<core::LinkView> view(core::MerchantId merchant, core::LinkId id) const;

 private:
  void put_links(const core::Changes& changes);
  void put_money(const core::Changes& changes);
  void put_tasks(const core::Changes& changes);
  void put_webhooks(const core::Changes& changes);
  void put_references(const core::Changes& changes);
  void raise(std::uint64_t id) { last_id = id > last_id ? id : last_id; }
};

// The row with the key, or nullptr.
template <class Map, class Key>
const typename Map::mapped_type* find_row(const Map& map, const Key& key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}

}  // namespace disburse::store
