// Loads what a batch of commands needs, or what a reader shows, in one round trip whatever its
// size.
//
// The rows are each there once, however many keys lead to them. What commit() must find again as it
// was, where a row has no version of its own, is noted in a Seen.
// Threads: the connection's.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/decide.hpp"
#include "store/postgres/connection.hpp"
#include "store/store.hpp"
#include "store/vault.hpp"

namespace disburse::store::postgres {

// What the batch was decided on.
struct Seen {
  std::set<TaskName> tasks;
  std::set<std::pair<core::MerchantId, core::EndpointId>> endpoints;
  // Asked for; none: it was not there.
  std::map<core::Keys::CounterKey, std::optional<core::Counter>> counters;
  std::map<std::string, core::RefreshToken> tokens;  // by hash
  // Of contacts, as they are stored.
  std::map<std::pair<core::MerchantId, core::ContactId>, std::string> recipient_keys;

  void clear() { *this = Seen{}; }
};

enum class Locks : std::uint8_t { none, rows };

class Loader {
 public:
  Loader(Connection& connection, const Vault& vault, Locks locks, Seen* seen = nullptr)
      : connection_(connection), vault_(vault), lock_(locks == Locks::rows), seen_(seen) {}

  // Queues the statements.
  void ask(const core::Keys& keys);
  // Takes the answers, of which the first `skip` are somebody else's.
  core::Result<store::Rows> take(std::vector<Answer>& answers, std::size_t skip);

 private:
  using Take = core::Result<void> (Loader::*)(Answer&);
  void ask_for(const Statement& statement, Params params, Take reads);
  void ask_links(const core::Keys& keys);
  void ask_merchants(const core::Keys& keys);
  void ask_rest(const core::Keys& keys);

  core::Result<void> take_links(Answer& answer);
  core::Result<void> take_around(Answer& answer);
  core::Result<void> take_references(Answer& answer);
  core::Result<void> take_payouts(Answer& answer);
  core::Result<void> take_contacts(Answer& answer);
  core::Result<void> take_tasks(Answer& answer);
  core::Result<void> take_lanes(Answer& answer);
  core::Result<void> take_deliveries(Answer& answer);
  core::Result<void> take_merchants(Answer& answer);
  core::Result<void> take_balances(Answer& answer);
  core::Result<void> take_endpoints(Answer& answer);
  core::Result<void> take_replies(Answer& answer);
  core::Result<void> take_counters(Answer& answer);
  core::Result<void> take_credentials(Answer& answer);
  core::Result<void> take_tokens(Answer& answer);
  core::Result<void> take_nothing(Answer&) { return {}; }
  core::Result<void> add_contact(Answer& answer);
  core::Result<void> add_fund_account(Answer& answer);
  core::Result<void> add_payout(Answer& answer);

  Connection& connection_;
  const Vault& vault_;
  bool lock_;
  Seen* seen_;
  std::vector<Take> takes_;
  store::Rows rows_;
  template <class Id>
  using Once = std::set<std::pair<core::MerchantId, Id>>;
  Once<core::ContactId> contacts_;
  Once<core::FundAccountId> fund_accounts_;
  Once<core::PayoutId> payouts_;
};

}  // namespace disburse::store::postgres
