// Names are printed, stored and matched: each value has one of its own.
#include <gtest/gtest.h>

#include <set>

#include "core/command.hpp"
#include "core/draft.hpp"
#include "core/error.hpp"
#include "core/ledger.hpp"
#include "core/link_lifecycle.hpp"
#include "core/payout_lifecycle.hpp"
#include "core/task.hpp"

namespace disburse::core {
namespace {

template <class Enum>
void expect_own_names(Enum last, int first = 0) {
  std::set<std::string_view> seen;
  for (int value = first; value <= static_cast<int>(last); ++value) {
    const std::string_view text = name(static_cast<Enum>(value));
    EXPECT_TRUE(seen.insert(text).second) << text << " is the name of two";
    EXPECT_EQ(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_, "), std::string_view::npos)
        << text;
    EXPECT_FALSE(text.empty());
  }
}

TEST(NamesOf, EveryValueHasANameOfItsOwn) {
  expect_own_names(LinkState::expired);
  expect_own_names(LinkEvent::payout_reversed);
  expect_own_names(MoneyMove::reverse);
  expect_own_names(Topic::payout_reversed);
  expect_own_names(PayoutState::cancelled);
  expect_own_names(PayoutEvent::cancel);
  expect_own_names(Channel::email, 1);
  expect_own_names(HistoryKind::bank_contradicted);
  expect_own_names(TaskKind::deliver);
  expect_own_names(Notice::link_failed);
  expect_own_names(DeliveryState::given_up);
  expect_own_names(LedgerMove::reverse);
  expect_own_names(LedgerAccount::paid);
  expect_own_names(Kind::internal);
}

template <std::size_t... index>
std::set<std::string_view> names_of_commands(std::index_sequence<index...>) {
  return {name(Command(std::in_place_index<index>))...};
}

TEST(NamesOf, EveryCommandHasANameOfItsOwn) {
  constexpr std::size_t kCommands = std::variant_size_v<Command>;
  EXPECT_EQ(names_of_commands(std::make_index_sequence<kCommands>()).size(), kCommands);
}

TEST(NamesOf, EveryStateOfALinkRefusesWithACodeOfItsOwn) {
  std::set<std::string_view> seen;
  for (std::size_t state = 0; state < kLinkStateCount; ++state) {
    const Code code = refusal_of(static_cast<LinkState>(state));
    EXPECT_TRUE(seen.insert(name(code)).second) << name(code);
  }
}

}  // namespace
}  // namespace disburse::core
