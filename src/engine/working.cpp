// The rows of one batch.
#include "engine/working.hpp"

#include <algorithm>
#include <utility>

namespace disburse::engine {
namespace {

template <class Table, class Id>
auto find_row(const Table& table, Id id) -> const decltype(table.begin()->second.row)* {
  const auto found = table.find(id);
  return found == table.end() ? nullptr : &found->second.row;
}

// An id of another merchant is nobody's.
template <class Row>
const Row* owned(const Row* row, core::MerchantId merchant) {
  return row != nullptr && row->merchant == merchant ? row : nullptr;
}

template <class Table, class Rows>
void take_dirty(Table& table, Rows& out) {
  for (auto& [id, entry] : table) {
    if (entry.dirty) out.push_back(std::move(entry.row));
  }
}

template <class Rows>
void append(Rows& to, Rows& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

template <class Id, class Row>
void Working::load_into(Table<Id, Row>& table, Id id, Row&& row) {
  table.try_emplace(id, Entry<Row>{std::forward<Row>(row)});
}

template <class Id, class Row>
void Working::put_into(Table<Id, Row>& table, Id id, Row&& row) {
  table.insert_or_assign(id, Entry<Row>{std::forward<Row>(row), true});
}

// A row changed by several commands of the batch goes one version up in all: that is what the store
// compares.
template <class Id, class Row>
void Working::put_version(Table<Id, Row>& table, Id id, Row&& row) {
  const auto found = table.find(id);
  if (found != table.end() && found->second.dirty) row.version = found->second.row.version;
  table.insert_or_assign(id, Entry<Row>{std::forward<Row>(row), true});
}

void Working::add(store::Rows&& rows) {
  for (auto& row : rows.merchants) load_into(merchants_, row.id, std::move(row));
  for (auto& row : rows.balances) load_into(balances_, row.merchant, std::move(row));
  for (auto& row : rows.endpoints) load_into(endpoints_, row.id, std::move(row));
  for (auto& row : rows.links) load_into(links_, row.id, std::move(row));
  for (auto& [key, link] : rows.references) references_.try_emplace(std::move(key), link);
  for (auto& row : rows.contacts) load_into(contacts_, row.id, std::move(row));
  for (auto& row : rows.fund_accounts) load_into(fund_accounts_, row.id, std::move(row));
  for (auto& row : rows.payouts) load_into(payouts_, row.id, std::move(row));
  for (auto& row : rows.tasks) load_into(tasks_, row.id, std::move(row));
  for (auto& row : rows.deliveries) load_into(deliveries_, row.id, std::move(row));
  for (auto& row : rows.lane) load_into(deliveries_, row.id, std::move(row));
  for (auto& row : rows.counters) {
    core::Keys::CounterKey key{row.merchant, row.key};
    counters_.try_emplace(std::move(key), Entry<core::Counter>{std::move(row)});
  }
  for (auto& row : rows.credentials) {
    core::Keys::CredentialKey key{row.dialect, row.kind, row.name};
    credentials_.try_emplace(std::move(key), Entry<core::Credential>{std::move(row)});
  }
  for (auto& row : rows.refresh_tokens) {
    std::string key = row.hash;
    refresh_tokens_.try_emplace(std::move(key), Entry<core::RefreshToken>{std::move(row)});
  }
  for (auto& row : rows.replies) {
    core::Keys::ReplyKey key{row.merchant, row.key};
    replies_.try_emplace(std::move(key), Entry<core::StoredReply>{std::move(row)});
  }
}

void Working::apply(core::Changes&& changes) {
  if (changes.empty()) return;
  changed_ = true;
  for (auto& row : changes.links) {
    if (!row.reference.empty()) {
      core::LinkId& newest = references_[{row.merchant, row.reference}];
      newest = std::max(newest, row.id);
    }
    put_version(links_, row.id, std::move(row));
  }
  for (auto& row : changes.contacts) put_into(contacts_, row.id, std::move(row));
  for (auto& row : changes.fund_accounts) put_into(fund_accounts_, row.id, std::move(row));
  for (auto& row : changes.payouts) put_version(payouts_, row.id, std::move(row));
  for (auto& row : changes.balances) put_version(balances_, row.merchant, std::move(row));
  for (auto& row : changes.tasks) put_into(tasks_, row.id, std::move(row));
  for (const auto& [merchant, task] : changes.tasks_done) {
    tasks_.erase(task);
    tasks_done_.emplace(task, merchant);
  }
  for (auto& row : changes.endpoints) put_into(endpoints_, row.id, std::move(row));
  for (const auto& [merchant, endpoint] : changes.endpoints_removed) {
    endpoints_.erase(endpoint);
    endpoints_removed_.emplace(endpoint, merchant);
  }
  for (auto& row : changes.deliveries) put_into(deliveries_, row.id, std::move(row));
  for (auto& row : changes.counters) {
    core::Keys::CounterKey key{row.merchant, row.key};
    counters_.insert_or_assign(std::move(key), Entry<core::Counter>{std::move(row), true});
  }
  for (auto& row : changes.merchants) put_into(merchants_, row.id, std::move(row));
  for (auto& row : changes.credentials) {
    core::Keys::CredentialKey key{row.dialect, row.kind, row.name};
    credentials_.insert_or_assign(std::move(key), Entry<core::Credential>{std::move(row), true});
  }
  for (auto& row : changes.refresh_tokens) {
    std::string key = row.hash;
    refresh_tokens_.insert_or_assign(std::move(key),
                                     Entry<core::RefreshToken>{std::move(row), true});
  }
  append(rows_.history, changes.history);
  append(rows_.postings, changes.postings);
  append(rows_.attempts, changes.attempts);
  append(rows_.references_taken, changes.references_taken);
  if (rows_.audit.empty()) rows_.audit_after = std::move(changes.audit_after);
  append(rows_.audit, changes.audit);
}

void Working::keep_reply(core::StoredReply reply) {
  changed_ = true;
  core::Keys::ReplyKey key{reply.merchant, reply.key};
  replies_.insert_or_assign(std::move(key), Entry<core::StoredReply>{std::move(reply), true});
}

core::Changes Working::take_changes() {
  core::Changes out = std::move(rows_);
  rows_ = {};
  take_dirty(links_, out.links);
  take_dirty(contacts_, out.contacts);
  take_dirty(fund_accounts_, out.fund_accounts);
  take_dirty(payouts_, out.payouts);
  take_dirty(balances_, out.balances);
  take_dirty(tasks_, out.tasks);
  for (const auto& [task, merchant] : tasks_done_) out.tasks_done.emplace_back(merchant, task);
  take_dirty(endpoints_, out.endpoints);
  for (const auto& [endpoint, merchant] : endpoints_removed_)
    out.endpoints_removed.emplace_back(merchant, endpoint);
  take_dirty(deliveries_, out.deliveries);
  take_dirty(counters_, out.counters);
  take_dirty(merchants_, out.merchants);
  take_dirty(credentials_, out.credentials);
  take_dirty(refresh_tokens_, out.refresh_tokens);
  take_dirty(replies_, out.replies);
  // Rows in the order of their ids go to the end of their trees, one after the other.
  std::sort(out.links.begin(), out.links.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  std::sort(out.contacts.begin(), out.contacts.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  std::sort(out.tasks.begin(), out.tasks.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

void Working::clear() { *this = Working{}; }

const core::StoredReply* Working::reply(core::MerchantId merchant, const std::string& key) const {
  return find_row(replies_, core::Keys::ReplyKey{merchant, key});
}

const core::Merchant* Working::merchant(core::MerchantId id) const {
  return find_row(merchants_, id);
}
const core::Balances* Working::balances(core::MerchantId id) const {
  return find_row(balances_, id);
}

const core::Link* Working::link(core::MerchantId merchant, core::LinkId id) const {
  return owned(find_row(links_, id), merchant);
}

const core::Link* Working::link_by_reference(core::MerchantId merchant,
                                             std::string_view reference) const {
  const auto found = references_.find({merchant, std::string(reference)});
  return found == references_.end() ? nullptr : link(merchant, found->second);
}

const core::Contact* Working::contact(core::MerchantId merchant, core::ContactId id) const {
  return owned(find_row(contacts_, id), merchant);
}

const core::FundAccount* Working::fund_account(core::MerchantId merchant,
                                               core::FundAccountId id) const {
  return owned(find_row(fund_accounts_, id), merchant);
}

const core::Payout* Working::payout(core::MerchantId merchant, core::PayoutId id) const {
  return owned(find_row(payouts_, id), merchant);
}

const core::Task* Working::task(core::MerchantId merchant, core::TaskId id) const {
  return owned(find_row(tasks_, id), merchant);
}

std::vector<const core::Delivery*> Working::lane(core::MerchantId merchant, core::LinkId link,
                                                 core::EndpointId endpoint) const {
  std::vector<const core::Delivery*> lane;
  for (const auto& [id, entry] : deliveries_) {
    const core::Delivery& row = entry.row;
    const bool open =
        row.state == core::DeliveryState::waiting || row.state == core::DeliveryState::due;
    if (open && row.merchant == merchant && row.link == link && row.endpoint == endpoint)
      lane.push_back(&row);
  }
  return lane;
}

const core::Delivery* Working::delivery(core::MerchantId merchant, core::DeliveryId id) const {
  return owned(find_row(deliveries_, id), merchant);
}

std::vector<const core::Endpoint*> Working::endpoints(core::MerchantId merchant) const {
  std::vector<const core::Endpoint*> rows;
  for (const auto& [id, entry] : endpoints_) {
    if (entry.row.merchant == merchant) rows.push_back(&entry.row);
  }
  std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  return rows;
}

const core::Counter* Working::counter(core::MerchantId merchant, std::string_view key) const {
  return find_row(counters_, core::Keys::CounterKey{merchant, std::string(key)});
}

const core::Credential* Working::credential(std::string_view dialect, std::string_view kind,
                                            std::string_view name) const {
  return find_row(credentials_, core::Keys::CredentialKey{std::string(dialect), std::string(kind),
                                                          std::string(name)});
}

const core::RefreshToken* Working::refresh_token(std::string_view hash) const {
  return find_row(refresh_tokens_, std::string(hash));
}

}  // namespace disburse::engine
