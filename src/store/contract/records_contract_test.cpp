// Webhook deliveries, merchants, credentials, audit and the ledger's sums.
#include "store/contract/contract_test.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Delivery;
using core::DeliveryState;

class StoreRecords : public ContractTest {
 protected:
  // Deliveries of two links to two endpoints.
  Changes deliveries(int count) {
    Changes changes;
    changes.contacts = {rows_.contact({1})};
    changes.links = {rows_.link(changes.contacts[0]), rows_.link(changes.contacts[0])};
    changes.endpoints = {rows_.endpoint({1}), rows_.endpoint({1})};
    for (int i = 0; i < count; ++i) {
      const core::Link& link = changes.links[rows_.below(2)];
      changes.deliveries.push_back(rows_.delivery(link, changes.endpoints[rows_.below(2)].id));
    }
    return changes;
  }
};
INSTANTIATE_TEST_SUITE_P(Each, StoreRecords, testing::ValuesIn(store_kinds()), kind_name);

TEST_P(StoreRecords, ALaneHasWhatIsNotDoneOldestFirstWithoutBodies) {
  const Changes changes = deliveries(30);
  must_commit(changes);
  for (const core::Link& link : changes.links) {
    std::vector<Delivery> expected;
    for (const Delivery& row : changes.deliveries) {
      const bool open = row.state == DeliveryState::waiting || row.state == DeliveryState::due;
      if (!open || row.link != link.id) continue;
      expected.push_back(row);
      expected.back().body.clear();
    }
    core::Keys keys;
    keys.lanes = {{{1}, link.id}, {{1}, link.id}};
    EXPECT_EQ(must_load(keys).lane, expected);
  }
}

TEST_P(StoreRecords, ADeliveryPutAgainFromItsLaneKeepsItsBody) {
  Changes changes = deliveries(1);
  changes.deliveries[0].state = DeliveryState::waiting;
  must_commit(changes);
  core::Keys keys;
  keys.lanes = {{{1}, changes.deliveries[0].link}};
  Changes next;
  next.deliveries = must_load(keys).lane;
  ASSERT_EQ(next.deliveries.size(), 1U);
  next.deliveries[0].state = DeliveryState::due;
  must_commit(next);
  changes.deliveries[0].state = DeliveryState::due;
  EXPECT_EQ(must_load(keys_of(changes)).deliveries, changes.deliveries);
}

TEST_P(StoreRecords, DeliveriesAreListedNewestFirstWithTheirAttempts) {
  Changes changes = deliveries(25);
  for (const Delivery& row : changes.deliveries) {
    for (std::uint32_t number = 1; number <= rows_.below(4); ++number) {
      changes.attempts.push_back(rows_.attempt(row, number));
    }
  }
  must_commit(changes);
  for (int filter = 0; filter < 4; ++filter) {
    core::ListDeliveries query{.merchant = {1}, .endpoint = {}, .link = {}, .limit = 10};
    if (filter % 2 == 1) query.endpoint = changes.endpoints[0].id;
    if (filter >= 2) query.link = changes.links[0].id;
    const auto list = reader()->list_deliveries(query)->deliveries;
    std::size_t at = 0;
    for (auto row = changes.deliveries.rbegin(); row != changes.deliveries.rend(); ++row) {
      if (query.endpoint && row->endpoint != query.endpoint) continue;
      if (query.link && row->link != query.link) continue;
      if (at == 10) break;
      ASSERT_LT(at, list.size());
      EXPECT_EQ(list[at].delivery, *row);
      std::vector<core::Attempt> attempts;
      for (const auto& one : changes.attempts) {
        if (one.delivery == row->id) attempts.push_back(one);
      }
      EXPECT_EQ(list[at].attempts, attempts);
      ++at;
    }
    EXPECT_EQ(at, list.size());
  }
  EXPECT_TRUE(
      reader()->list_deliveries({.merchant = {2}, .endpoint = {}, .link = {}})->deliveries.empty());
  EXPECT_FALSE(*reader()->find_delivery({2}, changes.deliveries[0].id));
}

TEST_P(StoreRecords, DeliveriesAreFoundByEventAndTime) {
  const Changes changes = deliveries(40);
  must_commit(changes);
  const Delivery& one = changes.deliveries[20];
  std::vector<core::ListDeliveries> queries(6, {.merchant = {1}, .endpoint = {}, .link = {}});
  queries[0].event = one.event;
  queries[1].event_id = one.event_id;
  queries[2].from = one.created_at;
  queries[3].to = one.created_at;
  queries[4].replays = false;
  queries[5] = {.merchant = {1},
                .endpoint = one.endpoint,
                .link = one.link,
                .event = one.event,
                .event_id = one.event_id,
                .from = one.created_at,
                .to = one.created_at};
  for (const core::ListDeliveries& query : queries) {
    std::vector<core::DeliveryId> wanted;
    for (auto row = changes.deliveries.rbegin(); row != changes.deliveries.rend(); ++row) {
      const bool here = (!query.endpoint || row->endpoint == query.endpoint) &&
                        (!query.link || row->link == query.link);
      if (here && core::fits(*row, query)) wanted.push_back(row->id);
    }
    std::vector<core::DeliveryId> found;
    const auto list = reader()->list_deliveries(query);
    for (const auto& record : list->deliveries) found.push_back(record.delivery.id);
    EXPECT_EQ(found, wanted);
  }
}

TEST_P(StoreRecords, AnEndpointThatIsRemovedIsGone) {
  Changes changes = deliveries(0);
  must_commit(changes);
  EXPECT_EQ(*reader()->list_endpoints({1}), changes.endpoints);
  Changes removal;
  removal.endpoints_removed = {{{1}, changes.endpoints[0].id}, {{2}, changes.endpoints[1].id}};
  must_commit(removal);
  EXPECT_EQ(*reader()->list_endpoints({1}), std::vector{changes.endpoints[1]});
}

TEST_P(StoreRecords, AMerchantWithoutADepositHasBalancesOfZero) {
  Changes changes;
  changes.merchants = {rows_.merchant(1), rows_.merchant(2)};
  changes.balances = {rows_.balances({2}, 1)};
  must_commit(changes);
  EXPECT_EQ(*reader()->list_merchants(), changes.merchants);
  const auto first = *reader()->find_merchant({1});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->merchant, changes.merchants[0]);
  EXPECT_EQ(first->balances.merchant, core::MerchantId{1});
  EXPECT_EQ(first->balances.version, 0U);
  const auto second = *reader()->find_merchant({2});
  EXPECT_EQ(second->balances, changes.balances[0]);
  EXPECT_FALSE(*reader()->find_merchant({3}));
}

TEST_P(StoreRecords, ACredentialIsFoundByNameAndById) {
  Changes changes;
  for (int i = 0; i < 6; ++i) changes.credentials.push_back(rows_.credential({i < 4 ? 1U : 2U}));
  must_commit(changes);
  const auto all = reader();
  for (const core::Credential& row : changes.credentials) {
    EXPECT_EQ(*all->find_credential(row.dialect, row.kind, row.name), row);
    EXPECT_EQ(*all->find_credential(row.id), row);
  }
  EXPECT_FALSE(*all->find_credential("payu", "client", "nobody"));
  EXPECT_FALSE(*all->find_credential(core::CredentialId{1}));
  EXPECT_EQ(*all->list_credentials({1}),
            std::vector(changes.credentials.begin(), changes.credentials.begin() + 4));
}

TEST_P(StoreRecords, AnIdOfACredentialBelongsToOneNameOnly) {
  Changes changes;
  changes.credentials = {rows_.credential({1})};
  must_commit(changes);
  Changes other = rows_.create({1});
  other.credentials = {rows_.credential({1})};
  other.credentials[0].id = changes.credentials[0].id;
  must_conflict(other);
  EXPECT_TRUE(must_load(keys_of(other)).links.empty());
}

TEST_P(StoreRecords, AuditRowsComeInOrderAfterAnId) {
  Changes changes;
  for (int i = 0; i < 20; ++i) changes.audit.push_back(rows_.audit({1}));
  must_commit(changes);
  EXPECT_EQ(*reader()->audit_rows(0, 100), changes.audit);
  EXPECT_EQ(*reader()->audit_rows(changes.audit[4].id, 3),
            std::vector(changes.audit.begin() + 5, changes.audit.begin() + 8));
  EXPECT_TRUE(reader()->audit_rows(changes.audit.back().id, 3)->empty());
}

TEST_P(StoreRecords, AnAuditRowIsTakenOnlyBehindTheOneItIsChainedTo) {
  Changes first;
  first.audit.push_back(rows_.audit({1}));
  first.audit[0].hash = "the first";  // a random one may be empty
  first.audit_after = "";
  must_commit(first);
  Changes late;  // decided when there was no row yet
  late.merchants.push_back(rows_.merchant(7));
  late.audit.push_back(rows_.audit({1}));
  late.audit_after = "";
  must_conflict(late);
  EXPECT_EQ(store().start_state()->last_merchant, core::MerchantId{}) << "nothing of it is there";
  late.audit_after = store().start_state()->last_audit_hash;
  must_commit(late);
  EXPECT_EQ(*reader()->audit_rows(0, 100), (std::vector{first.audit[0], late.audit[0]}));
}

TEST_P(StoreRecords, TheLedgersSumsAreThoseOfItsRows) {
  const Changes changes = rows_.everything();
  must_commit(changes);
  Changes more;
  for (int i = 0; i < 100; ++i) {
    const core::Link& link = changes.links[rows_.below(changes.links.size())];
    more.postings.push_back(rows_.posting(link, {}));
    more.payouts.push_back(rows_.payout(link, {}));
  }
  must_commit(more);
  std::vector<core::Posting> postings = changes.postings;
  postings.insert(postings.end(), more.postings.begin(), more.postings.end());
  const auto sums = *reader()->ledger_sums();
  ASSERT_EQ(sums.size(), 2U);
  for (const Reader::LedgerSums& one : sums) {
    const core::MerchantId merchant = one.balances.merchant;
    const std::size_t at = merchant.value - 1;
    EXPECT_EQ(one.balances, changes.balances[at]);
    core::Balances model;
    for (const core::Posting& row : postings) {
      if (row.merchant != merchant) continue;
      const std::int64_t paise = row.amount.paise();
      using enum core::LedgerMove;
      if (row.move == deposit) model.deposited += paise;
      if (row.move != hold && row.move != settle) model.available += paise;
      if (row.move == hold) model.available -= paise;
      if (row.move == hold) model.held += paise;
      if (row.move == release || row.move == settle) model.held -= paise;
      if (row.move == settle) model.paid += paise;
      if (row.move == reverse) model.paid -= paise;
    }
    model.merchant = merchant;
    EXPECT_EQ(one.from_postings, model);
  }
}

TEST_P(StoreRecords, TheLedgersSumsTellWhatIsHeldAndWhatWasPaidTwice) {
  const Changes changes = rows_.everything();
  must_commit(changes);
  Changes more;
  for (int i = 0; i < 30; ++i) {
    const core::Link& link = changes.links[rows_.below(changes.links.size())];
    more.payouts.push_back(rows_.payout(link, {}));
  }
  must_commit(more);
  std::vector<core::Payout> payouts = changes.payouts;
  payouts.insert(payouts.end(), more.payouts.begin(), more.payouts.end());
  const auto sums = *reader()->ledger_sums();
  for (const Reader::LedgerSums& one : sums) {
    std::int64_t held_links = 0;
    std::int64_t in_flight = 0;
    std::uint64_t paid_twice = 0;
    for (const core::Link& link : changes.links) {
      if (link.merchant != one.balances.merchant) continue;
      if (link.held) held_links += link.amount.paise();
      int paid = 0;
      for (const core::Payout& payout : payouts) {
        if (payout.link != link.id) continue;
        if (payout.state == core::PayoutState::settled) ++paid;
        if (is_in_flight(payout.state) && !link.held) in_flight += payout.amount.paise();
      }
      if (paid > 1) ++paid_twice;
    }
    EXPECT_EQ(one.held_links, held_links);
    EXPECT_EQ(one.in_flight, in_flight);
    EXPECT_EQ(one.paid_twice, paid_twice);
  }
}

TEST_P(StoreRecords, AStoryTellsAllOfALinkOldestFirst) {
  Changes changes = rows_.everything();
  const core::Link& link = changes.links[0];
  for (std::uint32_t number = 3; number < 9; ++number) {
    changes.history.push_back(rows_.history(link, number));
    changes.postings.push_back(rows_.posting(link, link.payout));
    changes.deliveries.push_back(rows_.delivery(link, changes.endpoints[0].id));
    changes.fund_accounts.push_back(rows_.fund_account(changes.contacts[0]));
    changes.payouts.push_back(rows_.payout(link, changes.fund_accounts.back()));
  }
  must_commit(changes);
  const auto story = *reader()->link_story({1}, link.id);
  ASSERT_TRUE(story);
  EXPECT_EQ(story->view.link, link);
  EXPECT_EQ(story->view.payout, changes.payouts[0]);
  const auto rising = [](const auto& rows, auto of) {
    return std::is_sorted(rows.begin(), rows.end(),
                          [&of](const auto& a, const auto& b) { return of(a) < of(b); });
  };
  EXPECT_EQ(story->history.size(), 8U);
  EXPECT_TRUE(rising(story->history, [](const auto& row) { return row.number; }));
  EXPECT_EQ(story->payouts.size(), 7U);
  EXPECT_TRUE(rising(story->payouts, [](const auto& row) { return row.id; }));
  EXPECT_EQ(story->fund_accounts.size(), 7U);
  EXPECT_EQ(story->postings.size(), 7U);
  EXPECT_TRUE(rising(story->postings, [](const auto& row) { return row.id; }));
  EXPECT_EQ(story->deliveries.size(), 7U);
  EXPECT_FALSE(*reader()->link_story({2}, link.id));
}

}  // namespace
}  // namespace disburse::store
