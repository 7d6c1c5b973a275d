// What the relay reads for a task. Merchants and endpoints are kept for the length of a poll,
// because the tasks of a poll are often of one merchant.
//
// Threads: the relay's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/command.hpp"
#include "core/task.hpp"
#include "dialects/dialect.hpp"
#include "store/store.hpp"

namespace disburse::outbox {

// A payout with what a bank must know of it.
struct PayoutRecord {
  core::Payout payout;
  core::FundAccount fund_account;
  std::string contact_name;
  std::string merchant_name;
};

// A delivery with the rules by which it is sent.
struct DeliveryPlan {
  core::Delivery delivery;
  dialects::WebhookRules rules;
};

class Records {
 public:
  explicit Records(store::Reader& reader) : reader_(reader) {}

  void forget();  // at the beginning of a poll

  core::Result<const core::Merchant*> merchant(core::MerchantId id);  // merchant_not_found
  core::Result<const std::vector<core::Endpoint>*> endpoints(core::MerchantId id);
  core::Result<core::LinkView> link(core::MerchantId merchant, core::LinkId id);  // link_not_found
  // The link with the payout and fund account that the task names, which need not be the last ones.
  core::Result<core::LinkView> link_of(const core::Task& task);
  core::Result<PayoutRecord> payout(const core::Task& task);      // payout_not_found
  core::Result<core::Delivery> delivery(const core::Task& task);  // delivery_not_found

 private:
  store::Reader& reader_;
  std::map<core::MerchantId, core::Merchant> merchants_;
  std::map<core::MerchantId, std::vector<core::Endpoint>> endpoints_;
};

}  // namespace disburse::outbox
