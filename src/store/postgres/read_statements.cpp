// The statements of readers, of leases and of the store's own state.
#include "store/columns.hpp"
#include "store/postgres/sql.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store::postgres {
namespace {

std::string select(const std::string& columns, const std::string& rest) {
  return "select " + columns + " from " + rest;
}

// Free to be taken at $2 (by the real clock, where leases end): and of a link's announcements only
// the first that is left.
const std::string kFree =
    "t.leased_until <= $2::bigint and (t.kind <> 3 or not exists (select 1 from task e "
    "where e.merchant_id = t.merchant_id and e.link_id = t.link_id and e.kind = 3 "
    "and e.task_id < t.task_id))";
static_assert(number_of(core::TaskKind::announce) == 3);

}  // namespace

// ---- links --------------------------------------------------------------------------------------

const Statement kDrift{
    "select greatest(s.id_early_ms, coalesce((select max(w.id_early_ms) from writer w), 0)), "
    "greatest(s.id_late_ms, coalesce((select max(w.id_late_ms) from writer w), 0)) "
    "from store_state s where s.one = 1"};
const Statement kHistoryOfLink{
    select(kHistoryColumns,
           "history where merchant_id = $1::bigint and link_id = $2::bigint "
           "order by number")};
const Statement kPayoutsOfLink{
    select(kPayoutColumns,
           "payout where merchant_id = $1::bigint and link_id = $2::bigint "
           "order by payout_id")};
const Statement kPostingsOfLink{
    select(kPostingColumns,
           "posting where merchant_id = $1::bigint and link_id = $2::bigint "
           "order by posting_id")};
const Statement kDeliveriesOfLink{
    select(kDeliveryColumns,
           "delivery where merchant_id = $1::bigint and link_id = $2::bigint "
           "order by delivery_id")};
const Statement kFundAccounts{
    "select " + of("a", kFundAccountColumns) +
    ", o.recipient_key from fund_account a left join contact o "
    "on o.merchant_id = a.merchant_id and o.contact_id = a.contact_id "
    "where a.merchant_id = $1::bigint and a.fund_account_id in (select p.fund_account_id "
    "from payout p where p.merchant_id = $1::bigint and p.link_id = $2::bigint union "
    "select l.fund_account_id from link l where l.merchant_id = $1::bigint "
    "and l.link_id = $2::bigint) order by a.fund_account_id"};

// ---- merchants ----------------------------------------------------------------------------------

const Statement kAllMerchants{select(kMerchantColumns, "merchant order by merchant_id")};
const Statement kCredentialById{
    select(kCredentialColumns, "credential where credential_id = $1::bigint")};
const Statement kCredentialsOf{
    select(kCredentialColumns, "credential where merchant_id = $1::bigint order by credential_id")};
const Statement kAttempts{"select " + of("t", kAttemptColumns) +
                          " from unnest($1::bigint[], $2::bigint[]) as k (m, i) "
                          "join attempt t on t.merchant_id = k.m and t.delivery_id = k.i "
                          "order by t.merchant_id, t.delivery_id, t.number"};
const Statement kAuditRows{
    select(kAuditColumns, "audit where audit_id > $1::bigint order by audit_id limit $2::bigint")};

// ---- tasks --------------------------------------------------------------------------------------

const Statement kDueTasks{select(kTaskColumns,
                                 "task where is_timer = $1::bigint and due_at <= $2::bigint "
                                 "order by is_timer, due_at, task_id limit $3::bigint")};
const Statement kNextDue{"select t.due_at from task t where t.is_timer = $1::bigint and " + kFree +
                         " order by t.due_at, t.task_id limit 1"};
// The literal, so that the partial index task_queued is taken.
const Statement kQueuedTasks{
    select(kTaskColumns,
           "task where merchant_id = $1::bigint and kind = 2 order by task_id "
           "limit $2::bigint")};
static_assert(number_of(core::TaskKind::retry_queued) == 2);
const Statement kTasksOfKind{select(kTaskColumns,
                                    "task where merchant_id = $1::bigint and kind = $3::bigint "
                                    "order by task_id limit $2::bigint")};

// Looking for what may be taken locks nothing; taking it looks again at each row, and leaves out
// what somebody else is at.
const Statement kTakeable{
    "select t.merchant_id, t.task_id from task t where t.is_timer = $1::bigint "
    "and t.due_at <= $3::bigint and " +
    kFree + " order by t.due_at, t.task_id limit $4::bigint"};
const Statement kLease{
    "with free as (select t.merchant_id, t.task_id from unnest($1::bigint[], $2::bigint[]) "
    "as k (m, i) join task t on t.merchant_id = k.m and t.task_id = k.i "
    "where t.leased_until <= $3::bigint for update of t skip locked) "
    "update task as t set leased_until = $4::bigint, leased_by = $5::bigint from free "
    "where t.merchant_id = free.merchant_id and t.task_id = free.task_id returning " +
    of("t", kTaskColumns)};
const Statement kKeepTasks{
    "update task as t set leased_until = $3::bigint from unnest($1::bigint[], $2::bigint[]) "
    "as k (m, i) where t.merchant_id = k.m and t.task_id = k.i and t.leased_by = $4::bigint "
    "returning t.task_id"};
const Statement kGiveBackTasks{
    "update task as t set leased_until = 0, leased_by = 0 from unnest($1::bigint[], $2::bigint[]) "
    "as k (m, i) where t.merchant_id = k.m and t.task_id = k.i and t.leased_by = $3::bigint"};

// ---- sums ---------------------------------------------------------------------------------------

const Statement kSumMerchants{
    "select merchant_id from merchant union select merchant_id from balances"};
const Statement kSumBalances{select(kBalancesColumns, "balances")};
const Statement kSumPostings{
    "select merchant_id, move, cast(sum(amount_paise) as bigint) from posting "
    "group by merchant_id, move"};
// $1: a set of states, one bit each.
const Statement kSumInFlight{
    "select p.merchant_id, cast(sum(p.amount_paise) as bigint) from payout p left join link l "
    "on l.merchant_id = p.merchant_id and l.link_id = p.link_id "
    "where (($1::bigint >> p.state) & 1) = 1 and (l.held is null or l.held = 0) "
    "group by p.merchant_id"};
const Statement kSumHeld{
    "select merchant_id, cast(sum(amount_paise) as bigint) from link where held = 1 "
    "group by merchant_id"};
const Statement kSumPaidTwice{
    "select merchant_id, count(*) from (select merchant_id, link_id from payout "
    "where state = $1::bigint group by merchant_id, link_id having count(*) > 1) as twice "
    "group by merchant_id"};

// ---- the store's state --------------------------------------------------------------------------

const Statement kStartState{
    "select greatest(s.last_id, coalesce((select max(w.last_id) from writer w), 0)), "
    "coalesce((select max(m.merchant_id) from merchant m), 0), "
    "coalesce((select a.hash from audit a order by a.audit_id desc limit 1), ''::bytea) "
    "from store_state s where s.one = 1"};
const Statement kAddWriter{
    "insert into writer (writer_id, number, last_id, id_early_ms, id_late_ms, seen_at) "
    "values ($1::bigint, 0, 0, 0, 0, $2::bigint) on conflict (writer_id) do nothing"};
// A commit of this writer whose answer was lost is over when this has run, one way or the other.
const Statement kFenceWriter{
    "update writer set number = number + 1, seen_at = $2::bigint where writer_id = $1::bigint "
    "returning number"};
const Statement kLockState{"select one from store_state where one = 1 for update"};
const Statement kTakeOverWriters{
    "update store_state set "
    "last_id = greatest(last_id, coalesce((select max(w.last_id) from writer w "
    "where w.seen_at < $1::bigint), 0)), "
    "id_early_ms = greatest(id_early_ms, coalesce((select max(w.id_early_ms) from writer w "
    "where w.seen_at < $1::bigint), 0)), "
    "id_late_ms = greatest(id_late_ms, coalesce((select max(w.id_late_ms) from writer w "
    "where w.seen_at < $1::bigint), 0)) where one = 1"};
const Statement kForgetWriters{"delete from writer where seen_at < $1::bigint"};

const Statement kAddNodes{
    "insert into node_lease (node, holder, leased_until) select k.node, 0, 0 "
    "from unnest($1::bigint[]) as k (node) on conflict (node) do nothing"};
const Statement kFreeNodes{
    "select node from node_lease where leased_until <= $1::bigint order by leased_until, node "
    "limit $2::bigint"};
const Statement kLeaseNode{
    "update node_lease set holder = $2::bigint, leased_until = $3::bigint "
    "where node = $1::bigint and leased_until <= $4::bigint returning node"};
const Statement kKeepNodes{
    "update node_lease set leased_until = $3::bigint where node = any($1::bigint[]) "
    "and holder = $2::bigint and leased_until > $4::bigint returning node"};
const Statement kGiveBackNodes{
    "update node_lease set leased_until = $3::bigint where node = any($1::bigint[]) "
    "and holder = $2::bigint"};

// ---- the schema ---------------------------------------------------------------------------------

const Statement kServer{
    "select current_setting('server_encoding'), current_setting('synchronous_commit')"};
const Statement kTableThere{
    "select 1 from information_schema.tables where table_schema = current_schema() "
    "and table_name = $1::text"};
const Statement kMakeMigrations{
    "create table if not exists schema_migration (number BIGINT not null, name TEXT not null, "
    "checksum BYTEA not null, primary key (number))"};
// Row 0 is no migration: who has it locked is at work on the schema.
const Statement kAddLockRow{
    "insert into schema_migration (number, name, checksum) values (0, '', ''::bytea) "
    "on conflict (number) do nothing"};
const Statement kLockMigrations{"select number from schema_migration where number = 0 for update"};
const Statement kReadMigrations{
    "select number, name, checksum from schema_migration where number > 0 order by number"};
const Statement kAddMigration{
    "insert into schema_migration (number, name, checksum) "
    "values ($1::bigint, $2::text, $3::bytea)"};
const Statement kColumnsThere{
    "select cast(table_name as text), cast(column_name as text), cast(data_type as text), "
    "case when is_nullable = 'NO' then 1 else 0 end from information_schema.columns "
    "where table_schema = current_schema()"};
const Statement kAddState{
    "insert into store_state (one, last_id, id_early_ms, id_late_ms, key_check, probes) "
    "values (1, 0, 0, 0, $1::bytea, 0)"};
const Statement kReadKeyCheck{"select key_check from store_state where one = 1"};
// Once and for all: the first one who serves the store says what it is for.
const Statement kClaimMode{"update store_state set mode = $1::text where one = 1 and mode is null"};
const Statement kReadMode{"select coalesce(mode, '') from store_state where one = 1"};
const Statement kCitusThere{"select 1 from pg_extension where extname = 'citus'"};
const Statement kDistribute{"select create_distributed_table($1::text, $2::text)"};
const Statement kReference{"select create_reference_table($1::text)"};

}  // namespace disburse::store::postgres
