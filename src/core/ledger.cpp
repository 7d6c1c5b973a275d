// The ledger's moves.
#include "core/ledger.hpp"

namespace disburse::core {
namespace {

// The balance that a posting to or from the account changes.
std::int64_t& balance_of(Balances& balances, LedgerAccount account) {
  switch (account) {
    case LedgerAccount::funding:
      return balances.deposited;
    case LedgerAccount::available:
      return balances.available;
    case LedgerAccount::held:
      return balances.held;
    case LedgerAccount::paid:
      return balances.paid;
  }
  return balances.deposited;
}

}  // namespace

MoveAccounts accounts_of(LedgerMove move) {
  using enum LedgerAccount;
  switch (move) {
    case LedgerMove::deposit:
      return {funding, available};
    case LedgerMove::hold:
      return {available, held};
    case LedgerMove::release:
      return {held, available};
    case LedgerMove::settle:
      return {held, paid};
    case LedgerMove::reverse:
      return {paid, available};
  }
  return {funding, available};
}

Result<Balances> after(const Balances& before, LedgerMove move, Money amount) {
  const MoveAccounts accounts = accounts_of(move);
  Balances next = before;
  ++next.version;
  // `deposited` is funding's balance with its sign turned, so it grows as money leaves funding.
  std::int64_t& from = balance_of(next, accounts.from);
  from += accounts.from == LedgerAccount::funding ? amount.paise() : -amount.paise();
  if (from < 0 && accounts.from == LedgerAccount::available)
    return fail(Code::balance_too_low, "amount");
  if (from < 0) return fail(Code::ledger_would_break);
  std::int64_t& to = balance_of(next, accounts.to);
  to += amount.paise();
  if (to > Money::kMaxPaise) return fail(Code::amount_too_large, "amount");
  return next;
}

}  // namespace disburse::core
