// The life of a link, as one table. No other line of the program assigns a state.
// docs/lifecycle.md is printed from it (core/dump.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace disburse::core {

enum class LinkState : std::uint8_t {
  none,  // not made yet
  pending,
  scheduled,
  issued,
  processing,
  processed,
  cancelled,
  rejected,
  expired,
};
inline constexpr std::size_t kLinkStateCount = 9;

enum class LinkEvent : std::uint8_t {
  create,
  create_for_approval,
  create_for_later,
  approve,
  approve_for_later,
  reject,
  activate,
  claim,
  cancel,
  expire,
  extend,
  payout_settled,
  payout_failed,
  payout_reversed,
};
inline constexpr std::size_t kLinkEventCount = 14;

// What a transition does with money; the ledger move itself is in core/ledger.hpp.
enum class MoneyMove : std::uint8_t {
  none,
  hold_at_issue,            // hold, where the merchant's setting is to hold when the link is issued
  hold_unless_held,         // hold, unless that was done at issue
  release_if_held,          // give back what was held at issue
  release_unless_promised,  // give back, unless the link was held at issue: it stays promised
  settle,
  reverse,
};

// What the merchant is told: one outbox row for each table row that names a topic.
enum class Topic : std::uint8_t {
  none,
  link_pending,
  link_scheduled,
  link_issued,
  link_rejected,
  link_processing,
  link_processed,
  link_attempted,
  link_cancelled,
  link_expired,
  payout_reversed,
};
inline constexpr std::size_t kTopicCount = 11;

struct LinkTransition {
  LinkState from;
  LinkEvent on;
  LinkState to;
  MoneyMove money;
  Topic tell;
};

namespace link_lifecycle {
using enum LinkState;
using enum LinkEvent;
// clang-format off
inline constexpr LinkTransition kTable[] = {
    // from      on                   to          money                               tell
    {none,       create_for_approval, pending,    MoneyMove::hold_at_issue,           Topic::link_pending},
    {none,       create_for_later,    scheduled,  MoneyMove::hold_at_issue,           Topic::link_scheduled},
    {none,       create,              issued,     MoneyMove::hold_at_issue,           Topic::link_issued},
    {pending,    approve,             issued,     MoneyMove::none,                    Topic::link_issued},
    {pending,    approve_for_later,   scheduled,  MoneyMove::none,                    Topic::link_scheduled},
    {pending,    reject,              rejected,   MoneyMove::release_if_held,         Topic::link_rejected},
    {pending,    cancel,              cancelled,  MoneyMove::release_if_held,         Topic::link_cancelled},
    {pending,    expire,              expired,    MoneyMove::release_if_held,         Topic::link_expired},
    {pending,    extend,              pending,    MoneyMove::none,                    Topic::none},
    {scheduled,  activate,            issued,     MoneyMove::none,                    Topic::link_issued},
    {scheduled,  cancel,              cancelled,  MoneyMove::release_if_held,         Topic::link_cancelled},
    {scheduled,  expire,              expired,    MoneyMove::release_if_held,         Topic::link_expired},
    {scheduled,  extend,              scheduled,  MoneyMove::none,                    Topic::none},
    {issued,     claim,               processing, MoneyMove::hold_unless_held,        Topic::link_processing},
    {issued,     cancel,              cancelled,  MoneyMove::release_if_held,         Topic::link_cancelled},
    {issued,     expire,              expired,    MoneyMove::release_if_held,         Topic::link_expired},
    {issued,     extend,              issued,     MoneyMove::none,                    Topic::none},
    {processing, payout_settled,      processed,  MoneyMove::settle,                  Topic::link_processed},
    {processing, payout_failed,       issued,     MoneyMove::release_unless_promised, Topic::link_attempted},
    {processed,  payout_reversed,     processed,  MoneyMove::reverse,                 Topic::payout_reversed},
};
// clang-format on
}  // namespace link_lifecycle

constexpr const LinkTransition* find_transition(LinkState from, LinkEvent on) {
  for (const LinkTransition& row : link_lifecycle::kTable) {
    if (row.from == from && row.on == on) return &row;
  }
  return nullptr;
}

constexpr bool is_final(LinkState state) {
  return state == LinkState::processed || state == LinkState::cancelled ||
         state == LinkState::rejected || state == LinkState::expired;
}

std::string_view name(LinkState state);
std::string_view name(LinkEvent event);
std::string_view name(MoneyMove move);
std::string_view name(Topic topic);

}  // namespace disburse::core
