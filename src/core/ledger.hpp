// The ledger: double entry, per merchant. An entry moves a sum from one account to another, so that
// the sum of all postings is zero by construction; balances are kept beside it and checked against
// it (disburse ledger verify).
#pragma once

#include <cstdint>
#include <string_view>

#include "core/ids.hpp"
#include "core/money.hpp"

namespace disburse::core {

enum class LedgerAccount : std::uint8_t {
  funding,  // the world outside; the only one that may go below zero
  available,
  held,  // promised: links held at issue and payouts in flight
  paid,  // gone to recipients
};

enum class LedgerMove : std::uint8_t { deposit, hold, release, settle, reverse };
std::string_view name(LedgerMove move);
std::string_view name(LedgerAccount account);

struct MoveAccounts {
  LedgerAccount from;
  LedgerAccount to;
};
MoveAccounts accounts_of(LedgerMove move);

struct Posting {
  MerchantId merchant;
  std::uint64_t id = 0;
  LedgerMove move = LedgerMove::deposit;
  Money amount;
  LinkId link;      // none for a deposit
  PayoutId payout;  // none for a hold at issue
  Instant at;

  friend bool operator==(const Posting&, const Posting&) = default;
};

// In paise; `deposited` is what came in from funding, so funding's own balance is its negative.
struct Balances {
  MerchantId merchant;
  std::uint32_t version = 0;
  std::int64_t deposited = 0;
  std::int64_t available = 0;
  std::int64_t held = 0;
  std::int64_t paid = 0;

  friend bool operator==(const Balances&, const Balances&) = default;
};

// The balances after the move. balance_too_low when `available` is short; ledger_would_break when
// another account would go below zero, which is our own mistake.
Result<Balances> after(const Balances& before, LedgerMove move, Money amount);

}  // namespace disburse::core
