// Reads of the PostgreSQL store, on a connection of their own; and the leases of tasks, which the
// same threads take.
//
// Every call is one round trip (lists of links between dates, and of deliveries, two) and sees the
// newest committed state; hold() holds nothing. Where the database is away a call fails at once
// until a moment has passed, so that a thread that serves others does not wait in each of them.
// Threads: one for each reader.
#pragma once

#include <functional>

#include "store/postgres/line.hpp"
#include "store/postgres/loader.hpp"
#include "store/store.hpp"

namespace disburse::store::postgres {

class PostgresReader final : public Reader {
 public:
  explicit PostgresReader(Shared& shared);

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
  core::Result<std::vector<core::Task>> take_tasks(bool timers, core::Instant now,
                                                   std::uint32_t limit) override;
  bool leases_tasks() const override { return true; }
  core::Result<std::vector<core::TaskId>> keep_tasks(std::span<const TaskName> tasks) override;
  core::Result<void> give_back(std::span<const TaskName> tasks) override;
  core::Result<std::optional<core::Instant>> next_due(bool timers) override;
  core::Result<std::vector<core::Task>> tasks_of(core::MerchantId merchant, core::TaskKind kind,
                                                 std::uint32_t limit) override;
  core::Result<std::vector<LedgerSums>> ledger_sums() override;
  core::Result<std::vector<core::AuditRow>> audit_rows(std::uint64_t after_id,
                                                       std::uint32_t limit) override;

 private:
  using Ask = std::function<void(Connection&)>;
  // A round trip with what `ask` queues; once more on a new connection when the old one was lost.
  core::Result<std::vector<Answer>> read(const Ask& ask);
  // The same, where several statements must see one state.
  core::Result<std::vector<Answer>> read_one_state(const Ask& ask);
  core::Result<Answer> read(const Statement& statement, const Params& params = {});
  core::Result<std::vector<Answer>> try_read(const Ask& ask, Deadline deadline);
  core::Result<store::Rows> load(const core::Keys& keys);
  core::Result<std::vector<core::DeliveryRecord>> with_attempts(std::vector<core::Delivery> rows);

  Shared& shared_;
  Line line_;
  std::int64_t owner_;  // of this reader's leases
};

}  // namespace disburse::store::postgres
