// The rows of one batch: what was loaded, with what the batch has decided so far on top. Private to
// engine/.
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "core/decide.hpp"
#include "store/store.hpp"

namespace disburse::engine {

class Working final : public core::Loaded {
 public:
  // Adds rows from the store. A row that the batch has changed already is not overwritten.
  void add(store::Rows&& rows);
  // Lays a decision on top.
  void apply(core::Changes&& changes);
  void keep_reply(core::StoredReply reply);
  // Everything that the batch changes, each row once, each one version above what is stored. Leaves
  // nothing behind.
  core::Changes take_changes();
  bool changed() const { return changed_; }
  void clear();

  const core::StoredReply* reply(core::MerchantId merchant, const std::string& key) const;

  const core::Merchant* merchant(core::MerchantId id) const override;
  const core::Balances* balances(core::MerchantId id) const override;
  const core::Link* link(core::MerchantId merchant, core::LinkId id) const override;
  const core::Link* link_by_reference(core::MerchantId merchant,
                                      std::string_view reference) const override;
  const core::Contact* contact(core::MerchantId merchant, core::ContactId id) const override;
  const core::FundAccount* fund_account(core::MerchantId merchant,
                                        core::FundAccountId id) const override;
  const core::Payout* payout(core::MerchantId merchant, core::PayoutId id) const override;
  const core::Task* task(core::MerchantId merchant, core::TaskId id) const override;
  std::vector<const core::Delivery*> lane(core::MerchantId merchant, core::LinkId link,
                                          core::EndpointId endpoint) const override;
  const core::Delivery* delivery(core::MerchantId merchant, core::DeliveryId id) const override;
  std::vector<const core::Endpoint*> endpoints(core::MerchantId merchant) const override;
  const core::Counter* counter(core::MerchantId merchant, std::string_view key) const override;
  const core::Credential* credential(std::string_view dialect, std::string_view kind,
                                     std::string_view name) const override;
  const core::RefreshToken* refresh_token(std::string_view hash) const override;

 private:
  template <class Row>
  struct Entry {
    Row row;
    bool dirty = false;
  };
  template <class Id, class Row>
  using Table = std::unordered_map<Id, Entry<Row>>;

  template <class Id, class Row>
  static void load_into(Table<Id, Row>& table, Id id, Row&& row);
  template <class Id, class Row>
  static void put_into(Table<Id, Row>& table, Id id, Row&& row);
  template <class Id, class Row>
  static void put_version(Table<Id, Row>& table, Id id, Row&& row);

  Table<core::MerchantId, core::Merchant> merchants_;
  Table<core::MerchantId, core::Balances> balances_;
  Table<core::LinkId, core::Link> links_;
  std::map<core::Keys::ReferenceKey, core::LinkId> references_;
  Table<core::ContactId, core::Contact> contacts_;
  Table<core::FundAccountId, core::FundAccount> fund_accounts_;
  Table<core::PayoutId, core::Payout> payouts_;
  Table<core::TaskId, core::Task> tasks_;
  std::unordered_map<core::TaskId, core::MerchantId> tasks_done_;
  Table<core::EndpointId, core::Endpoint> endpoints_;
  std::unordered_map<core::EndpointId, core::MerchantId> endpoints_removed_;
  Table<core::DeliveryId, core::Delivery> deliveries_;
  std::map<core::Keys::CounterKey, Entry<core::Counter>> counters_;
  std::map<core::Keys::CredentialKey, Entry<core::Credential>> credentials_;
  std::map<std::string, Entry<core::RefreshToken>> refresh_tokens_;
  std::map<core::Keys::ReplyKey, Entry<core::StoredReply>> replies_;
  core::Changes rows_;  // new rows that nothing looks up: history, postings, attempts, audit
  bool changed_ = false;
};

}  // namespace disburse::engine
