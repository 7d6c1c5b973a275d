// What operators do from the shell. Each opens the store itself, so it works beside a running
// server or without one, and prints what it did. Errors are told in one line on stderr, exit
// status 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options.hpp"

namespace disburse::cli {

// Opens the store, which brings its schema up to this version.
core::Result<void> migrate(const Options& options);

// Moves a whole store to another engine, under the same master key. Nobody may be serving either.
struct StoreCopy {
  std::string from, to;  // sqlite:PATH or postgresql://...
};
core::Result<void> copy_store(const Options& options, const StoreCopy& copy);

core::Result<void> show_link(const Options& options, const std::string& id);
// True when every check passed.
core::Result<bool> verify_ledger(const Options& options);

struct NewMerchant {
  std::string name;
  std::string account_number;
  bool live = false;
  std::string allowed_addresses;  // comma-separated
  bool hold_at_issue = false;
  std::optional<std::int64_t> approval_above_paise;
};
core::Result<void> create_merchant(const Options& options, const NewMerchant& merchant);
core::Result<void> list_merchants(const Options& options);
core::Result<void> deposit(const Options& options, std::uint32_t merchant,
                           const std::string& rupees);

core::Result<void> issue_credentials(const Options& options, std::uint32_t merchant,
                                     const std::string& dialect, const std::string& kind);
core::Result<void> list_credentials(const Options& options, std::uint32_t merchant);
core::Result<void> revoke_credential(const Options& options, const std::string& dialect,
                                     const std::string& kind, const std::string& name);

core::Result<void> list_webhooks(const Options& options, std::uint32_t merchant,
                                 const std::string& link);
core::Result<void> replay_webhook(const Options& options, std::uint32_t merchant,
                                  const std::string& delivery);

// The operator's word on a payout that was made by hand, or that the bank was asked about by
// telephone.
core::Result<void> settle_payout(const Options& options, const std::string& link,
                                 const std::string& utr);
core::Result<void> refuse_payout(const Options& options, const std::string& link,
                                 const std::string& why);

}  // namespace disburse::cli
