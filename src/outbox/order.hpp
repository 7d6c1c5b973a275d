// A payout as the order that a rail gets.
//
// Threads: pure function.
#pragma once

#include "outbox/records.hpp"
#include "rails/rail.hpp"

namespace disburse::outbox {

rails::Order order_of(const core::Task& task, const PayoutRecord& record);

}  // namespace disburse::outbox
