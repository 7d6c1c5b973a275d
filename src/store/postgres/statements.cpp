// The statements that write rows, made from the columns of store/columns.hpp.
#include "store/postgres/statements.hpp"

#include <algorithm>

#include "store/columns.hpp"
#include "store/postgres/sql.hpp"

namespace disburse::store::postgres {

Arrays arrays_for(std::string_view table, const std::string& columns) {
  return Arrays(types_of(table_named(table), names_in(columns)));
}

const Statement kBegin{"begin isolation level read committed"};
const Statement kBeginReading{"begin isolation level repeatable read read only"};
const Statement kCommit{"commit"};
const Statement kRollback{"rollback"};

const Versioned kPutLinks = versioned("link", kLinkColumns, "merchant_id, link_id", "reference");
const Versioned kPutPayouts = versioned("payout", kPayoutColumns, "merchant_id, payout_id");
const Versioned kPutBalances = versioned("balances", kBalancesColumns, "merchant_id");

const Statement kAddReferences = insert("link_reference", kReferenceColumns);
const Statement kAddContacts = insert("contact", kContactColumns);
const Statement kAddFundAccounts = insert("fund_account", kFundAccountColumns);
const Statement kAddHistory = insert("history", kHistoryColumns);
const Statement kAddPostings = insert("posting", kPostingColumns);
const Statement kAddAttempts = insert("attempt", kAttemptColumns);
const Statement kAddAudit = insert("audit", kAuditColumns);
const Statement kAddCounters = insert("counter", kCounterColumns);

const Put kPutTasks{put("task", kTaskColumns, "merchant_id, task_id"),
                    again("task", kTaskColumns, "merchant_id, task_id")};
const Put kPutEndpoints{put("endpoint", kEndpointColumns, "merchant_id, endpoint_id"),
                        again("endpoint", kEndpointColumns, "merchant_id, endpoint_id")};
const Put kPutCounters{
    put("counter", kCounterColumns, "merchant_id, counter_key"),
    again("counter", kCounterColumns, "merchant_id, counter_key", "window_start, count")};
const Put kPutTokens{put("refresh_token", kRefreshTokenColumns, "token_hash"),
                     again("refresh_token", kRefreshTokenColumns, "token_hash", "used")};
// What is sent never changes: a row that was loaded for its lane, without its body, is put again
// with another state only.
const Statement kPutDeliveries = put("delivery", kDeliveryColumns, "merchant_id, delivery_id",
                                     "link_id, endpoint_id, event, event_id, target, body, "
                                     "created_at, replay_of");
const Statement kPutMerchants = put("merchant", kMerchantColumns, "merchant_id");
const Statement kPutCredentials = put("credential", kCredentialColumns, "dialect, kind, name");
// A key may be used again once its reply has outlived its promise.
const Statement kPutReplies = [] {
  const RowArrays rows("stored_reply", kStoredReplyColumns);
  const std::string life = rows.parameter(0, "bigint");
  return Statement{counted(put("stored_reply", kStoredReplyColumns, "merchant_id, key_hash").text +
                               " where t.replied_at <= excluded.replied_at - " + life +
                               " returning 1",
                           rows.parameter(1, "bigint"))};
}();
const Statement kFinishTasks{
    "with gone as (delete from task t using unnest($1::bigint[], $2::bigint[], $3::bigint[]) "
    "as k (merchant_id, task_id, loaded) where t.merchant_id = k.merchant_id "
    "and t.task_id = k.task_id returning k.loaded) "
    "select cast(case when count(*) = $4::bigint then '0' else 'version_conflict' end as bigint) "
    "from gone where loaded = 1"};
const Statement kRemoveEndpoints{
    "delete from endpoint t using unnest($1::bigint[], $2::bigint[]) as k (merchant_id, "
    "endpoint_id) where t.merchant_id = k.merchant_id and t.endpoint_id = k.endpoint_id"};

// Who adds to the audit chain does so alone: the second statement sees what the first waited for.
const Statement kLockAudit{"select one from store_state where one = 1 for update"};
const Statement kCheckAudit{
    "select cast(case when (select count(*) from (select hash from audit order by audit_id desc "
    "limit 1) as head where head.hash <> $1::bytea) = 0 and ($1::bytea = ''::bytea or "
    "exists (select 1 from audit)) then '0' else 'version_conflict' end as bigint)"};

const Statement kMarkCommit{
    counted("update writer set number = $2::bigint, last_id = case when last_id < $3::bigint then "
            "$3::bigint else last_id end, id_early_ms = case when id_early_ms < $4::bigint then "
            "$4::bigint else id_early_ms end, id_late_ms = case when id_late_ms < $5::bigint then "
            "$5::bigint else id_late_ms end, seen_at = $6::bigint where writer_id = $1::bigint "
            "and number = $2::bigint - 1 returning 1",
            "1")};

namespace {

// clang-format off
const Statement* const kAll[] = {
    &kBegin, &kBeginReading, &kCommit, &kRollback, &kLinks.plain, &kLinks.locked, &kAround,
    &kTasks.plain, &kTasks.locked, &kCounters.plain, &kCounters.locked, &kTokens.plain,
    &kTokens.locked, &kLockMoney, &kReferences, &kPayouts, &kContacts, &kRecipientKeys, &kLanes,
    &kDeliveries, &kMerchants, &kBalances, &kEndpoints, &kReplies, &kCredentials,
    &kPutLinks.insert, &kPutLinks.update, &kPutPayouts.insert, &kPutPayouts.update,
    &kPutBalances.insert, &kPutBalances.update, &kAddReferences, &kAddContacts, &kAddFundAccounts,
    &kAddHistory, &kAddPostings, &kAddAttempts, &kAddAudit, &kAddCounters, &kPutTasks.put,
    &kPutTasks.again, &kPutEndpoints.put, &kPutEndpoints.again, &kPutCounters.put,
    &kPutCounters.again, &kPutTokens.put, &kPutTokens.again, &kPutDeliveries, &kPutMerchants,
    &kPutCredentials, &kPutReplies, &kFinishTasks, &kRemoveEndpoints, &kLockAudit, &kCheckAudit,
    &kMarkCommit, &kStartState, &kAddWriter, &kFenceWriter, &kLockState, &kTakeOverWriters,
    &kForgetWriters, &kFreeNodes, &kLeaseNode, &kKeepNodes, &kGiveBackNodes, &kAddNodes, &kDrift,
    &kHistoryOfLink, &kPayoutsOfLink, &kPostingsOfLink, &kDeliveriesOfLink, &kFundAccounts,
    &kAllMerchants, &kCredentialById, &kCredentialsOf, &kAttempts, &kAuditRows, &kDueTasks,
    &kNextDue, &kQueuedTasks, &kTasksOfKind, &kTakeable, &kLease, &kKeepTasks, &kGiveBackTasks,
    &kSumMerchants, &kSumBalances, &kSumPostings, &kSumInFlight, &kSumHeld, &kSumPaidTwice,
    &kTableThere, &kMakeMigrations, &kLockMigrations, &kAddLockRow, &kReadMigrations,
    &kAddMigration, &kColumnsThere, &kAddState, &kReadKeyCheck, &kCitusThere, &kDistribute,
    &kReference, &kServer,
};
// clang-format on

}  // namespace

std::span<const Statement* const> all_statements() { return kAll; }

}  // namespace disburse::store::postgres
