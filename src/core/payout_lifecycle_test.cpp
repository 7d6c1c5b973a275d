// The table of payout_lifecycle.hpp against one that was written down apart from it.
#include "core/payout_lifecycle.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace disburse::core {
namespace {

using enum PayoutState;
using enum PayoutEvent;

constexpr PayoutState kStates[] = {none,    created, pending, scheduled, queued,   sent,
                                   unknown, settled, refused, reversed,  cancelled};
constexpr PayoutEvent kEvents[] = {create, hold_for_approval, schedule, queue, fund, send, settle,
                                   refuse, silence,           reverse,  cancel};
static_assert(std::size(kStates) == kPayoutStateCount);
static_assert(std::size(kEvents) == kPayoutEventCount);

const std::map<PayoutState, std::map<PayoutEvent, PayoutState>> kAllowed = {
    {none, {{create, created}}},
    {created,
     {{hold_for_approval, pending},
      {schedule, scheduled},
      {queue, queued},
      {send, sent},
      {refuse, refused},
      {cancel, cancelled}}},
    {pending,
     {{schedule, scheduled},
      {queue, queued},
      {send, sent},
      {refuse, refused},
      {cancel, cancelled}}},
    {scheduled, {{queue, queued}, {send, sent}, {cancel, cancelled}}},
    {queued, {{fund, created}, {send, sent}, {cancel, cancelled}}},
    {sent, {{settle, settled}, {refuse, refused}, {silence, unknown}}},
    {unknown, {{settle, settled}, {refuse, refused}, {silence, unknown}}},
    {settled, {{reverse, reversed}}},
    {refused, {}},
    {reversed, {}},
    {cancelled, {}},
};

TEST(PayoutLifecycle, EveryStateAllowsTheEventsWrittenDownAndNoOther) {
  for (const PayoutState from : kStates) {
    const auto& allowed = kAllowed.at(from);
    for (const PayoutEvent on : kEvents) {
      const PayoutTransition* row = find_transition(from, on);
      const auto expected = allowed.find(on);
      ASSERT_EQ(row != nullptr, expected != allowed.end()) << name(from) << " on " << name(on);
      if (row != nullptr) {
        EXPECT_EQ(row->to, expected->second) << name(from) << " on " << name(on);
      }
    }
  }
}

TEST(PayoutLifecycle, NoTwoRowsStartFromTheSameStateAndEvent) {
  std::set<std::pair<PayoutState, PayoutEvent>> seen;
  for (const PayoutTransition& row : payout_lifecycle::kTable) {
    EXPECT_TRUE(seen.emplace(row.from, row.on).second) << name(row.from) << " on " << name(row.on);
  }
}

TEST(PayoutLifecycle, WhatTheBankHasIsNeverCancelledOrSentAgain) {
  for (const PayoutState state : {sent, unknown, settled, refused, reversed}) {
    for (const PayoutEvent event : {send, cancel, queue, fund, create, schedule}) {
      EXPECT_EQ(find_transition(state, event), nullptr) << name(state) << " on " << name(event);
    }
  }
}

TEST(PayoutLifecycle, SilenceLeavesTheOutcomeOpen) {
  EXPECT_EQ(find_transition(sent, silence)->to, unknown);
  EXPECT_EQ(find_transition(unknown, silence)->to, unknown);
}

TEST(PayoutLifecycle, APayoutIsPaidOnceAndAReversalIsTheEnd) {
  for (const PayoutTransition& row : payout_lifecycle::kTable) {
    if (row.to == settled) {
      EXPECT_TRUE(row.from == sent || row.from == unknown);
    }
    EXPECT_NE(row.from, reversed);
  }
}

TEST(PayoutLifecycle, InFlightIsWhatHasMoneyHeldForIt) {
  const std::set<PayoutState> in_flight = {created, sent, unknown};
  for (const PayoutState state : kStates)
    EXPECT_EQ(is_in_flight(state), in_flight.contains(state)) << name(state);
}

TEST(PayoutLifecycle, NamesAreAllDifferent) {
  std::set<std::string_view> names;
  for (const PayoutState state : kStates)
    EXPECT_TRUE(names.insert(name(state)).second) << name(state);
  names.clear();
  for (const PayoutEvent event : kEvents)
    EXPECT_TRUE(names.insert(name(event)).second) << name(event);
}

}  // namespace
}  // namespace disburse::core
