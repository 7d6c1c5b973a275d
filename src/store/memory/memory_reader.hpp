// Reads of the memory store. Each call sees one state of the store.
//
// Threads: one for each reader.
#pragma once

#include "store/memory/memory_store.hpp"

namespace disburse::store {

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::shared_ptr<MemoryStore::Shared> shared)  // owners: as below
      : shared_(std::move(shared)) {}

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
  std::shared_ptr<MemoryStore::Shared> shared_;  // owners: the store and its readers
};

// Whether a link is in a list: every field of the filter that is given must hold.
bool matches(const core::LinkView& view, const core::LinkFilter& filter, core::Instant now);

}  // namespace disburse::store
