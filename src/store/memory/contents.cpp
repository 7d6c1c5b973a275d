// Checking and applying a batch of changes.
#include "store/memory/contents.hpp"

#include "core/limits.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Code;
using core::fail;
using core::Result;

// Each row is the version after the one that is stored, or after the one before it in the batch.
template <class Map, class Row, class KeyOf>
bool versions_follow(const Map& stored, const std::vector<Row>& rows, KeyOf key_of) {
  std::map<typename Map::key_type, std::uint32_t> seen;
  for (const Row& row : rows) {
    const auto key = key_of(row);
    const Row* there = find_row(stored, key);
    const auto [it, first] = seen.try_emplace(key, there == nullptr ? 0 : there->version);
    if (row.version != it->second + 1) return false;
    it->second = row.version;
  }
  return true;
}

// No row is there already, and none is twice in the batch.
template <class Map, class Row, class KeyOf>
bool all_new(const Map& stored, const std::vector<Row>& rows, KeyOf key_of) {
  std::set<typename Map::key_type> seen;
  for (const Row& row : rows) {
    auto key = key_of(row);
    if (stored.contains(key) || !seen.insert(std::move(key)).second) return false;
  }
  return true;
}

constexpr auto by_id = [](const auto& row) { return std::pair(row.merchant, row.id); };
constexpr auto by_key = [](const auto& row) { return std::pair(row.merchant, row.key); };
constexpr auto by_merchant = [](const auto& row) { return row.merchant; };
constexpr auto by_link_number = [](const core::History& row) {
  return std::pair(row.merchant, std::pair(row.link, row.number));
};
constexpr auto by_delivery_number = [](const core::Attempt& row) {
  return std::pair(row.merchant, std::pair(row.delivery, row.number));
};

core::Keys::CredentialKey name_of(const core::Credential& row) {
  return {row.dialect, row.kind, row.name};
}

bool replies_are_new(const Contents& contents, const Changes& changes) {
  std::set<std::pair<core::MerchantId, std::string>> seen;
  for (const core::StoredReply& reply : changes.replies) {
    if (!seen.insert(by_key(reply)).second) return false;
    const core::StoredReply* there = find_row(contents.replies, by_key(reply));
    // A key may be used again once its reply has outlived its promise.
    if (there != nullptr && there->at > reply.at - core::limits::kIdempotencyLife) return false;
  }
  return true;
}

// An id belongs to one name only.
bool credentials_fit(const Contents& contents, const Changes& changes) {
  std::map<core::CredentialId, core::Keys::CredentialKey> names;
  for (const auto& [name, row] : contents.credentials) names.emplace(row.id, name);
  for (const core::Credential& row : changes.credentials) {
    const auto [it, first] = names.try_emplace(row.id, name_of(row));
    if (!first && it->second != name_of(row)) return false;
  }
  return true;
}

}  // namespace

Result<void> Contents::fits(const Changes& changes) const {
  const bool versions = versions_follow(links, changes.links, by_id) &&
                        versions_follow(payouts, changes.payouts, by_id) &&
                        versions_follow(balances, changes.balances, by_merchant);
  if (!versions) return fail(Code::version_conflict, {}, "a row has another version");
  if (changes.audit_after && *changes.audit_after != last_audit_hash()) {
    return fail(Code::version_conflict, {}, "the audit chain has gone on");
  }
  for (const auto& taken : changes.references_taken) {
    if (only_references.contains(taken))
      return fail(Code::version_conflict, {}, "the reference is another link's");
  }
  const bool fresh = all_new(contacts, changes.contacts, by_id) &&
                     all_new(fund_accounts, changes.fund_accounts, by_id) &&
                     all_new(history, changes.history, by_link_number) &&
                     all_new(postings, changes.postings, by_id) &&
                     all_new(attempts, changes.attempts, by_delivery_number) &&
                     all_new(audit, changes.audit, [](const auto& row) { return row.id; }) &&
                     replies_are_new(*this, changes) &&
                     (changes.credentials.empty() || credentials_fit(*this, changes));
  if (!fresh) return fail(Code::version_conflict, {}, "a new row is there already");
  return {};
}

std::string Contents::last_audit_hash() const {
  return audit.empty() ? std::string() : audit.rbegin()->second.hash;
}

void Contents::apply(const Changes& changes) {
  put_links(changes);
  put_money(changes);
  put_tasks(changes);
  put_webhooks(changes);
  put_references(changes);
}

void Contents::put_links(const Changes& changes) {
  for (const core::Link& link : changes.links) {
    const auto [it, added] = links.insert_or_assign(by_id(link), link);
    if (added && !link.reference.empty()) {
      references.emplace(link.merchant, link.reference, link.id);
    }
    raise(link.id.value);
  }
  only_references.insert(changes.references_taken.begin(), changes.references_taken.end());
  for (const core::Contact& contact : changes.contacts) {
    contacts.emplace(by_id(contact), contact);
    raise(contact.id.value);
  }
  for (const core::FundAccount& account : changes.fund_accounts) {
    fund_accounts.emplace(by_id(account), account);
    raise(account.id.value);
  }
  for (const core::History& row : changes.history) history.emplace(by_link_number(row), row);
}

void Contents::put_money(const Changes& changes) {
  for (const core::Payout& payout : changes.payouts) {
    payouts.insert_or_assign(by_id(payout), payout);
    payouts_of_link.emplace(payout.merchant, payout.link, payout.id);
    raise(payout.id.value);
  }
  for (const core::Posting& posting : changes.postings) {
    postings.emplace(by_id(posting), posting);
    postings_of_link.emplace(posting.merchant, posting.link, posting.id);
    raise(posting.id);
  }
  for (const core::Balances& row : changes.balances) balances.insert_or_assign(row.merchant, row);
}

void Contents::put_tasks(const Changes& changes) {
  const auto due_of = [](const core::Task& task) {
    return std::tuple(is_timer(task.kind), task.due_at, task.id, task.merchant);
  };
  for (const core::Task& task : changes.tasks) {
    const core::Task* there = find_row(tasks, by_id(task));
    if (there != nullptr) due.erase(due_of(*there));
    tasks.insert_or_assign(by_id(task), task);
    due.insert(due_of(task));
    raise(task.id.value);
  }
  for (const auto& key : changes.tasks_done) {
    const core::Task* there = find_row(tasks, key);
    if (there == nullptr) continue;
    due.erase(due_of(*there));
    tasks.erase(key);
  }
}

void Contents::put_webhooks(const Changes& changes) {
  for (const core::Endpoint& endpoint : changes.endpoints) {
    endpoints.insert_or_assign(by_id(endpoint), endpoint);
    raise(endpoint.id.value);
  }
  for (const auto& key : changes.endpoints_removed) endpoints.erase(key);
  for (const core::Delivery& delivery : changes.deliveries) {
    // What is sent never changes: a row that was loaded for its lane, without its body, is put
    // again with another state only.
    const auto [it, added] = deliveries.try_emplace(by_id(delivery), delivery);
    it->second.state = delivery.state;
    it->second.tries = delivery.tries;
    it->second.due_at = delivery.due_at;
    deliveries_of_link.emplace(it->second.merchant, it->second.link, it->second.id);
    raise(delivery.id.value);
  }
  for (const core::Attempt& row : changes.attempts) attempts.emplace(by_delivery_number(row), row);
}

void Contents::put_references(const Changes& changes) {
  for (const core::StoredReply& row : changes.replies) replies.insert_or_assign(by_key(row), row);
  for (const core::Counter& row : changes.counters) counters.insert_or_assign(by_key(row), row);
  for (const core::Merchant& row : changes.merchants) merchants.insert_or_assign(row.id, row);
  for (const core::Credential& row : changes.credentials) {
    credentials.insert_or_assign(name_of(row), row);
    raise(row.id.value);
  }
  for (const core::RefreshToken& row : changes.refresh_tokens) {
    refresh_tokens.insert_or_assign(row.hash, row);
  }
  for (const core::AuditRow& row : changes.audit) {
    audit.emplace(row.id, row);
    raise(row.id);
  }
}

std::optional<core::LinkId> Contents::newest_with(core::MerchantId merchant,
                                                  const std::string& reference) const {
  auto it = references.upper_bound({merchant, reference, core::LinkId{~std::uint64_t{0}}});
  if (it == references.begin()) return std::nullopt;
  --it;
  if (std::get<0>(*it) != merchant || std::get<1>(*it) != reference) return std::nullopt;
  return std::get<2>(*it);
}

std::optional<core::LinkView> Contents::view(core::MerchantId merchant, core::LinkId id) const {
  const core::Link* link = find_row(links, std::pair(merchant, id));
  if (link == nullptr) return std::nullopt;
  core::LinkView view{.link = *link, .contact = {}, .fund_account = {}, .payout = {}};
  const core::Contact* contact = find_row(contacts, std::pair(merchant, link->contact));
  if (contact != nullptr) view.contact = *contact;
  const auto* account = find_row(fund_accounts, std::pair(merchant, link->fund_account));
  if (account != nullptr) view.fund_account = *account;
  const core::Payout* payout = find_row(payouts, std::pair(merchant, link->payout));
  if (payout != nullptr) view.payout = *payout;
  return view;
}

}  // namespace disburse::store
