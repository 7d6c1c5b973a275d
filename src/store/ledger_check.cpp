#include "store/ledger_check.hpp"

namespace disburse::store {
namespace {

std::int64_t& account_of(core::Balances& sums, core::LedgerAccount account) {
  switch (account) {
    case core::LedgerAccount::funding:
      return sums.deposited;
    case core::LedgerAccount::available:
      return sums.available;
    case core::LedgerAccount::held:
      return sums.held;
    case core::LedgerAccount::paid:
      return sums.paid;
  }
  return sums.deposited;
}

}  // namespace

void add_move(core::Balances& sums, core::LedgerMove move, std::int64_t paise) {
  const core::MoveAccounts accounts = core::accounts_of(move);
  // Funding's own balance is `deposited` with its sign turned.
  const bool funded = accounts.from == core::LedgerAccount::funding;
  account_of(sums, accounts.from) += funded ? paise : -paise;
  account_of(sums, accounts.to) += paise;
}

}  // namespace disburse::store
