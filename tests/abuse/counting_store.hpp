// A store that counts what is read from it, around a store that works.
//
// Promise: every read of the engine and of its readers is counted; nothing else changes.
// Threads: one.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "store/store.hpp"

namespace disburse::abuse {

class CountingReader : public store::Reader {
 public:
  CountingReader(std::unique_ptr<store::Reader> real, std::uint64_t& reads)
      : real_(std::move(real)), reads_(reads) {}

  core::Result<std::optional<core::LinkView>> find_link(core::MerchantId merchant,
                                                        core::LinkId id) override {
    return counted().find_link(merchant, id);
  }
  core::Result<std::optional<core::LinkView>> find_link_by_reference(
      core::MerchantId merchant, std::string_view reference) override {
    return counted().find_link_by_reference(merchant, reference);
  }
  core::Result<core::LinkPage> list_links(const core::ListLinks& query,
                                          core::Instant now) override {
    return counted().list_links(query, now);
  }
  core::Result<std::optional<core::Story>> link_story(core::MerchantId merchant,
                                                      core::LinkId id) override {
    return counted().link_story(merchant, id);
  }
  core::Result<std::optional<core::MerchantView>> find_merchant(core::MerchantId id) override {
    return counted().find_merchant(id);
  }
  core::Result<std::vector<core::Merchant>> list_merchants() override {
    return counted().list_merchants();
  }
  core::Result<std::optional<core::Credential>> find_credential(std::string_view dialect,
                                                                std::string_view kind,
                                                                std::string_view name) override {
    return counted().find_credential(dialect, kind, name);
  }
  core::Result<std::optional<core::Credential>> find_credential(core::CredentialId id) override {
    return counted().find_credential(id);
  }
  core::Result<std::vector<core::Credential>> list_credentials(core::MerchantId merchant) override {
    return counted().list_credentials(merchant);
  }
  core::Result<std::vector<core::Endpoint>> list_endpoints(core::MerchantId merchant) override {
    return counted().list_endpoints(merchant);
  }
  core::Result<core::DeliveryList> list_deliveries(const core::ListDeliveries& query) override {
    return counted().list_deliveries(query);
  }
  core::Result<std::optional<core::DeliveryRecord>> find_delivery(core::MerchantId merchant,
                                                                  core::DeliveryId id) override {
    return counted().find_delivery(merchant, id);
  }
  core::Result<std::vector<core::Task>> due_tasks(bool timers, core::Instant now,
                                                  std::uint32_t limit) override {
    return counted().due_tasks(timers, now, limit);
  }
  core::Result<std::optional<core::Instant>> next_due(bool timers) override {
    return counted().next_due(timers);
  }
  core::Result<std::vector<core::Task>> tasks_of(core::MerchantId merchant, core::TaskKind kind,
                                                 std::uint32_t limit) override {
    return counted().tasks_of(merchant, kind, limit);
  }
  core::Result<std::vector<LedgerSums>> ledger_sums() override { return counted().ledger_sums(); }
  core::Result<std::vector<core::AuditRow>> audit_rows(std::uint64_t after_id,
                                                       std::uint32_t limit) override {
    return counted().audit_rows(after_id, limit);
  }

 private:
  store::Reader& counted() {
    ++reads_;
    return *real_;
  }

  std::unique_ptr<store::Reader> real_;
  std::uint64_t& reads_;
};

class CountingStore final : public store::Store {
 public:
  explicit CountingStore(store::Store& real) : real_(real) {}

  std::uint64_t reads() const { return reads_; }
  std::uint64_t commits() const { return commits_; }

  core::Result<store::StartState> start_state() override { return real_.start_state(); }
  core::Result<store::Rows> load(const core::Keys& keys) override {
    ++reads_;
    return real_.load(keys);
  }
  core::Result<store::Rows> load_more(const core::Keys& keys) override {
    ++reads_;
    return real_.load_more(keys);
  }
  core::Result<void> commit(const core::Changes& changes) override {
    if (!changes.empty()) ++commits_;
    return real_.commit(changes);
  }
  core::Result<std::unique_ptr<store::Reader>> reader() override {
    return std::make_unique<CountingReader>(TRY(real_.reader()), reads_);
  }
  bool takes_writes() const override { return real_.takes_writes(); }

 private:
  store::Store& real_;
  std::uint64_t reads_ = 0;
  std::uint64_t commits_ = 0;
};

}  // namespace disburse::abuse
