// Loads what a batch of commands needs, each row once however many keys lead to it.
//
// Here each key is a look-up of its own: SQLite is a library, a statement is no round trip. A store
// behind a network takes a fixed number of statements instead.
// Threads: the connection's.
#pragma once

#include <set>

#include "store/sqlite/finder.hpp"
#include "store/store.hpp"

namespace disburse::store {

class Loader {
 public:
  explicit Loader(Finder& finder) : finder_(finder) {}

  core::Result<Rows> load(const core::Keys& keys);

 private:
  template <class Id>
  using Seen = std::set<std::pair<core::MerchantId, Id>>;

  core::Result<void> add_link(core::MerchantId merchant, core::LinkId id);
  core::Result<void> add_around(core::Link link);
  core::Result<void> add_contact(core::MerchantId merchant, core::ContactId id);
  core::Result<void> add_fund_account(core::MerchantId merchant, core::FundAccountId id);
  core::Result<void> add_payout(core::MerchantId merchant, core::PayoutId id);
  core::Result<void> add_references(const core::Keys& keys);
  core::Result<void> add_payouts(const core::Keys& keys);
  core::Result<void> add_tasks(const core::Keys& keys);
  core::Result<void> add_deliveries(const core::Keys& keys);
  core::Result<void> add_merchants(const core::Keys& keys);
  core::Result<void> add_replies(const core::Keys& keys);
  core::Result<void> add_people(const core::Keys& keys);

  Finder& finder_;
  Rows rows_;
  Seen<core::LinkId> links_;
  Seen<core::ContactId> contacts_;
  Seen<core::FundAccountId> fund_accounts_;
  Seen<core::PayoutId> payouts_;
};

}  // namespace disburse::store
