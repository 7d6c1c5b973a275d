// The statements that find rows by arrays of keys.
//
// Where rows are locked they are so in the order of their keys, whatever the order they were asked
// for in, so that two batches wait for one another and never in a circle. What belongs to a link is
// read by a statement of its own after the one that locks it: a statement sees the state of its
// own beginning, and may have waited since.
#include "store/columns.hpp"
#include "store/postgres/sql.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store::postgres {
namespace {

// The links that a batch asks for, in four ways.
const std::string kWanted =
    "with wanted as (select k.m, k.i from unnest($1::bigint[], $2::bigint[]) as k (m, i) "
    "union select p.merchant_id, p.link_id from unnest($3::bigint[], $4::bigint[]) as k (m, i) "
    "join payout p on p.merchant_id = k.m and p.payout_id = k.i "
    "union select k.m, x.link_id from unnest($5::bigint[], $6::text[]) as k (m, r) "
    "cross join lateral (select coalesce(r.only_link_id, r.link_id) as link_id "
    "from link_reference r where r.merchant_id = k.m and r.reference = k.r "
    "order by r.link_id desc limit 1) as x) ";

const std::string kWantedLinks =
    "from wanted w join link l on l.merchant_id = w.m and l.link_id = w.i";

Lockable lockable(const std::string& text, const std::string& order, const std::string& table) {
  return {.plain = {text + " order by " + order},
          .locked = {text + " order by " + order + " for update of " + table}};
}

std::string by_two(const std::string& table, const std::string& columns, const std::string& second,
                   const std::string& type) {
  return "select " + of("t", columns) + " from unnest($1::bigint[], $2::" + type +
         "[]) as k (m, i) join " + table + " t on t.merchant_id = k.m and t." + second + " = k.i";
}

}  // namespace

const Lockable kLinks = lockable(kWanted + "select " + of("l", kLinkColumns) + " " + kWantedLinks,
                                 "l.merchant_id, l.link_id", "l");
const Statement kAround{
    kWanted + "select " + of("c", kContactColumns) + ", " + of("a", kFundAccountColumns) +
    ", o.recipient_key, " + of("p", kPayoutColumns) + " " + kWantedLinks +
    " left join contact c on c.merchant_id = l.merchant_id and c.contact_id = l.contact_id "
    "left join fund_account a on a.merchant_id = l.merchant_id "
    "and a.fund_account_id = l.fund_account_id "
    "left join contact o on o.merchant_id = a.merchant_id and o.contact_id = a.contact_id "
    "left join payout p on p.merchant_id = l.merchant_id and p.payout_id = l.payout_id"};
const Statement kReferences{
    "select k.m, k.r, x.link_id from unnest($1::bigint[], $2::text[]) as k (m, r) "
    "cross join lateral (select coalesce(r.only_link_id, r.link_id) as link_id "
    "from link_reference r where r.merchant_id = k.m and r.reference = k.r "
    "order by r.link_id desc limit 1) as x"};
const Statement kPayouts{
    "select " + of("p", kPayoutColumns) + ", " + of("a", kFundAccountColumns) +
    ", o.recipient_key from unnest($1::bigint[], $2::bigint[]) as k (m, i) "
    "join payout p on p.merchant_id = k.m and p.payout_id = k.i "
    "left join fund_account a on a.merchant_id = p.merchant_id "
    "and a.fund_account_id = p.fund_account_id "
    "left join contact o on o.merchant_id = a.merchant_id and o.contact_id = a.contact_id"};
const Statement kContacts{by_two("contact", kContactColumns, "contact_id", "bigint")};
const Statement kRecipientKeys{
    by_two("contact", "merchant_id, contact_id, recipient_key", "contact_id", "bigint")};
const Lockable kTasks =
    lockable(by_two("task", kTaskColumns, "task_id", "bigint"), "t.merchant_id, t.task_id", "t");
const Statement kLanes{
    "select d.merchant_id, d.delivery_id, d.link_id, d.endpoint_id, d.state, d.event, d.event_id, "
    "d.target, cast(null as bytea), d.tries, d.created_at, d.due_at, d.replay_of "
    "from unnest($1::bigint[], $2::bigint[]) as k (m, i) "
    "join delivery d on d.merchant_id = k.m and d.link_id = k.i and d.state in (0, 1) "
    "order by d.delivery_id"};
static_assert(number_of(core::DeliveryState::waiting) == 0 &&
              number_of(core::DeliveryState::due) == 1);
const Statement kDeliveries{by_two("delivery", kDeliveryColumns, "delivery_id", "bigint")};

const Statement kMerchants{"select " + kMerchantColumns +
                           " from merchant where merchant_id = any($1::bigint[])"};
const Statement kBalances{"select " + kBalancesColumns +
                          " from balances where merchant_id = any($1::bigint[])"};
// Where money is held when a link is issued, nearly everything moves money.
const Statement kLockMoney{
    "select b.merchant_id from unnest($1::bigint[], $2::bigint[]) as k (m, always) "
    "join balances b on b.merchant_id = k.m join merchant t on t.merchant_id = k.m "
    "where k.always = 1 or t.hold_at = 1 order by b.merchant_id for update of b"};
static_assert(number_of(core::HoldAt::issue) == 1);
const Statement kEndpoints{"select " + kEndpointColumns +
                           " from endpoint where merchant_id = any($1::bigint[]) "
                           "order by merchant_id, endpoint_id"};
const Statement kReplies{by_two("stored_reply", kStoredReplyColumns, "key_hash", "bytea")};
const Lockable kCounters = lockable(by_two("counter", kCounterColumns, "counter_key", "bytea"),
                                    "t.merchant_id, t.counter_key", "t");
const Statement kCredentials{
    "select " + of("t", kCredentialColumns) +
    " from unnest($1::text[], $2::text[], $3::text[]) as k (d, k, n) "
    "join credential t on t.dialect = k.d and t.kind = k.k and t.name = k.n"};
const Lockable kTokens = lockable("select " + kRefreshTokenColumns +
                                      " from refresh_token t where t.token_hash = any($1::bytea[])",
                                  "t.token_hash", "t");

}  // namespace disburse::store::postgres
