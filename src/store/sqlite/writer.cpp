#include "store/sqlite/writer.hpp"

#include <algorithm>
#include <set>

#include "core/limits.hpp"
#include "store/rows.hpp"
#include "store/sqlite/columns.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Code;
using core::fail;
using core::Result;

Sql insert(const std::string& table, const std::string& columns) {
  return Sql{insert_into(table, columns)};
}

// Takes the row only over the version before its own (?3, or ?2 where there is no id).
Sql update(const std::string& table, const std::string& columns, const std::string& keys,
           const std::string& where) {
  return Sql{"update " + table + " set " + set_columns(columns, keys) + " where " + where};
}

Sql put(const std::string& table, const std::string& columns, const std::string& keys,
        const std::string& but = "") {
  return Sql{insert_into(table, columns) + " on conflict (" + keys + ") do update set " +
             set_columns(columns, but.empty() ? keys : but)};
}

const Sql kInsertLink = insert("link", kLinkColumns);
// The reference stays: link_reference is written with the first version only.
const Sql kUpdateLink = update("link", kLinkColumns, "merchant_id, link_id, reference",
                               "merchant_id = ?1 and link_id = ?2 and version = ?3 - 1");
const Sql kInsertReference = insert("link_reference", kReferenceColumns);
const Sql kInsertContact = insert("contact", kContactColumns);
const Sql kInsertFundAccount = insert("fund_account", kFundAccountColumns);
const Sql kInsertPayout = insert("payout", kPayoutColumns);
const Sql kUpdatePayout = update("payout", kPayoutColumns, "merchant_id, payout_id",
                                 "merchant_id = ?1 and payout_id = ?2 and version = ?3 - 1");
const Sql kInsertBalances = insert("balances", kBalancesColumns);
const Sql kUpdateBalances =
    update("balances", kBalancesColumns, "merchant_id", "merchant_id = ?1 and version = ?2 - 1");
const Sql kInsertHistory = insert("history", kHistoryColumns);
const Sql kInsertPosting = insert("posting", kPostingColumns);
const Sql kPutTask = put("task", kTaskColumns, "merchant_id, task_id");
const Sql kDeleteTask{"delete from task where merchant_id = ?1 and task_id = ?2"};
const Sql kPutEndpoint = put("endpoint", kEndpointColumns, "merchant_id, endpoint_id");
const Sql kDeleteEndpoint{"delete from endpoint where merchant_id = ?1 and endpoint_id = ?2"};
// What is sent never changes: a row that was loaded for its lane, without its body, is put again
// with another state only.
const Sql kPutDelivery = put("delivery", kDeliveryColumns, "merchant_id, delivery_id",
                             "merchant_id, delivery_id, link_id, endpoint_id, event, event_id, "
                             "target, body, created_at, replay_of");
const Sql kInsertAttempt = insert("attempt", kAttemptColumns);
// A key may be used again once its reply has outlived its promise (?9).
const Sql kPutReply{put("stored_reply", kStoredReplyColumns, "merchant_id, key_hash").text +
                    " where stored_reply.replied_at <= ?9"};
const Sql kPutCounter = put("counter", kCounterColumns, "merchant_id, counter_key");
const Sql kPutMerchant = put("merchant", kMerchantColumns, "merchant_id");
const Sql kPutCredential = put("credential", kCredentialColumns, "dialect, kind, name");
const Sql kPutRefreshToken = put("refresh_token", kRefreshTokenColumns, "token_hash");
const Sql kLastAudit{"select hash from audit order by audit_id desc limit 1"};
const Sql kInsertAudit = insert("audit", kAuditColumns);
const Sql kRaiseState{
    "update store_state set last_id = case when last_id < ?1 then ?1 else last_id end, "
    "id_early_ms = case when id_early_ms < ?2 then ?2 else id_early_ms end, "
    "id_late_ms = case when id_late_ms < ?3 then ?3 else id_late_ms end where one = 1 "
    "and (last_id < ?1 or id_early_ms < ?2 or id_late_ms < ?3)"};

// Runs one statement for each row, prepared once.
template <class Row, class Bind>
Result<void> each(Connection& connection, const Sql& sql, const std::vector<Row>& rows, Bind bind) {
  if (rows.empty()) return {};
  Run run = TRY(connection.run(sql));
  for (const Row& row : rows) {
    bind(run, row);
    CHECK(run.finish());
    run.again();
  }
  return {};
}

// Inserts version 1, updates a later one; the row count tells whether the version before was there.
template <class Row, class Bind>
Result<void> next_version(Connection& connection, const Sql& insert_sql, const Sql& update_sql,
                          const Row& row, Bind bind) {
  if (row.version == 0) return fail(Code::internal_error, {}, "a row without a version");
  Run run = TRY(connection.run(row.version == 1 ? insert_sql : update_sql));
  bind(run, row);
  if (TRY(run.finish()) == 1) return {};
  return fail(Code::version_conflict, {}, "a row has another version");
}

}  // namespace

Result<std::string> last_audit_hash(Connection& connection) {
  Run run = TRY(connection.run(kLastAudit));
  if (!TRY(run.next())) return std::string();
  return run.text();
}

Result<void> Writer::write(const Changes& changes) {
  CHECK(write_links(changes));
  CHECK(write_people(changes));
  CHECK(write_money(changes));
  CHECK(write_history(changes));
  CHECK(write_tasks(changes));
  CHECK(write_endpoints(changes));
  CHECK(write_deliveries(changes));
  CHECK(write_replies(changes));
  CHECK(write_merchants(changes));
  return write_state(changes);
}

Result<void> Writer::write_links(const Changes& changes) {
  const std::set taken(changes.references_taken.begin(), changes.references_taken.end());
  for (const core::Link& link : changes.links) {
    CHECK(next_version(connection_, kInsertLink, kUpdateLink, link, bind_link<Run>));
    if (link.version == 1 && !link.reference.empty()) {
      CHECK(write_reference(link, taken.contains({link.merchant, link.reference})));
    }
  }
  return {};
}

Result<void> Writer::write_reference(const core::Link& link, bool only) {
  Run run = TRY(connection_.run(kInsertReference));
  run.bind_all(link.merchant, link.reference, only ? core::LinkId{} : link.id);
  if (only)
    run.bind(link.id);
  else
    run.null();
  CHECK(run.finish());
  return {};
}

Result<void> Writer::write_people(const Changes& changes) {
  for (const core::Contact& contact : changes.contacts) {
    Vault::NewKey key = vault_.new_recipient_key({contact.merchant, contact.id});
    Run run = TRY(connection_.run(kInsertContact));
    bind_contact(run, contact, key, vault_);
    CHECK(run.finish());
    keys_.emplace(std::pair(contact.merchant, contact.id), std::move(key.key));
  }
  for (const core::FundAccount& account : changes.fund_accounts) {
    const sys::SecretKey* key = TRY(key_of(account.merchant, account.contact));
    Run run = TRY(connection_.run(kInsertFundAccount));
    bind_fund_account(run, account, *key, vault_);
    CHECK(run.finish());
  }
  return {};
}

Result<const sys::SecretKey*> Writer::key_of(core::MerchantId merchant, core::ContactId contact) {
  const auto known = keys_.find(std::pair(merchant, contact));
  if (known != keys_.end()) return &known->second;
  const auto wrapped = TRY(finder_.recipient_key(merchant, contact));
  if (!wrapped || wrapped->empty()) {
    return fail(Code::internal_error, {}, "a fund account without its contact's key");
  }
  sys::SecretKey key = TRY(vault_.unwrap({merchant, contact}, *wrapped));
  return &keys_.emplace(std::pair(merchant, contact), std::move(key)).first->second;
}

Result<void> Writer::write_money(const Changes& changes) {
  for (const core::Payout& payout : changes.payouts) {
    CHECK(next_version(connection_, kInsertPayout, kUpdatePayout, payout, bind_payout<Run>));
  }
  for (const core::Balances& row : changes.balances) {
    CHECK(next_version(connection_, kInsertBalances, kUpdateBalances, row, bind_balances<Run>));
  }
  return each(connection_, kInsertPosting, changes.postings, bind_posting<Run>);
}

Result<void> Writer::write_history(const Changes& changes) {
  CHECK(each(connection_, kInsertHistory, changes.history, bind_history<Run>));
  if (changes.audit_after && TRY(last_audit_hash(connection_)) != *changes.audit_after) {
    return fail(Code::version_conflict, {}, "the audit chain has gone on");
  }
  return each(connection_, kInsertAudit, changes.audit, bind_audit<Run>);
}

Result<void> Writer::write_tasks(const Changes& changes) {
  CHECK(each(connection_, kPutTask, changes.tasks, bind_task<Run>));
  return each(connection_, kDeleteTask, changes.tasks_done,
              [](Run& run, const auto& key) { run.bind_all(key.first, key.second); });
}

Result<void> Writer::write_endpoints(const Changes& changes) {
  CHECK(each(connection_, kPutEndpoint, changes.endpoints,
             [this](Run& run, const auto& row) { bind_endpoint(run, row, vault_); }));
  return each(connection_, kDeleteEndpoint, changes.endpoints_removed,
              [](Run& run, const auto& key) { run.bind_all(key.first, key.second); });
}

Result<void> Writer::write_deliveries(const Changes& changes) {
  CHECK(each(connection_, kPutDelivery, changes.deliveries,
             [this](Run& run, const auto& row) { bind_delivery(run, row, vault_); }));
  return each(connection_, kInsertAttempt, changes.attempts,
              [this](Run& run, const auto& row) { bind_attempt(run, row, vault_); });
}

Result<void> Writer::write_replies(const Changes& changes) {
  for (const core::StoredReply& reply : changes.replies) {
    Run run = TRY(connection_.run(kPutReply));
    bind_stored_reply(run, reply, vault_);
    run.bind(reply.at - core::limits::kIdempotencyLife);
    if (TRY(run.finish()) == 1) continue;
    return fail(Code::version_conflict, {}, "the idempotency key has a reply already");
  }
  return each(connection_, kPutCounter, changes.counters, bind_counter<Run>);
}

Result<void> Writer::write_merchants(const Changes& changes) {
  CHECK(each(connection_, kPutMerchant, changes.merchants, bind_merchant<Run>));
  CHECK(each(connection_, kPutCredential, changes.credentials,
             [this](Run& run, const auto& row) { bind_credential(run, row, vault_); }));
  return each(connection_, kPutRefreshToken, changes.refresh_tokens, bind_refresh_token<Run>);
}

namespace {

// What store_state must be at least after the batch.
struct Marks {
  std::uint64_t last_id = 0;
  std::int64_t early_ms = 0;
  std::int64_t late_ms = 0;

  void raise(std::uint64_t id) { last_id = std::max(last_id, id); }
  template <class Row>
  void raise_all(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      if constexpr (std::is_integral_v<decltype(row.id)>)
        raise(row.id);
      else
        raise(row.id.value);
    }
  }
};

Marks marks_of(const Changes& changes) {
  Marks marks;
  marks.raise_all(changes.links);
  marks.raise_all(changes.contacts);
  marks.raise_all(changes.fund_accounts);
  marks.raise_all(changes.payouts);
  marks.raise_all(changes.postings);
  marks.raise_all(changes.tasks);
  marks.raise_all(changes.endpoints);
  marks.raise_all(changes.deliveries);
  marks.raise_all(changes.credentials);
  marks.raise_all(changes.audit);
  for (const core::Link& link : changes.links) {
    if (link.version != 1) continue;
    const std::int64_t ahead = (core::made_at(link.id.value) - link.created_at).count();
    marks.early_ms = std::max(marks.early_ms, -ahead);
    marks.late_ms = std::max(marks.late_ms, ahead);
  }
  return marks;
}

}  // namespace

Result<void> Writer::write_state(const Changes& changes) {
  const Marks marks = marks_of(changes);
  Run run = TRY(connection_.run(kRaiseState));
  run.bind_all(marks.last_id, marks.early_ms, marks.late_ms);
  CHECK(run.finish());
  return {};
}

}  // namespace disburse::store
