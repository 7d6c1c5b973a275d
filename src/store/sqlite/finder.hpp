// Finds rows by their keys, on any connection: what the engine's loads and the readers share.
//
// Threads: the connection's.
#pragma once

#include <optional>
#include <vector>

#include "core/changes.hpp"
#include "store/sqlite/connection.hpp"
#include "store/vault.hpp"

namespace disburse::store {

// The first row of a run, read by `read`; none when there is no row.
template <class Read>
auto read_one(Run& run, Read read)
    -> core::Result<std::optional<typename std::invoke_result_t<Read, Run&>::value_type>> {
  using Row = typename std::invoke_result_t<Read, Run&>::value_type;
  if (!TRY(run.next())) return std::optional<Row>{};
  return std::optional<Row>(TRY(read(run)));
}

// All rows of a run.
template <class Read>
auto read_all(Run& run, Read read)
    -> core::Result<std::vector<typename std::invoke_result_t<Read, Run&>::value_type>> {
  std::vector<typename std::invoke_result_t<Read, Run&>::value_type> rows;
  while (TRY(run.next())) rows.push_back(TRY(read(run)));
  return rows;
}

class Finder {
 public:
  Finder(Connection& connection, const Vault& vault) : connection_(connection), vault_(vault) {}

  template <class Row>
  using Maybe = core::Result<std::optional<Row>>;

  Maybe<core::Link> link(core::MerchantId merchant, core::LinkId id);
  // The newest link with the reference.
  Maybe<core::LinkId> newest_with(core::MerchantId merchant, std::string_view reference);
  Maybe<core::LinkView> view(core::MerchantId merchant, core::LinkId id);
  core::Result<core::LinkView> view_of(core::Link link);

  Maybe<core::Contact> contact(core::MerchantId merchant, core::ContactId id);
  // Wrapped; none when there is no such contact, empty when it was erased.
  Maybe<std::string> recipient_key(core::MerchantId merchant, core::ContactId id);
  Maybe<core::FundAccount> fund_account(core::MerchantId merchant, core::FundAccountId id);
  Maybe<core::Payout> payout(core::MerchantId merchant, core::PayoutId id);
  Maybe<core::Task> task(core::MerchantId merchant, core::TaskId id);
  Maybe<core::Delivery> delivery(core::MerchantId merchant, core::DeliveryId id);
  // Not delivered and not given up, oldest first, without bodies.
  core::Result<std::vector<core::Delivery>> lane(core::MerchantId merchant, core::LinkId link);
  Maybe<core::StoredReply> reply(core::MerchantId merchant, const std::string& key);
  Maybe<core::Counter> counter(core::MerchantId merchant, const std::string& key);

  Maybe<core::Merchant> merchant(core::MerchantId id);
  Maybe<core::Balances> balances(core::MerchantId id);
  core::Result<std::vector<core::Endpoint>> endpoints(core::MerchantId merchant);
  Maybe<core::Credential> credential(std::string_view dialect, std::string_view kind,
                                     std::string_view name);
  Maybe<core::RefreshToken> refresh_token(const std::string& hash);

 private:
  Connection& connection_;
  const Vault& vault_;
};

}  // namespace disburse::store
