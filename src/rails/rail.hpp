// A rail: a way to a bank. It answers settled, refused or unknown; unknown is the default and is
// never a failure. A rail knows orders, not links.
//
// Rules for every rail: `order.key` goes to the bank as its idempotency key, the same in every try;
// the first try and asking again are one call, because only the bank knows which it is. Threads:
// submit and verify are called by the relay's thread; answers may come on any thread, exactly once
// a call.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/command.hpp"

namespace disburse::rails {

struct Order {
  std::string key;  // stored before the first attempt
  core::MerchantId merchant;
  core::PayoutId payout;
  core::Money amount;
  core::PayMethod method = core::PayMethod::bank;
  std::string mode;  // "IMPS", "NEFT", "RTGS", "UPI"
  std::string holder_name;
  core::SecretText account_number;
  std::string ifsc;
  core::SecretText vpa;
  std::string narration;
  core::Instant first_sent_at;  // when the intent was stored
  std::uint32_t tries = 0;      // asked so often before
};

struct RailReply {
  core::BankOutcome outcome = core::BankOutcome::unknown;
  std::string utr;          // when settled
  std::string reason;       // when refused: a machine word, "account_closed"
  std::string reason_text;  // in plain words
  std::optional<core::Instant> ask_again_at;
};

struct HolderReply {
  core::AccountVerified::Answer answer = core::AccountVerified::Answer::unknown;
  std::string name;
};

class Rail {
 public:
  // What the bank says unasked: late answers, second answers, reversals.
  using Listener = std::function<void(core::MerchantId, core::PayoutId, RailReply)>;

  virtual ~Rail() = default;
  virtual std::string_view name() const = 0;
  virtual void submit(const Order& order, std::function<void(RailReply)> answer) = 0;
  // Who holds the account of the order, without paying.
  virtual void verify(const Order& order, std::function<void(HolderReply)> answer) = 0;
  virtual void listen(Listener listener) = 0;
};

}  // namespace disburse::rails
