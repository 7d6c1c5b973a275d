// The table of link_lifecycle.hpp against one that was written down apart from it.
#include "core/link_lifecycle.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace disburse::core {
namespace {

using enum LinkState;
using enum LinkEvent;

constexpr LinkState kStates[] = {none,      pending,   scheduled, issued, processing,
                                 processed, cancelled, rejected,  expired};
constexpr LinkEvent kEvents[] = {create,
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
                                 payout_reversed};
static_assert(std::size(kStates) == kLinkStateCount);
static_assert(std::size(kEvents) == kLinkEventCount);

struct Leads {
  LinkState to;
  MoneyMove money;
  Topic tell;
  friend bool operator==(const Leads&, const Leads&) = default;
};

// What may happen; whatever is not here is refused.
const std::map<std::pair<LinkState, LinkEvent>, Leads> kAllowed = {
    {{none, create}, {issued, MoneyMove::hold_at_issue, Topic::link_issued}},
    {{none, create_for_approval}, {pending, MoneyMove::hold_at_issue, Topic::link_pending}},
    {{none, create_for_later}, {scheduled, MoneyMove::hold_at_issue, Topic::link_scheduled}},
    {{pending, approve}, {issued, MoneyMove::none, Topic::link_issued}},
    {{pending, approve_for_later}, {scheduled, MoneyMove::none, Topic::link_scheduled}},
    {{pending, reject}, {rejected, MoneyMove::release_if_held, Topic::link_rejected}},
    {{pending, cancel}, {cancelled, MoneyMove::release_if_held, Topic::link_cancelled}},
    {{scheduled, cancel}, {cancelled, MoneyMove::release_if_held, Topic::link_cancelled}},
    {{issued, cancel}, {cancelled, MoneyMove::release_if_held, Topic::link_cancelled}},
    {{pending, expire}, {expired, MoneyMove::release_if_held, Topic::link_expired}},
    {{scheduled, expire}, {expired, MoneyMove::release_if_held, Topic::link_expired}},
    {{issued, expire}, {expired, MoneyMove::release_if_held, Topic::link_expired}},
    {{pending, extend}, {pending, MoneyMove::none, Topic::none}},
    {{scheduled, extend}, {scheduled, MoneyMove::none, Topic::none}},
    {{issued, extend}, {issued, MoneyMove::none, Topic::none}},
    {{scheduled, activate}, {issued, MoneyMove::none, Topic::link_issued}},
    {{issued, claim}, {processing, MoneyMove::hold_unless_held, Topic::link_processing}},
    {{processing, payout_settled}, {processed, MoneyMove::settle, Topic::link_processed}},
    {{processing, payout_failed},
     {issued, MoneyMove::release_unless_promised, Topic::link_attempted}},
    {{processed, payout_reversed}, {processed, MoneyMove::reverse, Topic::payout_reversed}},
};

TEST(LinkLifecycle, EveryStateAllowsTheEventsWrittenDownAndNoOther) {
  for (const LinkState from : kStates) {
    for (const LinkEvent on : kEvents) {
      const LinkTransition* row = find_transition(from, on);
      const auto expected = kAllowed.find({from, on});
      if (expected == kAllowed.end()) {
        EXPECT_EQ(row, nullptr) << name(from) << " on " << name(on);
        continue;
      }
      ASSERT_NE(row, nullptr) << name(from) << " on " << name(on);
      EXPECT_TRUE((Leads{row->to, row->money, row->tell}) == expected->second)
          << name(from) << " on " << name(on);
    }
  }
}

TEST(LinkLifecycle, NoTwoRowsStartFromTheSameStateAndEvent) {
  std::set<std::pair<LinkState, LinkEvent>> seen;
  for (const LinkTransition& row : link_lifecycle::kTable) {
    EXPECT_TRUE(seen.emplace(row.from, row.on).second) << name(row.from) << " on " << name(row.on);
  }
  EXPECT_EQ(seen.size(), kAllowed.size());
}

TEST(LinkLifecycle, NothingLeadsOutOfAFinalStateButAReversalThatStaysInIt) {
  for (const LinkTransition& row : link_lifecycle::kTable) {
    if (!is_final(row.from)) continue;
    EXPECT_EQ(row.from, processed);
    EXPECT_EQ(row.on, payout_reversed);
    EXPECT_EQ(row.to, processed);
  }
}

TEST(LinkLifecycle, AStateIsFinalExactlyWhenNoRowLeadsElsewhere) {
  for (const LinkState state : kStates) {
    bool leads_on = false;
    for (const LinkTransition& row : link_lifecycle::kTable) {
      leads_on = leads_on || (row.from == state && row.to != state);
    }
    EXPECT_EQ(is_final(state), !leads_on) << name(state);
  }
}

TEST(LinkLifecycle, EveryStateIsReachedFromTheStartAndNothingReturnsThere) {
  std::set<LinkState> reached = {none};
  for (std::size_t step = 0; step < kLinkStateCount; ++step) {
    for (const LinkTransition& row : link_lifecycle::kTable) {
      if (reached.contains(row.from)) reached.insert(row.to);
      EXPECT_NE(row.to, none);
    }
  }
  EXPECT_EQ(reached.size(), kLinkStateCount);
}

TEST(LinkLifecycle, EveryTopicIsToldAndEveryMoneyMoveMade) {
  std::set<Topic> topics;
  std::set<MoneyMove> moves;
  for (const LinkTransition& row : link_lifecycle::kTable) {
    topics.insert(row.tell);
    moves.insert(row.money);
    // A change of state is always told.
    if (row.from != row.to) {
      EXPECT_NE(row.tell, Topic::none) << name(row.from) << " on " << name(row.on);
    }
  }
  EXPECT_EQ(topics.size(), kTopicCount);
  EXPECT_EQ(moves.size(), 7U);
}

TEST(LinkLifecycle, MoneyLeavesOnlyWhenAPayoutSettles) {
  for (const LinkTransition& row : link_lifecycle::kTable) {
    EXPECT_EQ(row.money == MoneyMove::settle, row.to == processed && row.from == processing);
    EXPECT_EQ(row.money == MoneyMove::reverse, row.on == payout_reversed);
  }
}

TEST(LinkLifecycle, NamesAreAllDifferent) {
  std::set<std::string_view> names;
  for (const LinkState state : kStates)
    EXPECT_TRUE(names.insert(name(state)).second) << name(state);
  names.clear();
  for (const LinkEvent event : kEvents)
    EXPECT_TRUE(names.insert(name(event)).second) << name(event);
  names.clear();
  for (std::size_t i = 0; i < kTopicCount; ++i)
    EXPECT_TRUE(names.insert(name(static_cast<Topic>(i))).second);
}

}  // namespace
}  // namespace disburse::core
