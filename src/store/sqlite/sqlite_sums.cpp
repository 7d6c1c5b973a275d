// The ledger beside what it should come to: sums over every posting, payout and link.
#include <map>

#include "store/ledger_check.hpp"
#include "store/rows.hpp"
#include "store/sqlite/columns.hpp"
#include "store/sqlite/sqlite_reader.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store {
namespace {

using core::MerchantId;
using core::Result;

const Sql kAllMerchants{"select merchant_id from merchant union select merchant_id from balances"};
const Sql kAllBalances{"select " + kBalancesColumns + " from balances"};
const Sql kSumPostings{
    "select merchant_id, move, sum(amount_paise) from posting group by merchant_id, move"};
// ?1 is a set of states, one bit each.
const Sql kSumInFlight{
    "select payout.merchant_id, sum(payout.amount_paise) from payout left join link "
    "on link.merchant_id = payout.merchant_id and link.link_id = payout.link_id "
    "where ((?1 >> payout.state) & 1) = 1 and (link.held is null or link.held = 0) "
    "group by payout.merchant_id"};
const Sql kSumHeld{
    "select merchant_id, sum(amount_paise) from link where held = 1 group by merchant_id"};
const Sql kPaidTwice{
    "select merchant_id, count(*) from (select merchant_id, link_id from payout where state = ?1 "
    "group by merchant_id, link_id having count(*) > 1) as twice group by merchant_id"};

std::int64_t states_in_flight() {
  std::int64_t set = 0;
  for (int state = 0; state < static_cast<int>(core::kPayoutStateCount); ++state) {
    if (is_in_flight(static_cast<core::PayoutState>(state))) set |= std::int64_t{1} << state;
  }
  return set;
}

}  // namespace

Result<std::vector<Reader::LedgerSums>> SqliteReader::read_sums() {
  std::map<MerchantId, LedgerSums> sums;
  // Calls `take` with the merchant's sums for each row, the merchant's column read already.
  const auto for_rows = [this, &sums](const Sql& sql, std::optional<std::int64_t> parameter,
                                      auto take) -> Result<void> {
    Run run = TRY(connection_->run(sql));
    if (parameter) run.bind(*parameter);
    while (TRY(run.next())) take(run, sums[run.merchant()]);
    return run.readable();
  };
  CHECK(for_rows(kAllMerchants, {}, [](Run&, LedgerSums&) {}));
  {
    Run run = TRY(connection_->run(kAllBalances));
    const std::vector<core::Balances> rows = TRY(read_all(run, read_balances<Run>));
    for (const core::Balances& row : rows) sums[row.merchant].balances = row;
  }
  CHECK(for_rows(kSumPostings, {}, [](Run& run, LedgerSums& one) {
    const core::LedgerMove move = run.number(core::LedgerMove::reverse);
    add_move(one.from_postings, move, run.i64());
  }));
  CHECK(for_rows(kSumInFlight, states_in_flight(),
                 [](Run& run, LedgerSums& one) { one.in_flight = run.i64(); }));
  CHECK(for_rows(kSumHeld, {}, [](Run& run, LedgerSums& one) { one.held_links = run.i64(); }));
  CHECK(for_rows(kPaidTwice, std::int64_t{number_of(core::PayoutState::settled)},
                 [](Run& run, LedgerSums& one) { one.paid_twice = run.u64(); }));
  std::vector<LedgerSums> out;
  for (auto& [id, one] : sums) {
    one.balances.merchant = one.from_postings.merchant = id;
    out.push_back(one);
  }
  return out;
}

}  // namespace disburse::store
