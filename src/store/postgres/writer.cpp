#include "store/postgres/writer.hpp"

#include <algorithm>
#include <set>

#include "core/limits.hpp"
#include "store/columns.hpp"
#include "store/rows.hpp"

namespace disburse::store::postgres {
namespace {

using core::Changes;
using core::Code;
using core::fail;
using core::Result;

constexpr auto by_id = [](const auto& row) { return std::pair(row.merchant, row.id); };
constexpr auto by_merchant = [](const auto& row) { return row.merchant; };
constexpr auto by_key = [](const auto& row) { return std::pair(row.merchant, row.key); };

// All rows of a table, each bound by `bind`.
template <class Row, class Bind>
Arrays all_of(const std::string& table, const std::string& columns, const std::vector<Row>& rows,
              Bind bind) {
  Arrays arrays = arrays_for(table, columns);
  for (const Row& row : rows) {
    bind(arrays, row);
    arrays.next_row();
  }
  return arrays;
}

// A statement takes a row once: the last one is the one that counts.
template <class Row, class Key>
std::vector<const Row*> last_of_each(const std::vector<Row>& rows, Key key_of) {
  std::map<decltype(key_of(rows[0])), const Row*> last;
  for (const Row& row : rows) last[key_of(row)] = &row;
  std::vector<const Row*> out;
  for (const auto& [key, row] : last) out.push_back(row);
  return out;
}

// The columns and, once more, some of them as they were loaded.
Arrays arrays_with(const std::string& table, const std::string& columns, const std::string& was) {
  return arrays_for(table, columns + ", " + was);
}

}  // namespace

Marks marks_of(const Changes& changes) {
  Marks marks;
  const auto raise_all = [&marks](const auto& rows) {
    for (const auto& row : rows) {
      if constexpr (std::is_integral_v<std::decay_t<decltype(row.id)>>)
        marks.last_id = std::max(marks.last_id, row.id);
      else
        marks.last_id = std::max(marks.last_id, row.id.value);
    }
  };
  raise_all(changes.links);
  raise_all(changes.contacts);
  raise_all(changes.fund_accounts);
  raise_all(changes.payouts);
  raise_all(changes.postings);
  raise_all(changes.tasks);
  raise_all(changes.endpoints);
  raise_all(changes.deliveries);
  raise_all(changes.credentials);
  raise_all(changes.audit);
  for (const core::Link& link : changes.links) {
    if (link.version != 1) continue;
    const std::int64_t ahead = (core::made_at(link.id.value) - link.created_at).count();
    marks.early_ms = std::max(marks.early_ms, -ahead);
    marks.late_ms = std::max(marks.late_ms, ahead);
  }
  return marks;
}

void Writer::queue_rows(const Statement& statement, Arrays&& rows) {
  if (rows.empty()) return;
  Params params;
  params.arrays(std::move(rows));
  connection_.queue(statement, std::move(params));
}

void Writer::queue_counted(const Statement& statement, Arrays&& rows) {
  if (rows.empty()) return;
  const std::int64_t count = rows.rows();
  Params params;
  params.arrays(std::move(rows)).number(count);
  connection_.queue(statement, std::move(params));
}

// Version 1 is inserted, a later one updated. A statement changes a row once, so a row that is
// there with several versions goes through as many statements.
template <class Row, class Key, class Bind>
void Writer::queue_versions(const Versioned& statements, const std::string& table,
                            const std::string& columns, const std::vector<Row>& rows, Key key_of,
                            Bind bind) {
  std::vector<Row> first;
  std::vector<Row> later;
  for (const Row& row : rows) (row.version == 1 ? first : later).push_back(row);
  queue_rows(statements.insert, all_of(table, columns, first, bind));
  while (!later.empty()) {
    std::vector<Row> now;
    std::vector<Row> rest;
    std::set<decltype(key_of(later[0]))> seen;
    for (const Row& row : later) (seen.insert(key_of(row)).second ? now : rest).push_back(row);
    queue_counted(statements.update, all_of(table, columns, now, bind));
    later = std::move(rest);
  }
}

Result<void> Writer::queue(const Changes& changes) {
  const auto versionless = [](const auto& row) { return row.version == 0; };
  if (std::any_of(changes.links.begin(), changes.links.end(), versionless) ||
      std::any_of(changes.payouts.begin(), changes.payouts.end(), versionless) ||
      std::any_of(changes.balances.begin(), changes.balances.end(), versionless)) {
    return fail(Code::internal_error, {}, "a row without a version");
  }
  queue_links(changes);
  CHECK(queue_people(changes));
  queue_money(changes);
  queue_rows(kAddHistory,
             all_of("history", kHistoryColumns, changes.history, bind_history<Arrays>));
  queue_tasks(changes);
  queue_webhooks(changes);
  queue_replies(changes);
  queue_counters(changes);
  queue_tokens(changes);
  queue_merchants(changes);
  queue_audit(changes);
  return {};
}

void Writer::queue_links(const Changes& changes) {
  queue_versions(kPutLinks, "link", kLinkColumns, changes.links, by_id, bind_link<Arrays>);
  const std::set taken(changes.references_taken.begin(), changes.references_taken.end());
  // In the order of their key, so that two batches with the same ones wait and do not lock.
  std::map<std::tuple<core::MerchantId, std::string, core::LinkId>, core::LinkId> rows;
  for (const core::Link& link : changes.links) {
    if (link.version != 1 || link.reference.empty()) continue;
    const bool only = taken.contains({link.merchant, link.reference});
    rows.emplace(std::tuple(link.merchant, link.reference, only ? core::LinkId{} : link.id),
                 link.id);
  }
  Arrays arrays = arrays_for("link_reference", kReferenceColumns);
  for (const auto& [key, link] : rows) {
    const auto& [merchant, reference, id] = key;
    arrays.bind_all(merchant, reference, id);
    if (id)
      arrays.null();
    else
      arrays.bind(link);
    arrays.next_row();
  }
  queue_rows(kAddReferences, std::move(arrays));
}

std::vector<core::Keys::ContactKey> Writer::missing_keys(const Changes& changes) const {
  std::set<std::pair<core::MerchantId, core::ContactId>> known;
  for (const core::Contact& contact : changes.contacts) known.insert(by_id(contact));
  std::vector<core::Keys::ContactKey> missing;
  for (const core::FundAccount& account : changes.fund_accounts) {
    const std::pair key(account.merchant, account.contact);
    if (!known.contains(key) && !seen_.recipient_keys.contains(key))
      missing.push_back({account.merchant, account.contact});
  }
  return missing;
}

Result<const sys::SecretKey*> Writer::key_of(core::MerchantId merchant, core::ContactId contact) {
  const std::pair name(merchant, contact);
  const auto known = keys_.find(name);
  if (known != keys_.end()) return &known->second;
  const auto wrapped = seen_.recipient_keys.find(name);
  if (wrapped == seen_.recipient_keys.end() || wrapped->second.empty()) {
    return fail(Code::internal_error, {}, "a fund account without its contact's key");
  }
  sys::SecretKey key = TRY(vault_.unwrap({merchant, contact}, wrapped->second));
  return &keys_.emplace(name, std::move(key)).first->second;
}

Result<void> Writer::queue_people(const Changes& changes) {
  Arrays contacts = arrays_for("contact", kContactColumns);
  for (const core::Contact& contact : changes.contacts) {
    Vault::NewKey key = vault_.new_recipient_key({contact.merchant, contact.id});
    bind_contact(contacts, contact, key, vault_);
    contacts.next_row();
    keys_.emplace(by_id(contact), std::move(key.key));
  }
  queue_rows(kAddContacts, std::move(contacts));
  Arrays accounts = arrays_for("fund_account", kFundAccountColumns);
  for (const core::FundAccount& account : changes.fund_accounts) {
    const sys::SecretKey* key = TRY(key_of(account.merchant, account.contact));
    bind_fund_account(accounts, account, *key, vault_);
    accounts.next_row();
  }
  queue_rows(kAddFundAccounts, std::move(accounts));
  return {};
}

void Writer::queue_money(const Changes& changes) {
  queue_versions(kPutPayouts, "payout", kPayoutColumns, changes.payouts, by_id,
                 bind_payout<Arrays>);
  queue_versions(kPutBalances, "balances", kBalancesColumns, changes.balances, by_merchant,
                 bind_balances<Arrays>);
  queue_rows(kAddPostings,
             all_of("posting", kPostingColumns, changes.postings, bind_posting<Arrays>));
}

void Writer::queue_audit(const Changes& changes) {
  if (changes.audit.empty()) return;
  connection_.queue(kLockAudit);
  if (changes.audit_after) {
    Params params;
    params.bytes(*changes.audit_after);
    connection_.queue(kCheckAudit, std::move(params));
  }
  queue_rows(kAddAudit, all_of("audit", kAuditColumns, changes.audit, bind_audit<Arrays>));
}

// A task that the batch was decided on must still be there; another one need not.
void Writer::queue_tasks(const Changes& changes) {
  Arrays fresh = arrays_for("task", kTaskColumns);
  Arrays again = arrays_for("task", kTaskColumns);
  for (const core::Task* task : last_of_each(changes.tasks, by_id)) {
    Arrays& to = seen_.tasks.contains(by_id(*task)) ? again : fresh;
    bind_task(to, *task);
    to.next_row();
  }
  queue_rows(kPutTasks.put, std::move(fresh));
  queue_counted(kPutTasks.again, std::move(again));
  if (changes.tasks_done.empty()) return;
  Arrays done({ColumnType::number, ColumnType::number, ColumnType::number});
  std::int64_t loaded = 0;
  for (const TaskName& name : std::set(changes.tasks_done.begin(), changes.tasks_done.end())) {
    const bool seen = seen_.tasks.contains(name);
    done.bind_all(name.first, name.second, seen);
    done.next_row();
    loaded += seen ? 1 : 0;
  }
  Params params;
  params.arrays(std::move(done)).number(loaded);
  connection_.queue(kFinishTasks, std::move(params));
}

void Writer::queue_webhooks(const Changes& changes) {
  Arrays fresh = arrays_for("endpoint", kEndpointColumns);
  Arrays again = arrays_for("endpoint", kEndpointColumns);
  for (const core::Endpoint* row : last_of_each(changes.endpoints, by_id)) {
    Arrays& to = seen_.endpoints.contains(by_id(*row)) ? again : fresh;
    bind_endpoint(to, *row, vault_);
    to.next_row();
  }
  queue_rows(kPutEndpoints.put, std::move(fresh));
  queue_counted(kPutEndpoints.again, std::move(again));
  Arrays removed({ColumnType::number, ColumnType::number});
  for (const auto& [merchant, endpoint] : changes.endpoints_removed) {
    removed.bind_all(merchant, endpoint);
    removed.next_row();
  }
  queue_rows(kRemoveEndpoints, std::move(removed));
  Arrays deliveries = arrays_for("delivery", kDeliveryColumns);
  for (const core::Delivery* row : last_of_each(changes.deliveries, by_id)) {
    bind_delivery(deliveries, *row, vault_);
    deliveries.next_row();
  }
  queue_rows(kPutDeliveries, std::move(deliveries));
  queue_rows(kAddAttempts,
             all_of("attempt", kAttemptColumns, changes.attempts,
                    [this](Arrays& to, const auto& row) { bind_attempt(to, row, vault_); }));
}

// In the order of their hashes, so that two batches with the same keys wait and do not lock. Two
// with the same key in one batch are two rows here, and the statement fails: as they should.
void Writer::queue_replies(const Changes& changes) {
  if (changes.replies.empty()) return;
  std::map<std::pair<core::MerchantId, std::string>, std::vector<const core::StoredReply*>> sorted;
  for (const core::StoredReply& reply : changes.replies) {
    sorted[{reply.merchant, vault_.reply_hash(reply.merchant, reply.key)}].push_back(&reply);
  }
  Arrays rows = arrays_for("stored_reply", kStoredReplyColumns);
  for (const auto& [key, replies] : sorted) {
    for (const core::StoredReply* reply : replies) {
      bind_stored_reply(rows, *reply, vault_);
      rows.next_row();
    }
  }
  const std::int64_t count = rows.rows();
  Params params;
  params.arrays(std::move(rows)).number(core::limits::kIdempotencyLife.count()).number(count);
  connection_.queue(kPutReplies, std::move(params));
}

// A count may have gone up elsewhere since it was loaded; one that was not there may be there.
void Writer::queue_counters(const Changes& changes) {
  Arrays any = arrays_for("counter", kCounterColumns);
  Arrays fresh = arrays_for("counter", kCounterColumns);
  Arrays again = arrays_with("counter", kCounterColumns, "window_start, count");
  for (const core::Counter* row : last_of_each(changes.counters, by_key)) {
    const auto seen = seen_.counters.find({row->merchant, row->key});
    const bool loaded = seen != seen_.counters.end();
    Arrays& to = !loaded ? any : seen->second ? again : fresh;
    bind_counter(to, *row);
    if (loaded && seen->second) to.bind_all(seen->second->window_start, seen->second->count);
    to.next_row();
  }
  queue_rows(kPutCounters.put, std::move(any));
  queue_rows(kAddCounters, std::move(fresh));
  queue_counted(kPutCounters.again, std::move(again));
}

void Writer::queue_tokens(const Changes& changes) {
  Arrays fresh = arrays_for("refresh_token", kRefreshTokenColumns);
  Arrays again = arrays_with("refresh_token", kRefreshTokenColumns, "used");
  for (const core::RefreshToken* row :
       last_of_each(changes.refresh_tokens, [](const auto& token) { return token.hash; })) {
    const auto seen = seen_.tokens.find(row->hash);
    Arrays& to = seen == seen_.tokens.end() ? fresh : again;
    bind_refresh_token(to, *row);
    if (seen != seen_.tokens.end()) to.bind(seen->second.used);
    to.next_row();
  }
  queue_rows(kPutTokens.put, std::move(fresh));
  queue_counted(kPutTokens.again, std::move(again));
}

void Writer::queue_merchants(const Changes& changes) {
  Arrays merchants = arrays_for("merchant", kMerchantColumns);
  for (const core::Merchant* row :
       last_of_each(changes.merchants, [](const auto& merchant) { return merchant.id; })) {
    bind_merchant(merchants, *row);
    merchants.next_row();
  }
  queue_rows(kPutMerchants, std::move(merchants));
  Arrays credentials = arrays_for("credential", kCredentialColumns);
  for (const core::Credential* row : last_of_each(changes.credentials, [](const auto& one) {
         return std::tuple(one.dialect, one.kind, one.name);
       })) {
    bind_credential(credentials, *row, vault_);
    credentials.next_row();
  }
  queue_rows(kPutCredentials, std::move(credentials));
}

}  // namespace disburse::store::postgres
