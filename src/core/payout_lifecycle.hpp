// The life of a payout: one try to move money. `unknown` is asked again with the same key until the
// bank says; it is never paid twice and never failed by a timer.
#pragma once

#include <cstdint>
#include <string_view>

namespace disburse::core {

enum class PayoutState : std::uint8_t {
  none,
  created,  // the account is being verified
  pending,  // waits for approval
  scheduled,
  queued,  // waits for balance
  sent,
  unknown,
  settled,
  refused,
  reversed,
  cancelled,
};
inline constexpr std::size_t kPayoutStateCount = 11;

enum class PayoutEvent : std::uint8_t {
  create,
  hold_for_approval,
  schedule,
  queue,
  fund,  // money came in for a queued payout whose account is still to be verified
  send,
  settle,
  refuse,
  silence,
  reverse,
  cancel,
};
inline constexpr std::size_t kPayoutEventCount = 11;

struct PayoutTransition {
  PayoutState from;
  PayoutEvent on;
  PayoutState to;
};

namespace payout_lifecycle {
using enum PayoutState;
using enum PayoutEvent;
// clang-format off
inline constexpr PayoutTransition kTable[] = {
    {none,      create,            created},
    {created,   hold_for_approval, pending},
    {created,   schedule,          scheduled},
    {created,   queue,             queued},
    {created,   send,              sent},
    {created,   refuse,            refused},
    {created,   cancel,            cancelled},
    {pending,   schedule,          scheduled},
    {pending,   queue,             queued},
    {pending,   send,              sent},
    {pending,   refuse,            refused},
    {pending,   cancel,            cancelled},
    {scheduled, queue,             queued},
    {scheduled, send,              sent},
    {scheduled, cancel,            cancelled},
    {queued,    fund,              created},
    {queued,    send,              sent},
    {queued,    cancel,            cancelled},
    {sent,      settle,            settled},
    {sent,      refuse,            refused},
    {sent,      silence,           unknown},
    {unknown,   settle,            settled},
    {unknown,   refuse,            refused},
    {unknown,   silence,           unknown},
    {settled,   reverse,           reversed},
};
// clang-format on
}  // namespace payout_lifecycle

constexpr const PayoutTransition* find_transition(PayoutState from, PayoutEvent on) {
  for (const PayoutTransition& row : payout_lifecycle::kTable) {
    if (row.from == from && row.on == on) return &row;
  }
  return nullptr;
}

// In flight: on its way to the bank or there, so its money is held.
constexpr bool is_in_flight(PayoutState state) {
  return state == PayoutState::created || state == PayoutState::sent ||
         state == PayoutState::unknown;
}

std::string_view name(PayoutState state);
std::string_view name(PayoutEvent event);

}  // namespace disburse::core
