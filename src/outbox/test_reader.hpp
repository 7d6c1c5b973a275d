// A reader that cannot be read while the test says so, around one that can.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace disburse::outbox::testing {

class BrokenReader : public store::Reader {
 public:
  explicit BrokenReader(std::unique_ptr<store::Reader> real) : real_(std::move(real)) {}

  std::set<std::string> broken;  // the names of the reads that fail

  core::Result<std::optional<core::LinkView>> find_link(core::MerchantId merchant,
                                                        core::LinkId id) override {
    return or_broken("find_link", [&] { return real_->find_link(merchant, id); });
  }
  core::Result<std::optional<core::Story>> link_story(core::MerchantId merchant,
                                                      core::LinkId id) override {
    return or_broken("link_story", [&] { return real_->link_story(merchant, id); });
  }
  core::Result<std::optional<core::MerchantView>> find_merchant(core::MerchantId id) override {
    return or_broken("find_merchant", [&] { return real_->find_merchant(id); });
  }
  core::Result<std::vector<core::Endpoint>> list_endpoints(core::MerchantId merchant) override {
    return or_broken("list_endpoints", [&] { return real_->list_endpoints(merchant); });
  }
  core::Result<std::optional<core::DeliveryRecord>> find_delivery(core::MerchantId merchant,
                                                                  core::DeliveryId id) override {
    return or_broken("find_delivery", [&] { return real_->find_delivery(merchant, id); });
  }
  core::Result<std::vector<core::Task>> due_tasks(bool timers, core::Instant now,
                                                  std::uint32_t limit) override {
    return or_broken("due_tasks", [&] { return real_->due_tasks(timers, now, limit); });
  }
  core::Result<std::optional<core::Instant>> next_due(bool timers) override {
    return or_broken("next_due", [&] { return real_->next_due(timers); });
  }

  // The relay reads none of these.
  core::Result<std::optional<core::LinkView>> find_link_by_reference(core::MerchantId,
                                                                     std::string_view) override {
    return failed();
  }
  core::Result<core::LinkPage> list_links(const core::ListLinks&, core::Instant) override {
    return failed();
  }
  core::Result<std::vector<core::Merchant>> list_merchants() override { return failed(); }
  core::Result<std::optional<core::Credential>> find_credential(std::string_view, std::string_view,
                                                                std::string_view) override {
    return failed();
  }
  core::Result<std::optional<core::Credential>> find_credential(core::CredentialId) override {
    return failed();
  }
  core::Result<std::vector<core::Credential>> list_credentials(core::MerchantId) override {
    return failed();
  }
  core::Result<core::DeliveryList> list_deliveries(const core::ListDeliveries&) override {
    return failed();
  }
  core::Result<std::vector<core::Task>> tasks_of(core::MerchantId, core::TaskKind,
                                                 std::uint32_t) override {
    return failed();
  }
  core::Result<std::vector<LedgerSums>> ledger_sums() override { return failed(); }
  core::Result<std::vector<core::AuditRow>> audit_rows(std::uint64_t, std::uint32_t) override {
    return failed();
  }

 private:
  static tl::unexpected<core::Error> failed() { return core::fail(core::Code::io_failed); }
  template <class Read>
  auto or_broken(const std::string& name, Read read) -> decltype(read()) {
    if (broken.contains(name)) return failed();
    return read();
  }

  std::unique_ptr<store::Reader> real_;
};

}  // namespace disburse::outbox::testing
