// Everything that is stored, in maps, for tests of decisions: runs commands one at a time as the
// engine would, and after each one checks the invariants of DESIGN.md.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/decide.hpp"
#include "core/keys_fixture.hpp"

namespace disburse::core {

class World final : public Loaded {
 public:
  Instant now = Instant::from_seconds(1'705'293'000);  // 2024-01-15T10:00+05:30
  ToyHash hash;
  IdMaker ids;
  std::uint64_t random = 41;
  bool limit_addresses = true;
  bool lanes_reversed = false;  // a lane's deliveries come in no order that is promised
  Changes last;                 // what the last command wrote
  // Of every merchant, beside its own: so that what is announced can be seen.
  std::optional<Endpoint> listener = Endpoint{};

  // All rows, to be read by tests.
  std::map<MerchantId, Merchant> merchants;
  std::map<MerchantId, Balances> all_balances;
  std::map<LinkId, Link> links;
  std::map<ContactId, Contact> contacts;
  std::map<FundAccountId, FundAccount> fund_accounts;
  std::map<PayoutId, Payout> payouts;
  std::map<TaskId, Task> tasks;
  std::map<EndpointId, Endpoint> all_endpoints;
  std::map<DeliveryId, Delivery> deliveries;
  std::map<std::string, RefreshToken> refresh_tokens;
  std::vector<Credential> credentials;
  std::vector<Counter> counters;
  std::vector<History> history;
  std::vector<Posting> postings;
  std::vector<Attempt> attempts;
  std::vector<AuditRow> audit;
  std::vector<Task> announced;  // every announcement that was ever queued

  Result<Reply> run(const Command& command) {
    last = {};
    const std::string last_hash = audit.empty() ? "" : audit.back().hash;
    const MerchantId next{merchants.empty() ? 1 : merchants.rbegin()->first.value + 1};
    const Means means{now, ids, ++random, hash, next, last_hash, "sandbox", limit_addresses};
    Result<Decision> decision = decide(command, *this, means);
    if (!decision) return tl::unexpected(decision.error());
    last = decision->changes;
    apply(last);
    check(last);
    return std::move(decision->reply);
  }

  // The name of the refusal's code; "taken" when there was none.
  std::string_view refusal(const Command& command) {
    const Result<Reply> reply = run(command);
    return reply ? "taken" : name(reply.error().code);
  }

  const Balances& money(MerchantId merchant = MerchantId{1}) const {
    return all_balances.at(merchant);
  }
  Settings& settings() { return merchants.at(MerchantId{1}).settings; }

  std::vector<Task> tasks_of(TaskKind kind) const {
    std::vector<Task> found;
    for (const auto& [id, task] : tasks) {
      if (task.kind == kind) found.push_back(task);
    }
    return found;
  }
  // The one task of the kind; the test ends when there is none or another one.
  Task the(TaskKind kind) const {
    const std::vector<Task> found = tasks_of(kind);
    EXPECT_EQ(found.size(), 1U) << name(kind);
    return found.empty() ? Task{} : found.back();
  }
  std::vector<Topic> topics(LinkId link) const {
    std::vector<Topic> told;
    for (const Task& task : announced) {
      if (task.link == link) told.push_back(task.topic);
    }
    return told;
  }
  std::vector<HistoryKind> story(LinkId link) const {
    std::vector<HistoryKind> kinds;
    for (const History& row : history) {
      if (row.link == link) kinds.push_back(row.kind);
    }
    return kinds;
  }
  bool happened(LinkId link, HistoryKind kind) const {
    const std::vector<HistoryKind> kinds = story(link);
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  }

  const Merchant* merchant(MerchantId id) const override { return row(merchants, id); }
  const Balances* balances(MerchantId id) const override { return row(all_balances, id); }
  const Link* link(MerchantId merchant, LinkId id) const override {
    return owned(links, merchant, id);
  }
  const Link* link_by_reference(MerchantId merchant, std::string_view reference) const override {
    const Link* newest = nullptr;
    for (const auto& [id, link] : links) {
      if (link.merchant == merchant && link.reference == reference) newest = &link;
    }
    return newest;
  }
  const Contact* contact(MerchantId merchant, ContactId id) const override {
    return owned(contacts, merchant, id);
  }
  const FundAccount* fund_account(MerchantId merchant, FundAccountId id) const override {
    return owned(fund_accounts, merchant, id);
  }
  const Payout* payout(MerchantId merchant, PayoutId id) const override {
    return owned(payouts, merchant, id);
  }
  const Task* task(MerchantId merchant, TaskId id) const override {
    return owned(tasks, merchant, id);
  }
  std::vector<const Delivery*> lane(MerchantId merchant, LinkId link,
                                    EndpointId endpoint) const override {
    std::vector<const Delivery*> open;
    for (const auto& [id, delivery] : deliveries) {
      const bool done =
          delivery.state == DeliveryState::delivered || delivery.state == DeliveryState::given_up;
      const bool mine =
          delivery.merchant == merchant && delivery.link == link && delivery.endpoint == endpoint;
      if (mine && !done) open.push_back(&delivery);
    }
    if (lanes_reversed) std::reverse(open.begin(), open.end());
    return open;
  }
  const Delivery* delivery(MerchantId merchant, DeliveryId id) const override {
    return owned(deliveries, merchant, id);
  }
  std::vector<const Endpoint*> endpoints(MerchantId merchant) const override {
    std::vector<const Endpoint*> found;
    for (const auto& [id, endpoint] : all_endpoints) {
      if (endpoint.merchant == merchant) found.push_back(&endpoint);
    }
    if (listener) found.push_back(&*listener);
    return found;
  }
  const Counter* counter(MerchantId merchant, std::string_view key) const override {
    for (const Counter& counter : counters) {
      if (counter.merchant == merchant && counter.key == key) return &counter;
    }
    return nullptr;
  }
  const Credential* credential(std::string_view dialect, std::string_view kind,
                               std::string_view name) const override {
    for (const Credential& row : credentials) {
      if (row.dialect == dialect && row.kind == kind && row.name == name) return &row;
    }
    return nullptr;
  }
  const RefreshToken* refresh_token(std::string_view token_hash) const override {
    return row(refresh_tokens, std::string(token_hash));
  }

 private:
  template <class Map, class Key>
  static const typename Map::mapped_type* row(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
  }
  template <class Map, class Key>
  static const typename Map::mapped_type* owned(const Map& map, MerchantId merchant,
                                                const Key& key) {
    const auto* found = row(map, key);
    return found != nullptr && found->merchant == merchant ? found : nullptr;
  }

  // The store takes a row only over the version before it.
  template <class Map, class Row, class Key>
  static void put_version(Map& map, const Row& changed, const Key& key) {
    const auto* before = row(map, key);
    EXPECT_EQ(changed.version, (before == nullptr ? 0 : before->version) + 1);
    map[key] = changed;
  }
  template <class Rows>
  static void append(Rows& to, const Rows& from) {
    to.insert(to.end(), from.begin(), from.end());
  }
  template <class Row, class Same>
  static void put(std::vector<Row>& rows, const Row& changed, Same same) {
    std::erase_if(rows, same);
    rows.push_back(changed);
  }

  void apply(const Changes& changes) {
    for (const Link& row : changes.links) put_version(links, row, row.id);
    for (const Payout& row : changes.payouts) put_version(payouts, row, row.id);
    for (const Balances& row : changes.balances) put_version(all_balances, row, row.merchant);
    for (const Contact& row : changes.contacts) EXPECT_TRUE(contacts.emplace(row.id, row).second);
    for (const FundAccount& row : changes.fund_accounts)
      EXPECT_TRUE(fund_accounts.emplace(row.id, row).second);
    for (const Task& row : changes.tasks) {
      tasks[row.id] = row;
      if (row.kind == TaskKind::announce) announced.push_back(row);
    }
    for (const auto& [merchant, task] : changes.tasks_done) tasks.erase(task);
    for (const Endpoint& row : changes.endpoints) all_endpoints[row.id] = row;
    for (const auto& [merchant, endpoint] : changes.endpoints_removed)
      all_endpoints.erase(endpoint);
    for (const Delivery& row : changes.deliveries) deliveries[row.id] = row;
    for (const Merchant& row : changes.merchants) merchants[row.id] = row;
    for (const RefreshToken& row : changes.refresh_tokens) refresh_tokens[row.hash] = row;
    for (const Counter& row : changes.counters) {
      put(counters, row,
          [&](const Counter& c) { return c.merchant == row.merchant && c.key == row.key; });
    }
    for (const Credential& row : changes.credentials) {
      put(credentials, row, [&](const Credential& c) { return c.id == row.id; });
    }
    append(history, changes.history);
    append(postings, changes.postings);
    append(attempts, changes.attempts);
    append(audit, changes.audit);
  }

  void check(const Changes& changes) const {
    check_ledger();
    check_links(changes);
    check_payouts();
  }

  // Invariants 1 and 6: balances are the sums of the postings, none is below zero, and what is held
  // is promised.
  void check_ledger() const {
    for (const auto& [id, balances] : all_balances) {
      Balances summed;
      summed.merchant = id;
      for (const Posting& posting : postings) {
        if (posting.merchant != id) continue;
        const Result<Balances> next = after(summed, posting.move, posting.amount);
        ASSERT_TRUE(next) << "a posting takes an account below its floor";
        summed = *next;
      }
      summed.version = balances.version;
      EXPECT_TRUE(summed == balances) << "balances are not the sums of the postings";
      EXPECT_EQ(balances.held, promised(id));
    }
  }
  std::int64_t promised(MerchantId merchant) const {
    std::int64_t sum = 0;
    for (const auto& [id, link] : links) {
      if (link.merchant == merchant && link.held) sum += link.amount.paise();
    }
    for (const auto& [id, payout] : payouts) {
      if (payout.merchant != merchant || !is_in_flight(payout.state)) continue;
      if (!links.at(payout.link).held) sum += payout.amount.paise();
    }
    return sum;
  }

  bool somebody_listens() const { return listener && !listener->disabled_at; }

  // Invariants 3 and 4: states move along the table, each move is in the history and told when the
  // table says so and somebody listens.
  void check_links(const Changes& changes) const {
    std::vector<Topic> due;
    for (const History& row : changes.history) {
      if (row.kind != HistoryKind::changed) continue;
      const LinkTransition* allowed = find_transition(row.from, row.event);
      ASSERT_NE(allowed, nullptr) << name(row.from) << " on " << name(row.event);
      EXPECT_EQ(allowed->to, row.to);
      if (allowed->tell != Topic::none && somebody_listens()) due.push_back(allowed->tell);
    }
    std::vector<Topic> told;
    for (const Task& task : changes.tasks) {
      if (task.kind == TaskKind::announce) told.push_back(task.topic);
    }
    EXPECT_TRUE(due == told) << "one announcement for each row that names a topic";

    std::map<LinkId, std::uint32_t> numbers;
    std::map<LinkId, LinkState> states;
    for (const History& row : history) {
      EXPECT_EQ(row.number, ++numbers[row.link]) << "history is numbered without gaps";
      if (row.kind == HistoryKind::changed) {
        EXPECT_EQ(row.from, states[row.link]);
        states[row.link] = row.to;
      }
    }
    for (const auto& [id, link] : links) {
      EXPECT_EQ(link.state, states[id]) << "the state is where the history ends";
      EXPECT_EQ(link.history, numbers[id]);
    }
  }

  // Invariant 2: at most one payout of a link is settled and not reversed. Keys are never used for
  // two payouts.
  void check_payouts() const {
    std::set<LinkId> paid;
    std::set<std::string> keys;
    for (const auto& [id, payout] : payouts) {
      if (payout.state == PayoutState::settled) {
        EXPECT_TRUE(paid.insert(payout.link).second) << "paid twice";
      }
      EXPECT_TRUE(keys.insert(payout.key).second) << "two payouts with one key";
    }
  }
};

}  // namespace disburse::core
