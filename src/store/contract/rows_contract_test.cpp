// What is committed comes back as it was, and what must not be committed leaves nothing.
#include "store/contract/contract_test.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Code;

class StoreRows : public ContractTest {
 protected:
  void expect_stored(const Changes& changes, const Changes& latest);
  void expect_stories(const Changes& changes, const Changes& latest);
};
INSTANTIATE_TEST_SUITE_P(Each, StoreRows, testing::ValuesIn(store_kinds()), kind_name);

// `changes` has the rows that never change, `latest` the last versions of the others.
void StoreRows::expect_stored(const Changes& changes, const Changes& latest) {
  const Rows rows = must_load(keys_of(changes));
  EXPECT_TRUE(same_rows(latest.merchants, rows.merchants));
  EXPECT_TRUE(same_rows(latest.balances, rows.balances));
  EXPECT_TRUE(same_rows(latest.endpoints, rows.endpoints));
  EXPECT_TRUE(same_rows(latest.links, rows.links));
  EXPECT_TRUE(same_rows(changes.contacts, rows.contacts));
  EXPECT_TRUE(same_rows(changes.fund_accounts, rows.fund_accounts));
  EXPECT_TRUE(same_rows(latest.payouts, rows.payouts));
  EXPECT_TRUE(same_rows(latest.tasks, rows.tasks));
  EXPECT_TRUE(same_rows(latest.deliveries, rows.deliveries));
  EXPECT_TRUE(same_rows(changes.replies, rows.replies));
  EXPECT_TRUE(same_rows(latest.counters, rows.counters));
  EXPECT_TRUE(same_rows(latest.credentials, rows.credentials));
  EXPECT_TRUE(same_rows(latest.refresh_tokens, rows.refresh_tokens));
  EXPECT_TRUE(same_rows(changes.audit, *reader()->audit_rows(0, 1'000)));
  expect_stories(changes, latest);
}

void StoreRows::expect_stories(const Changes& changes, const Changes& latest) {
  std::vector<core::History> history;
  std::vector<core::Posting> postings;
  std::vector<core::Delivery> deliveries;
  std::vector<core::Attempt> attempts;
  const auto all = reader();
  for (const core::Link& link : changes.links) {
    const auto story = *all->link_story(link.merchant, link.id);
    ASSERT_TRUE(story);
    std::copy(story->history.begin(), story->history.end(), std::back_inserter(history));
    std::copy(story->postings.begin(), story->postings.end(), std::back_inserter(postings));
    for (const core::Delivery& row : story->deliveries) {
      deliveries.push_back(row);
      const auto record = *all->find_delivery(row.merchant, row.id);
      std::copy(record->attempts.begin(), record->attempts.end(), std::back_inserter(attempts));
    }
  }
  EXPECT_TRUE(same_rows(changes.history, history));
  EXPECT_TRUE(same_rows(changes.postings, postings));
  EXPECT_TRUE(same_rows(latest.deliveries, deliveries));
  EXPECT_TRUE(same_rows(changes.attempts, attempts));
}

TEST_P(StoreRows, EveryRowComesBackAsItWasWritten) {
  for (int round = 0; round < 5; ++round) {
    under_test_ = GetParam().open();
    const Changes changes = rows_.everything();
    must_commit(changes);
    expect_stored(changes, changes);
  }
}

TEST_P(StoreRows, AChangedRowReplacesTheOneBefore) {
  const Changes changes = rows_.everything();
  must_commit(changes);
  Changes latest = rows_.changed(changes);
  must_commit(latest);
  latest = rows_.changed(latest);
  must_commit(latest);
  expect_stored(changes, latest);
}

TEST_P(StoreRows, EverythingIsThereAfterTheStoreWasClosedAndOpened) {
  const Changes changes = rows_.everything();
  must_commit(changes);
  const Changes latest = rows_.changed(changes);
  must_commit(latest);
  const StartState before = *store().start_state();
  if (!under_test_->reopen()) GTEST_SKIP() << "this store does not outlive its process";
  expect_stored(changes, latest);
  const StartState after = *store().start_state();
  EXPECT_EQ(after.last_id, before.last_id);
  EXPECT_EQ(after.last_merchant, before.last_merchant);
  EXPECT_EQ(after.last_audit_hash, before.last_audit_hash);
}

TEST_P(StoreRows, AStateThatIsHeldStaysUntilItIsLetGo) {
  const auto link = [this] {
    Changes changes;
    changes.contacts.push_back(rows_.contact({1}));
    changes.links.push_back(rows_.link(changes.contacts[0]));
    must_commit(changes);
    return changes.links[0].id;
  };
  const core::LinkId first = link();
  const auto held = reader();
  const bool keeps_states = GetParam().name == "sqlite";
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(held->hold());
    EXPECT_TRUE(*held->find_link({1}, first));
    const core::LinkId later = link();
    EXPECT_NE((*held->find_link({1}, later)).has_value(), keeps_states);
    EXPECT_TRUE(*reader()->find_link({1}, later)) << "others see it";
    held->let_go();
    EXPECT_TRUE(*held->find_link({1}, later));
  }
}

TEST_P(StoreRows, TwoVersionsOfARowInOneBatchAreTakenInOrder) {
  Changes changes;
  changes.contacts.push_back(rows_.contact({1}));
  core::Link link = rows_.link(changes.contacts[0]);
  changes.links.push_back(link);
  link.version = 2;
  link.state = core::LinkState::cancelled;
  changes.links.push_back(link);
  must_commit(changes);
  EXPECT_EQ(must_load(keys_of(changes)).links, std::vector{link});
}

TEST_P(StoreRows, ARowOverAnotherVersionIsRefusedAndNothingIsWritten) {
  const Changes stored = rows_.everything();
  must_commit(stored);
  for (const std::uint32_t version : {1U, 3U}) {
    for (int kind = 0; kind < 3; ++kind) {
      Changes next = rows_.changed(stored);
      if (kind == 0) next.links.back().version = version;
      if (kind == 1) next.payouts.back().version = version;
      if (kind == 2) next.balances.back().version = version;
      must_conflict(next);
      expect_stored(stored, stored);
    }
  }
}

TEST_P(StoreRows, ASecondVersionOfWhatIsNotThereIsRefused) {
  Changes changes = rows_.create({1});
  changes.links[0].version = 2;
  must_conflict(changes);
  EXPECT_TRUE(must_load(keys_of(changes)).contacts.empty());
}

TEST_P(StoreRows, ANewRowThatIsThereAlreadyIsRefusedAndNothingIsWritten) {
  const Changes stored = rows_.everything();
  must_commit(stored);
  for (int kind = 0; kind < 8; ++kind) {
    Changes batch = rows_.create({1});
    if (kind == 0) batch.contacts.push_back(stored.contacts[0]);
    if (kind == 1) batch.fund_accounts.push_back(stored.fund_accounts[0]);
    if (kind == 2) batch.history.push_back(stored.history[0]);
    if (kind == 3) batch.postings.push_back(stored.postings[0]);
    if (kind == 4) batch.attempts.push_back(stored.attempts[0]);
    if (kind == 5) batch.replies.push_back(stored.replies[0]);
    if (kind == 6) batch.audit.push_back(stored.audit[0]);
    if (kind == 7) batch.contacts.push_back(batch.contacts[0]);  // twice in one batch
    must_conflict(batch);
    const Rows rows = must_load(keys_of(batch));
    EXPECT_TRUE(rows.links.empty());
    EXPECT_TRUE(rows.tasks.empty());
  }
  expect_stored(stored, stored);
}

TEST_P(StoreRows, AnIdempotencyKeyIsFreeAgainAfterItsReplyHasOutlivedItsPromise) {
  Changes first;
  first.replies.push_back(rows_.reply({1}));
  must_commit(first);
  Changes second = first;
  second.replies[0].at = first.replies[0].at + core::limits::kIdempotencyLife - core::Duration(1);
  second.replies[0].body = "another";
  must_conflict(second);
  second.replies[0].at = first.replies[0].at + core::limits::kIdempotencyLife;
  must_commit(second);
  EXPECT_EQ(must_load(keys_of(second)).replies, second.replies);
}

TEST_P(StoreRows, AKeyThatLeadsNowhereIsNotInTheRows) {
  must_commit(rows_.everything());
  core::Keys keys = keys_of(rows_.everything());  // other ids
  keys.merchants = {{7}};
  keys.references.push_back({{1}, "no such reference"});
  keys.lanes.push_back({{1}, core::LinkId{5}});
  const Rows rows = must_load(keys);
  EXPECT_TRUE(rows.merchants.empty() && rows.balances.empty() && rows.endpoints.empty());
  EXPECT_TRUE(rows.links.empty() && rows.contacts.empty() && rows.payouts.empty());
  EXPECT_TRUE(rows.tasks.empty() && rows.lane.empty() && rows.deliveries.empty());
  EXPECT_TRUE(rows.replies.empty() && rows.counters.empty() && rows.credentials.empty());
  EXPECT_TRUE(rows.references.empty() && rows.refresh_tokens.empty());
}

TEST_P(StoreRows, AnotherMerchantsRowsAreNotFoundByTheirIds) {
  const Changes changes = rows_.create({1});
  must_commit(changes);
  core::Keys keys = keys_of(changes);
  keys.links[0].merchant = {2};
  keys.contacts[0].merchant = {2};
  keys.tasks[0].merchant = keys.tasks[1].merchant = {2};
  keys.replies[0].merchant = {2};
  const Rows rows = must_load(keys);
  EXPECT_TRUE(rows.links.empty() && rows.contacts.empty());
  EXPECT_TRUE(rows.tasks.empty() && rows.replies.empty());
  EXPECT_FALSE(*reader()->find_link({2}, changes.links[0].id));
}

TEST_P(StoreRows, TwoMerchantsMayHaveTheSameIds) {
  Changes one = rows_.create({1});
  must_commit(one);
  Changes two = one;
  two.contacts[0].merchant = two.links[0].merchant = two.history[0].merchant = {2};
  two.tasks[0].merchant = two.tasks[1].merchant = two.replies[0].merchant = {2};
  two.contacts[0].phone = "+919000000002";
  must_commit(two);
  EXPECT_EQ(must_load(keys_of(one)).contacts, one.contacts);
  EXPECT_EQ(must_load(keys_of(two)).contacts, two.contacts);
}

TEST_P(StoreRows, APayoutBringsItsLinkWithAllThatBelongsToIt) {
  const Changes changes = rows_.everything();
  must_commit(changes);
  core::Keys keys;
  const core::Payout& payout = changes.payouts[0];
  keys.payouts = {{payout.merchant, payout.id}, {payout.merchant, payout.id}};
  const Rows rows = must_load(keys);
  EXPECT_EQ(rows.payouts, std::vector{payout});
  EXPECT_EQ(rows.links, std::vector{changes.links[0]});
  EXPECT_EQ(rows.contacts, std::vector{changes.contacts[0]});
  EXPECT_EQ(rows.fund_accounts, std::vector{changes.fund_accounts[0]});
}

TEST_P(StoreRows, AReferenceBringsTheNewestLinkWithIt) {
  std::vector<Changes> made;
  for (int i = 0; i < 4; ++i) {
    made.push_back(rows_.create({i == 3 ? 2U : 1U}));
    made.back().links[0].reference = i == 0 ? "ORDER-2" : "ORDER-1";
    must_commit(made.back());
  }
  core::Keys keys;
  keys.references = {{{1}, "ORDER-1"}, {{1}, "order-1"}, {{1}, ""}};
  const Rows rows = must_load(keys);
  ASSERT_EQ(rows.references.size(), 1U);
  EXPECT_EQ(rows.references[0].second, made[2].links[0].id);
  EXPECT_EQ(rows.links, made[2].links);
  EXPECT_EQ(rows.contacts, made[2].contacts);
  const auto found = *reader()->find_link_by_reference({1}, "ORDER-1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->link, made[2].links[0]);
  EXPECT_EQ(found->contact, made[2].contacts[0]);
  EXPECT_FALSE(*reader()->find_link_by_reference({2}, "ORDER-2"));
}

TEST_P(StoreRows, AReaderSeesWhatIsCommittedAndNothingElse) {
  const auto other = reader();
  Changes changes = rows_.create({1});
  EXPECT_FALSE(*other->find_link({1}, changes.links[0].id));
  changes.links[0].version = 2;
  must_conflict(changes);
  EXPECT_FALSE(*other->find_link({1}, changes.links[0].id));
  changes.links[0].version = 1;
  must_commit(changes);
  const auto found = *other->find_link({1}, changes.links[0].id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->link, changes.links[0]);
}

TEST_P(StoreRows, TheStartStateIsAtOrAboveEveryIdThatWasEverStored) {
  EXPECT_EQ(store().start_state()->last_id, 0U);
  EXPECT_EQ(store().start_state()->last_merchant, core::MerchantId{});
  EXPECT_EQ(store().start_state()->last_audit_hash, "");
  const Changes changes = rows_.everything();
  must_commit(changes);
  EXPECT_EQ(store().start_state()->last_merchant, core::MerchantId{2});
  EXPECT_EQ(store().start_state()->last_audit_hash, changes.audit.back().hash);
  // One kind at a time, above all before it; a task that is done was stored too.
  const core::Link& link = changes.links[0];
  for (int kind = 0; kind < 9; ++kind) {
    Changes next;
    if (kind == 0) next.contacts.push_back(rows_.contact({1}));
    if (kind == 1) next.links.push_back(rows_.link(changes.contacts[0]));
    if (kind == 2) next.fund_accounts.push_back(rows_.fund_account(changes.contacts[0]));
    if (kind == 3) next.payouts.push_back(rows_.payout(link, changes.fund_accounts[0]));
    if (kind == 4) next.postings.push_back(rows_.posting(link, {}));
    if (kind == 5) next.endpoints.push_back(rows_.endpoint({1}));
    if (kind == 6) next.deliveries.push_back(rows_.delivery(link, {}));
    if (kind == 7) next.credentials.push_back(rows_.credential({1}));
    if (kind == 8) next.tasks.push_back(rows_.task({1}));
    const std::uint64_t before = store().start_state()->last_id;
    must_commit(next);
    const std::uint64_t after = store().start_state()->last_id;
    EXPECT_GT(after, before) << kind;
    Changes done;
    if (kind == 8) done.tasks_done.emplace_back(core::MerchantId{1}, next.tasks[0].id);
    must_commit(done);
    EXPECT_EQ(store().start_state()->last_id, after) << kind;
  }
}

TEST_P(StoreRows, AnEmptyBatchIsTaken) {
  must_commit({});
  EXPECT_TRUE(store().takes_writes());
}

}  // namespace
}  // namespace disburse::store
