// Which rows a command asks for: what it does not ask for, it cannot see.
#include "core/decide.hpp"

#include <gtest/gtest.h>

namespace disburse::core {
namespace {

constexpr MerchantId kMerchant{7};
constexpr LinkId kLink{70};

Keys keys_of(const Command& command) {
  Keys keys;
  add_keys(command, keys);
  return keys;
}

TEST(Keys, ALinkNamedByIdIsAskedForById) {
  const LinkRef ref{kLink, "R"};
  for (const Command& command :
       {Command{CancelLink{kMerchant, ref, {}, ""}}, Command{ExtendLink{kMerchant, ref, {}, ""}},
        Command{ApproveLink{kMerchant, ref, ""}}, Command{RejectLink{kMerchant, ref, "", ""}},
        Command{NotifyLink{kMerchant, ref, ""}}}) {
    const Keys keys = keys_of(command);
    ASSERT_EQ(keys.links.size(), 1U) << name(command);
    EXPECT_EQ(keys.links[0].link, kLink);
    EXPECT_TRUE(keys.references.empty());
    EXPECT_EQ(keys.merchants, std::vector{kMerchant});
  }
}

TEST(Keys, ALinkNamedByReferenceIsAskedForByReference) {
  const Keys keys = keys_of(CancelLink{kMerchant, {LinkId{}, "R"}, {}, ""});
  EXPECT_TRUE(keys.links.empty());
  ASSERT_EQ(keys.references.size(), 1U);
  EXPECT_EQ(keys.references[0].reference, "R");
}

TEST(Keys, ACreateAsksForWhatItNames) {
  CreateLink create;
  create.merchant = kMerchant;
  create.reference = "R";
  EXPECT_TRUE(keys_of(create).references.empty()) << "only a unique reference must be looked up";
  create.reference_unique = true;
  create.contact_id = ContactId{5};
  const Keys keys = keys_of(create);
  EXPECT_EQ(keys.references.size(), 1U);
  EXPECT_EQ(keys.contacts.size(), 1U);
  EXPECT_EQ(keys.merchants.size(), 1U);
}

TEST(Keys, ARecipientsCommandsAskForTheLink) {
  const Claim claim{kMerchant, kLink};
  SubmitClaim submit;
  submit.claim = claim;
  for (const Command& command : {Command{SendOtp{claim, Channel::sms, ""}},
                                 Command{VerifyOtp{claim, {}, ""}}, Command{submit}}) {
    EXPECT_EQ(keys_of(command).links.size(), 1U) << name(command);
    EXPECT_EQ(keys_of(command).merchants.size(), 1U) << name(command);
  }
}

TEST(Keys, BalancesAreNamedOnlyWhereTheCommandItselfMovesMoney) {
  SubmitClaim submit;
  submit.claim = {kMerchant, kLink};
  BankSaid said;
  said.merchant = kMerchant;
  TimerFired queued;
  queued.merchant = kMerchant;
  queued.kind = TaskKind::retry_queued;
  Deposit deposit;
  deposit.merchant = kMerchant;
  for (const Command& command :
       {Command{submit}, Command{said}, Command{queued}, Command{deposit}}) {
    EXPECT_EQ(keys_of(command).money, std::vector{kMerchant}) << name(command);
  }
  CreateLink create;
  create.merchant = kMerchant;
  TimerFired expires;
  expires.merchant = kMerchant;
  for (const Command& command :
       {Command{create}, Command{expires}, Command{CancelLink{kMerchant, {kLink, {}}, {}, ""}}}) {
    EXPECT_TRUE(keys_of(command).money.empty()) << name(command);
  }
}

TEST(Keys, TheBanksWordsAskForPayoutAndTask) {
  BankSaid said;
  said.merchant = kMerchant;
  said.payout = PayoutId{9};
  EXPECT_TRUE(keys_of(said).tasks.empty()) << "unasked";
  said.task = TaskId{3};
  EXPECT_EQ(keys_of(said).tasks.size(), 1U);
  EXPECT_EQ(keys_of(said).payouts.size(), 1U);
  EXPECT_EQ(keys_of(said).merchants.size(), 1U);
}

TEST(Keys, WhatTheRelayReportsAsksForLanes) {
  EXPECT_EQ(keys_of(Announced{kMerchant, kLink, TaskId{1}, {}}).lanes.size(), 1U);
  DeliveryTried tried;
  tried.merchant = kMerchant;
  tried.link = kLink;
  tried.task = TaskId{1};
  tried.delivery = DeliveryId{2};
  const Keys keys = keys_of(tried);
  EXPECT_EQ(keys.lanes.size(), 1U);
  EXPECT_EQ(keys.deliveries.size(), 1U);
  EXPECT_EQ(keys.tasks.size(), 1U);
  EXPECT_EQ(keys.merchants.size(), 1U);
}

TEST(Keys, ATimerAsksForItsTaskLinkAndPayout) {
  const Keys keys =
      keys_of(TimerFired{kMerchant, TaskId{1}, TaskKind::retry_queued, kLink, PayoutId{2}});
  EXPECT_EQ(keys.tasks.size(), 1U);
  EXPECT_EQ(keys.links.size(), 1U);
  EXPECT_EQ(keys.payouts.size(), 1U);
  EXPECT_EQ(keys.merchants.size(), 1U);
}

TEST(Keys, AnEndpointWithoutASecretAsksForTheAccounts) {
  AddEndpoint add;
  add.merchant = kMerchant;
  add.dialect = "house";
  ASSERT_EQ(keys_of(add).credentials.size(), 1U);
  EXPECT_EQ(keys_of(add).credentials[0].name, "7");
  add.secret = SecretText(std::string("s"));
  EXPECT_TRUE(keys_of(add).credentials.empty());
}

template <class Rows>
void expect_counted(Rows Changes::*rows) {
  Changes changes;
  (changes.*rows).emplace_back();
  EXPECT_FALSE(changes.empty());
}

TEST(Changes, NothingIsEmptyAndARowOfAnyKindIsNot) {
  EXPECT_TRUE(Changes{}.empty());
  expect_counted(&Changes::links);
  expect_counted(&Changes::contacts);
  expect_counted(&Changes::fund_accounts);
  expect_counted(&Changes::payouts);
  expect_counted(&Changes::history);
  expect_counted(&Changes::postings);
  expect_counted(&Changes::balances);
  expect_counted(&Changes::tasks);
  expect_counted(&Changes::tasks_done);
  expect_counted(&Changes::endpoints);
  expect_counted(&Changes::endpoints_removed);
  expect_counted(&Changes::deliveries);
  expect_counted(&Changes::attempts);
  expect_counted(&Changes::replies);
  expect_counted(&Changes::counters);
  expect_counted(&Changes::merchants);
  expect_counted(&Changes::credentials);
  expect_counted(&Changes::refresh_tokens);
  expect_counted(&Changes::audit);
}

TEST(Keys, AnEmptyReferenceIsNotLookedUp) {
  CreateLink create;
  create.merchant = kMerchant;
  create.reference_unique = true;
  EXPECT_TRUE(keys_of(create).references.empty());
}

TEST(Keys, ATimerOfNothingAsksForNothing) {
  const Keys keys = keys_of(TimerFired{kMerchant, TaskId{1}, TaskKind::expire_link, {}, {}});
  EXPECT_TRUE(keys.links.empty());
  EXPECT_TRUE(keys.payouts.empty());
}

}  // namespace
}  // namespace disburse::core
