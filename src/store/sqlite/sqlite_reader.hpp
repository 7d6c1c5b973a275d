// Reads of the SQLite store, on a connection of their own that cannot write. Each call sees one
// committed state: the newest, or the one that is held.
//
// Threads: one for each reader.
#pragma once

#include "store/sqlite/finder.hpp"
#include "store/store.hpp"

namespace disburse::store {

class SqliteReader final : public Reader {
 public:
  SqliteReader(std::unique_ptr<Connection> connection, const Vault& vault);
  ~SqliteReader() override;

  core::Result<void> hold() override;
  void let_go() override;
  core::Result<std::optional<core::LinkView>> find_link(core::MerchantId merchant,
                                                        core::LinkId id) override;
  core::Result<std::optional<core::LinkView>> find_link_by_reference(
      core::MerchantId merchant, std::string_view reference) override;
  core::Result<core::LinkPage> list_links(const core::ListLinks& query, core::Instant now) override;
  core::Result<std::optional<core::Story>> link_story(core::MerchantId merchant,
                                                      core::LinkId id) override;
  core::Result<std::optional<core::MerchantView>> find_merchant(core::MerchantId id) override;
  core::Result<std::vector<core::Merchant>> list_merchants() override;
  core::Result<std::optional<core::Credential>> find_credential(std::string_view dialect,
                                                                std::string_view kind,
                                                                std::string_view name) override;
  core::Result<std::optional<core::Credential>> find_credential(core::CredentialId id) override;
  core::Result<std::vector<core::Credential>> list_credentials(core::MerchantId merchant) override;
  core::Result<std::vector<core::Endpoint>> list_endpoints(core::MerchantId merchant) override;
  core::Result<core::DeliveryList> list_deliveries(const core::ListDeliveries& query) override;
  core::Result<std::optional<core::DeliveryRecord>> find_delivery(core::MerchantId merchant,
                                                                  core::DeliveryId id) override;
  core::Result<std::vector<core::Task>> due_tasks(bool timers, core::Instant now,
                                                  std::uint32_t limit) override;
  core::Result<std::optional<core::Instant>> next_due(bool timers) override;
  core::Result<std::vector<core::Task>> tasks_of(core::MerchantId merchant, core::TaskKind kind,
                                                 std::uint32_t limit) override;
  core::Result<std::vector<LedgerSums>> ledger_sums() override;
  core::Result<std::vector<core::AuditRow>> audit_rows(std::uint64_t after_id,
                                                       std::uint32_t limit) override;

 private:
  // One state of the store for several statements; ends when it goes.
  class Snapshot;

  core::Result<Snapshot> one_state();
  core::Result<core::Story> story_of(core::Link link);
  core::Result<core::DeliveryRecord> record_of(core::Delivery delivery);
  core::Result<std::vector<LedgerSums>> read_sums();

  std::unique_ptr<Connection> connection_;
  const Vault& vault_;
  Finder finder_;
  std::unique_ptr<Snapshot> held_;
};

}  // namespace disburse::store
