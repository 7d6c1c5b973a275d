// Adds postings up again, to be held against the balances kept beside them.
//
// Threads: values only.
#pragma once

#include "core/ledger.hpp"

namespace disburse::store {

// The balances after postings of one move that come to `paise`, without the checks of core::after:
// what is stored is told as it is.
void add_move(core::Balances& sums, core::LedgerMove move, std::int64_t paise);

}  // namespace disburse::store
