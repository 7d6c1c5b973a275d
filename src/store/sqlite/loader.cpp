#include "store/sqlite/loader.hpp"

#include <iterator>

namespace disburse::store {
namespace {

using core::Keys;
using core::MerchantId;
using core::Result;

template <class Key>
std::set<Key> once(const std::vector<Key>& keys) {
  return {keys.begin(), keys.end()};
}

template <class Row>
void add(std::optional<Row> found, std::vector<Row>& rows) {
  if (found) rows.push_back(std::move(*found));
}

}  // namespace

Result<Rows> Loader::load(const Keys& keys) {
  for (const Keys::LinkKey& key : keys.links) CHECK(add_link(key.merchant, key.link));
  CHECK(add_references(keys));
  CHECK(add_payouts(keys));
  for (const Keys::ContactKey& key : keys.contacts) CHECK(add_contact(key.merchant, key.contact));
  CHECK(add_tasks(keys));
  CHECK(add_deliveries(keys));
  CHECK(add_merchants(keys));
  CHECK(add_replies(keys));
  CHECK(add_people(keys));
  return std::move(rows_);
}

Result<void> Loader::add_link(MerchantId merchant, core::LinkId id) {
  if (!links_.emplace(merchant, id).second) return {};
  std::optional<core::Link> link = TRY(finder_.link(merchant, id));
  if (!link) return {};
  return add_around(std::move(*link));
}

Result<void> Loader::add_around(core::Link link) {
  CHECK(add_contact(link.merchant, link.contact));
  CHECK(add_fund_account(link.merchant, link.fund_account));
  if (link.payout) CHECK(add_payout(link.merchant, link.payout));
  rows_.links.push_back(std::move(link));
  return {};
}

Result<void> Loader::add_contact(MerchantId merchant, core::ContactId id) {
  if (!contacts_.emplace(merchant, id).second) return {};
  add(TRY(finder_.contact(merchant, id)), rows_.contacts);
  return {};
}

Result<void> Loader::add_fund_account(MerchantId merchant, core::FundAccountId id) {
  if (!fund_accounts_.emplace(merchant, id).second) return {};
  add(TRY(finder_.fund_account(merchant, id)), rows_.fund_accounts);
  return {};
}

Result<void> Loader::add_payout(MerchantId merchant, core::PayoutId id) {
  if (!payouts_.emplace(merchant, id).second) return {};
  add(TRY(finder_.payout(merchant, id)), rows_.payouts);
  return {};
}

Result<void> Loader::add_references(const Keys& keys) {
  for (const Keys::ReferenceKey& key : once(keys.references)) {
    const auto id = TRY(finder_.newest_with(key.merchant, key.reference));
    if (!id) continue;
    rows_.references.emplace_back(key, *id);
    CHECK(add_link(key.merchant, *id));
  }
  return {};
}

Result<void> Loader::add_payouts(const Keys& keys) {
  for (const Keys::PayoutKey& key : once(keys.payouts)) {
    const std::optional<core::Payout> payout = TRY(finder_.payout(key.merchant, key.payout));
    if (!payout) continue;
    if (payouts_.emplace(key.merchant, key.payout).second) rows_.payouts.push_back(*payout);
    CHECK(add_link(key.merchant, payout->link));
    CHECK(add_fund_account(key.merchant, payout->fund_account));
  }
  return {};
}

Result<void> Loader::add_tasks(const Keys& keys) {
  for (const Keys::TaskKey& key : once(keys.tasks)) {
    add(TRY(finder_.task(key.merchant, key.task)), rows_.tasks);
  }
  return {};
}

Result<void> Loader::add_deliveries(const Keys& keys) {
  for (const Keys::LinkKey& key : once(keys.lanes)) {
    std::vector<core::Delivery> lane = TRY(finder_.lane(key.merchant, key.link));
    std::move(lane.begin(), lane.end(), std::back_inserter(rows_.lane));
  }
  for (const Keys::DeliveryKey& key : once(keys.deliveries)) {
    add(TRY(finder_.delivery(key.merchant, key.delivery)), rows_.deliveries);
  }
  return {};
}

Result<void> Loader::add_merchants(const Keys& keys) {
  for (const MerchantId id : once(keys.merchants)) {
    add(TRY(finder_.merchant(id)), rows_.merchants);
    add(TRY(finder_.balances(id)), rows_.balances);
    std::vector<core::Endpoint> endpoints = TRY(finder_.endpoints(id));
    std::move(endpoints.begin(), endpoints.end(), std::back_inserter(rows_.endpoints));
  }
  return {};
}

Result<void> Loader::add_replies(const Keys& keys) {
  for (const Keys::ReplyKey& key : once(keys.replies)) {
    add(TRY(finder_.reply(key.merchant, key.key)), rows_.replies);
  }
  for (const Keys::CounterKey& key : once(keys.counters)) {
    add(TRY(finder_.counter(key.merchant, key.key)), rows_.counters);
  }
  return {};
}

Result<void> Loader::add_people(const Keys& keys) {
  for (const Keys::CredentialKey& key : once(keys.credentials)) {
    add(TRY(finder_.credential(key.dialect, key.kind, key.name)), rows_.credentials);
  }
  for (const std::string& hash : once(keys.refresh_tokens)) {
    add(TRY(finder_.refresh_token(hash)), rows_.refresh_tokens);
  }
  return {};
}

}  // namespace disburse::store
