#include "store/postgres/loader.hpp"

#include <algorithm>

#include "store/postgres/statements.hpp"
#include "store/rows.hpp"

namespace disburse::store::postgres {
namespace {

using core::Keys;
using core::MerchantId;
using core::Result;

const std::vector<ColumnType> kTwoNumbers = {ColumnType::number, ColumnType::number};
const std::vector<ColumnType> kNumberText = {ColumnType::number, ColumnType::text};
const std::vector<ColumnType> kNumberBytes = {ColumnType::number, ColumnType::bytes};

constexpr int kRecipientKeyAt = 6;  // in kContactColumns

template <class Key>
std::vector<Key> once(std::vector<Key> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

// The keys as arrays, by a function that binds one.
template <class Key, class Bind>
Params arrays_of(const std::vector<ColumnType>& types, const std::vector<Key>& keys, Bind bind) {
  Arrays arrays(types);
  for (const Key& key : once(keys)) {
    bind(arrays, key);
    arrays.next_row();
  }
  Params params;
  params.arrays(std::move(arrays));
  return params;
}

const auto bind_link_key = [](Arrays& to, const Keys::LinkKey& key) {
  to.bind_all(key.merchant, key.link);
};
const auto bind_payout_key = [](Arrays& to, const Keys::PayoutKey& key) {
  to.bind_all(key.merchant, key.payout);
};
const auto bind_reference_key = [](Arrays& to, const Keys::ReferenceKey& key) {
  to.bind_all(key.merchant, key.reference);
};

// Links without a reference are in no index.
std::vector<Keys::ReferenceKey> named(std::vector<Keys::ReferenceKey> keys) {
  std::erase_if(keys, [](const Keys::ReferenceKey& key) { return key.reference.empty(); });
  return keys;
}

template <class Key, class Bind>
void add_arrays(Params& params, const std::vector<ColumnType>& types, const std::vector<Key>& keys,
                Bind bind) {
  Arrays arrays(types);
  for (const Key& key : once(keys)) {
    bind(arrays, key);
    arrays.next_row();
  }
  params.arrays(std::move(arrays));
}

Params wanted_links(const Keys& keys, bool with_lanes) {
  std::vector<Keys::LinkKey> links = keys.links;
  if (with_lanes) links.insert(links.end(), keys.lanes.begin(), keys.lanes.end());
  Params params;
  add_arrays(params, kTwoNumbers, links, bind_link_key);
  add_arrays(params, kTwoNumbers, keys.payouts, bind_payout_key);
  add_arrays(params, kNumberText, named(keys.references), bind_reference_key);
  return params;
}

}  // namespace

void Loader::ask_for(const Statement& statement, Params params, Take reads) {
  connection_.queue(statement, std::move(params));
  takes_.push_back(reads);
}

void Loader::ask(const Keys& keys) {
  if (!keys.tasks.empty()) {
    ask_for(kTasks.get(lock_),
            arrays_of(
                kTwoNumbers, keys.tasks,
                [](Arrays& to, const Keys::TaskKey& key) { to.bind_all(key.merchant, key.task); }),
            &Loader::take_tasks);
  }
  ask_links(keys);
  ask_merchants(keys);
  ask_rest(keys);
}

// The link of a lane is locked, so that its deliveries keep their order; it is not asked for.
void Loader::ask_links(const Keys& keys) {
  const std::vector<Keys::ReferenceKey> references = named(keys.references);
  if (lock_ && !keys.lanes.empty()) {
    ask_for(kLinks.locked, wanted_links(keys, true), &Loader::take_nothing);
  }
  if (!keys.links.empty() || !keys.payouts.empty() || !references.empty()) {
    ask_for(kLinks.get(lock_), wanted_links(keys, false), &Loader::take_links);
    ask_for(kAround, wanted_links(keys, false), &Loader::take_around);
  }
  if (!references.empty()) {
    ask_for(kReferences, arrays_of(kNumberText, references, bind_reference_key),
            &Loader::take_references);
  }
  if (!keys.payouts.empty()) {
    ask_for(kPayouts, arrays_of(kTwoNumbers, keys.payouts, bind_payout_key), &Loader::take_payouts);
  }
  if (!keys.contacts.empty()) {
    ask_for(kContacts,
            arrays_of(kTwoNumbers, keys.contacts,
                      [](Arrays& to, const Keys::ContactKey& key) {
                        to.bind_all(key.merchant, key.contact);
                      }),
            &Loader::take_contacts);
  }
  if (!keys.lanes.empty()) {
    ask_for(kLanes, arrays_of(kTwoNumbers, keys.lanes, bind_link_key), &Loader::take_lanes);
  }
  if (keys.deliveries.empty()) return;
  ask_for(kDeliveries,
          arrays_of(kTwoNumbers, keys.deliveries,
                    [](Arrays& to, const Keys::DeliveryKey& key) {
                      to.bind_all(key.merchant, key.delivery);
                    }),
          &Loader::take_deliveries);
}

void Loader::ask_merchants(const Keys& keys) {
  if (keys.merchants.empty()) return;
  const auto all = [&keys] {
    return arrays_of({ColumnType::number}, keys.merchants,
                     [](Arrays& to, MerchantId id) { to.bind(id); });
  };
  if (lock_) {
    const std::set<MerchantId> money(keys.money.begin(), keys.money.end());
    ask_for(kLockMoney,
            arrays_of(kTwoNumbers, keys.merchants,
                      [&money](Arrays& to, MerchantId id) { to.bind_all(id, money.contains(id)); }),
            &Loader::take_nothing);
  }
  ask_for(kMerchants, all(), &Loader::take_merchants);
  ask_for(kBalances, all(), &Loader::take_balances);
  ask_for(kEndpoints, all(), &Loader::take_endpoints);
}

void Loader::ask_rest(const Keys& keys) {
  if (!keys.replies.empty()) {
    ask_for(kReplies,
            arrays_of(kNumberBytes, keys.replies,
                      [this](Arrays& to, const Keys::ReplyKey& key) {
                        to.bind(key.merchant);
                        to.bind(Blob{vault_.reply_hash(key.merchant, key.key)});
                      }),
            &Loader::take_replies);
  }
  if (!keys.counters.empty()) {
    for (const Keys::CounterKey& key : keys.counters) {
      if (seen_ != nullptr) seen_->counters.try_emplace(key);
    }
    ask_for(kCounters.get(lock_),
            arrays_of(kNumberBytes, keys.counters,
                      [](Arrays& to, const Keys::CounterKey& key) {
                        to.bind_all(key.merchant, Blob{key.key});
                      }),
            &Loader::take_counters);
  }
  if (!keys.credentials.empty()) {
    ask_for(kCredentials,
            arrays_of({ColumnType::text, ColumnType::text, ColumnType::text}, keys.credentials,
                      [](Arrays& to, const Keys::CredentialKey& key) {
                        to.bind_all(key.dialect, key.kind, key.name);
                      }),
            &Loader::take_credentials);
  }
  if (keys.refresh_tokens.empty()) return;
  ask_for(kTokens.get(lock_),
          arrays_of({ColumnType::bytes}, keys.refresh_tokens,
                    [](Arrays& to, const std::string& hash) { to.bind(Blob{hash}); }),
          &Loader::take_tokens);
}

// ---- answers ------------------------------------------------------------------------------------

Result<store::Rows> Loader::take(std::vector<Answer>& answers, std::size_t skip) {
  for (std::size_t i = 0; i < takes_.size(); ++i) CHECK((this->*takes_[i])(answers[skip + i]));
  takes_.clear();
  return std::move(rows_);
}

Result<void> Loader::take_links(Answer& answer) {
  return read_into(answer, read_link<Answer>, rows_.links);
}

// Contacts are asked for by several keys, and each row is wanted once.
Result<void> Loader::add_contact(Answer& answer) {
  const std::string_view wrapped = answer.peek(kRecipientKeyAt);
  core::Contact row = TRY(read_contact(answer, vault_));
  if (!contacts_.emplace(row.merchant, row.id).second) return {};
  if (seen_ != nullptr) seen_->recipient_keys[{row.merchant, row.id}] = wrapped;
  rows_.contacts.push_back(std::move(row));
  return {};
}

Result<void> Loader::add_fund_account(Answer& answer) {
  core::FundAccount row = TRY(read_fund_account(answer, vault_));
  if (fund_accounts_.emplace(row.merchant, row.id).second)
    rows_.fund_accounts.push_back(std::move(row));
  return {};
}

Result<void> Loader::add_payout(Answer& answer) {
  core::Payout row = TRY(read_payout(answer));
  if (payouts_.emplace(row.merchant, row.id).second) rows_.payouts.push_back(std::move(row));
  return {};
}

Result<void> Loader::take_around(Answer& answer) {
  while (answer.next()) {
    if (answer.is_null())
      answer.skip(kContactWidth);
    else
      CHECK(add_contact(answer));
    if (answer.is_null())
      answer.skip(kFundAccountWidth);
    else
      CHECK(add_fund_account(answer));
    if (!answer.is_null()) CHECK(add_payout(answer));
  }
  return {};
}

Result<void> Loader::take_references(Answer& answer) {
  while (answer.next()) {
    const MerchantId merchant = answer.merchant();
    std::string reference = answer.text();
    rows_.references.emplace_back(Keys::ReferenceKey{merchant, std::move(reference)},
                                  answer.id<core::LinkId>());
  }
  return {};
}

Result<void> Loader::take_payouts(Answer& answer) {
  while (answer.next()) {
    CHECK(add_payout(answer));
    if (!answer.is_null()) CHECK(add_fund_account(answer));
  }
  return {};
}

Result<void> Loader::take_contacts(Answer& answer) {
  while (answer.next()) CHECK(add_contact(answer));
  return {};
}

Result<void> Loader::take_tasks(Answer& answer) {
  CHECK(read_into(answer, read_task<Answer>, rows_.tasks));
  if (seen_ == nullptr) return {};
  for (const core::Task& task : rows_.tasks) seen_->tasks.emplace(task.merchant, task.id);
  return {};
}

Result<void> Loader::take_lanes(Answer& answer) {
  return read_into(
      answer, [this](Answer& row) { return read_delivery(row, vault_); }, rows_.lane);
}

Result<void> Loader::take_deliveries(Answer& answer) {
  return read_into(
      answer, [this](Answer& row) { return read_delivery(row, vault_); }, rows_.deliveries);
}

Result<void> Loader::take_merchants(Answer& answer) {
  return read_into(answer, read_merchant<Answer>, rows_.merchants);
}

Result<void> Loader::take_balances(Answer& answer) {
  return read_into(answer, read_balances<Answer>, rows_.balances);
}

Result<void> Loader::take_endpoints(Answer& answer) {
  CHECK(read_into(
      answer, [this](Answer& row) { return read_endpoint(row, vault_); }, rows_.endpoints));
  if (seen_ == nullptr) return {};
  for (const core::Endpoint& row : rows_.endpoints) seen_->endpoints.emplace(row.merchant, row.id);
  return {};
}

Result<void> Loader::take_replies(Answer& answer) {
  return read_into(
      answer, [this](Answer& row) { return read_stored_reply(row, vault_); }, rows_.replies);
}

Result<void> Loader::take_counters(Answer& answer) {
  CHECK(read_into(answer, read_counter<Answer>, rows_.counters));
  if (seen_ == nullptr) return {};
  for (const core::Counter& row : rows_.counters) seen_->counters[{row.merchant, row.key}] = row;
  return {};
}

Result<void> Loader::take_credentials(Answer& answer) {
  return read_into(
      answer, [this](Answer& row) { return read_credential(row, vault_); }, rows_.credentials);
}

Result<void> Loader::take_tokens(Answer& answer) {
  CHECK(read_into(answer, read_refresh_token<Answer>, rows_.refresh_tokens));
  if (seen_ == nullptr) return {};
  for (const core::RefreshToken& row : rows_.refresh_tokens) seen_->tokens[row.hash] = row;
  return {};
}

}  // namespace disburse::store::postgres
