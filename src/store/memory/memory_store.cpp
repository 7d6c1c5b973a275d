// The memory store's batches: load and commit.
#include "store/memory/memory_store.hpp"

#include "store/memory/memory_reader.hpp"

namespace disburse::store {
namespace {

using core::Keys;
using core::MerchantId;

// Gathers the rows that a batch asked for, each once, however many keys lead to it.
class Gathering {
 public:
  explicit Gathering(const Contents& contents) : contents_(contents) {}

  void take(const Keys& keys);
  Rows finish() { return std::move(rows_); }

 private:
  template <class Id, class Row>
  const Row* add(const MerchantTable<Id, Row>& table, MerchantId merchant, const Id& id,
                 std::vector<Row>& out) {
    const Row* row = find_row(table, std::pair(merchant, id));
    if (row != nullptr && taken_.insert(row).second) out.push_back(*row);
    return row;
  }
  void add_link(MerchantId merchant, core::LinkId id);
  void add_references(const Keys& keys);
  void add_payouts(const Keys& keys);
  void add_lane(const Keys::LinkKey& key);
  void add_merchant(MerchantId id);
  void add_people(const Keys& keys);

  const Contents& contents_;
  std::set<const void*> taken_;
  Rows rows_;
};

void Gathering::take(const Keys& keys) {
  for (const Keys::LinkKey& key : keys.links) add_link(key.merchant, key.link);
  add_references(keys);
  add_payouts(keys);
  for (const Keys::ContactKey& key : keys.contacts) {
    add(contents_.contacts, key.merchant, key.contact, rows_.contacts);
  }
  for (const Keys::TaskKey& key : keys.tasks) {
    add(contents_.tasks, key.merchant, key.task, rows_.tasks);
  }
  for (const Keys::LinkKey& key : std::set(keys.lanes.begin(), keys.lanes.end())) add_lane(key);
  for (const Keys::DeliveryKey& key : keys.deliveries) {
    add(contents_.deliveries, key.merchant, key.delivery, rows_.deliveries);
  }
  for (const MerchantId id : std::set(keys.merchants.begin(), keys.merchants.end())) {
    add_merchant(id);
  }
  for (const Keys::ReplyKey& key : keys.replies) {
    add(contents_.replies, key.merchant, key.key, rows_.replies);
  }
  for (const Keys::CounterKey& key : keys.counters) {
    add(contents_.counters, key.merchant, key.key, rows_.counters);
  }
  add_people(keys);
}

void Gathering::add_link(MerchantId merchant, core::LinkId id) {
  const core::Link* link = add(contents_.links, merchant, id, rows_.links);
  if (link == nullptr) return;
  add(contents_.contacts, merchant, link->contact, rows_.contacts);
  add(contents_.fund_accounts, merchant, link->fund_account, rows_.fund_accounts);
  add(contents_.payouts, merchant, link->payout, rows_.payouts);
}

void Gathering::add_references(const Keys& keys) {
  const std::set once(keys.references.begin(), keys.references.end());
  for (const Keys::ReferenceKey& key : once) {
    const auto id = contents_.newest_with(key.merchant, key.reference);
    if (!id) continue;
    rows_.references.emplace_back(key, *id);
    add_link(key.merchant, *id);
  }
}

void Gathering::add_payouts(const Keys& keys) {
  for (const Keys::PayoutKey& key : keys.payouts) {
    const auto* payout = add(contents_.payouts, key.merchant, key.payout, rows_.payouts);
    if (payout == nullptr) continue;
    add_link(key.merchant, payout->link);
    add(contents_.fund_accounts, key.merchant, payout->fund_account, rows_.fund_accounts);
  }
}

void Gathering::add_lane(const Keys::LinkKey& key) {
  const auto& index = contents_.deliveries_of_link;
  auto it = index.lower_bound({key.merchant, key.link, core::DeliveryId{}});
  for (; it != index.end(); ++it) {
    const auto& [merchant, link, id] = *it;
    if (merchant != key.merchant || link != key.link) return;
    const core::Delivery& delivery = contents_.deliveries.at({merchant, id});
    const bool done = delivery.state == core::DeliveryState::delivered ||
                      delivery.state == core::DeliveryState::given_up;
    if (done) continue;
    rows_.lane.push_back(delivery);
    rows_.lane.back().body.clear();
  }
}

void Gathering::add_merchant(MerchantId id) {
  const core::Merchant* merchant = find_row(contents_.merchants, id);
  if (merchant != nullptr) rows_.merchants.push_back(*merchant);
  const core::Balances* balances = find_row(contents_.balances, id);
  if (balances != nullptr) rows_.balances.push_back(*balances);
  auto it = contents_.endpoints.lower_bound({id, core::EndpointId{}});
  for (; it != contents_.endpoints.end() && it->first.first == id; ++it) {
    rows_.endpoints.push_back(it->second);
  }
}

void Gathering::add_people(const Keys& keys) {
  for (const auto& key : std::set(keys.credentials.begin(), keys.credentials.end())) {
    const core::Credential* row = find_row(contents_.credentials, key);
    if (row != nullptr) rows_.credentials.push_back(*row);
  }
  for (const auto& hash : std::set(keys.refresh_tokens.begin(), keys.refresh_tokens.end())) {
    const core::RefreshToken* row = find_row(contents_.refresh_tokens, hash);
    if (row != nullptr) rows_.refresh_tokens.push_back(*row);
  }
}

}  // namespace

MemoryStore::MemoryStore() : shared_(std::make_shared<Shared>()) {}

std::unique_ptr<MemoryStore> make_memory_store() { return std::make_unique<MemoryStore>(); }

core::Result<StartState> MemoryStore::start_state() {
  const std::lock_guard guard(shared_->lock);
  const Contents& contents = shared_->contents;
  StartState start{.last_id = contents.last_id, .last_merchant = {}, .last_audit_hash = {}};
  if (!contents.merchants.empty()) start.last_merchant = contents.merchants.rbegin()->first;
  start.last_audit_hash = contents.last_audit_hash();
  return start;
}

core::Result<Rows> MemoryStore::load(const Keys& keys) {
  const std::lock_guard guard(shared_->lock);
  Gathering gathering(shared_->contents);
  gathering.take(keys);
  return gathering.finish();
}

core::Result<void> MemoryStore::commit(const core::Changes& changes) {
  if (changes.empty()) return {};
  if (before_commit_) {
    const core::Result<void> let = before_commit_();
    takes_writes_ = let || let.error().code != core::Code::store_unavailable;
    if (!let) return let;
  }
  const std::lock_guard guard(shared_->lock);
  CHECK(shared_->contents.fits(changes));
  shared_->contents.apply(changes);
  return {};
}

core::Result<std::unique_ptr<Reader>> MemoryStore::reader() {
  return std::make_unique<MemoryReader>(shared_);
}

std::unique_ptr<MemoryStore> MemoryStore::copy() const {
  auto other = make_memory_store();
  const std::lock_guard guard(shared_->lock);
  other->shared_->contents = shared_->contents;
  return other;
}

}  // namespace disburse::store
