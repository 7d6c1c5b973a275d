// A link and the people and accounts behind it, as they are stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/link_lifecycle.hpp"
#include "core/money.hpp"
#include "core/payout_lifecycle.hpp"
#include "core/secret.hpp"

namespace disburse::core {

using Notes = std::vector<std::pair<std::string, std::string>>;

// How a recipient may be paid: a set of bits.
enum class PayMethod : std::uint8_t { bank = 1, upi = 2, wallet = 4, card = 8 };
using PayMethods = std::uint8_t;
constexpr PayMethods operator|(PayMethod a, PayMethod b) {
  return static_cast<PayMethods>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(PayMethods set, PayMethod method) {
  return (set & static_cast<PayMethods>(method)) != 0;
}

enum class Channel : std::uint8_t { sms = 1, email = 2 };
std::string_view name(Channel channel);

// Who gets the money. Phone and e-mail are kept as the merchant wrote them and are encrypted at
// rest.
struct Contact {
  MerchantId merchant;
  ContactId id;
  std::string name;  // may be empty
  std::string type;  // "customer", or empty
  std::string phone;
  std::string email;
  Instant created_at;

  bool has(Channel channel) const {
    return channel == Channel::sms ? !phone.empty() : !email.empty();
  }
  friend bool operator==(const Contact&, const Contact&) = default;
};

// Their bank account or UPI id.
struct FundAccount {
  MerchantId merchant;
  FundAccountId id;
  ContactId contact;
  PayMethod method = PayMethod::bank;
  std::string holder_name;
  SecretText account_number;  // bank only
  std::string ifsc;           // bank only
  SecretText vpa;             // UPI only
  Instant created_at;

  friend bool operator==(const FundAccount&, const FundAccount&) = default;
};

// The one-time password of a claim. The password itself is not stored, not even hashed: it is the
// keyed hash of link and nonce, made again when it is sent and when it is checked (core/otp.hpp).
struct OtpState {
  std::uint64_t nonce = 0;  // 0: none is open
  Channel channel = Channel::sms;
  Instant sent_at;
  std::uint32_t wrong_tries = 0;
  std::uint32_t sends = 0;  // in the window that began at window_start
  Instant window_start;
  Instant locked_until;
  std::uint64_t proven = 0;  // the nonce that was proven last; claim tokens name it
  Instant proven_at;

  friend bool operator==(const OtpState&, const OtpState&) = default;
};

struct Link {
  MerchantId merchant;
  LinkId id;
  std::uint32_t version = 0;  // 0: not stored yet; each change adds one (compare and set)
  LinkState state = LinkState::none;
  Money amount;
  std::string dialect;    // the one that made it: "payu"
  std::string variant;    // the dialect's own word for how: "v1"; may be empty
  std::string reference;  // merchantRefId, receipt, referenceNo; may be empty
  std::string purpose;
  std::string description;
  ContactId contact;
  PayMethods methods = PayMethod::bank | PayMethod::upi;
  bool otp_required = true;
  bool verify_beneficiary = false;
  bool send_sms = false;
  bool send_email = false;
  bool held = false;           // at issue, under Settings::hold
  std::uint32_t attempts = 0;  // payouts started
  std::uint32_t notices = 0;   // times that the merchant asked to send the link again
  std::uint32_t history = 0;   // rows of History so far
  FundAccountId fund_account;  // of the last claim; stays after a failed payout
  PayoutId payout;             // the last payout
  Notes notes;
  OtpState otp;
  Instant created_at;
  std::optional<Instant> activates_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> cancelled_at;
  std::optional<Instant> expired_at;
  Instant updated_at;

  friend bool operator==(const Link&, const Link&) = default;
};

// The state that a caller is told: a deadline that has passed counts before its timer has run.
constexpr LinkState state_at(const Link& link, Instant now) {
  const bool open = link.state == LinkState::pending || link.state == LinkState::scheduled ||
                    link.state == LinkState::issued;
  if (open && link.expires_at && *link.expires_at <= now) return LinkState::expired;
  if (link.state == LinkState::scheduled && link.activates_at && *link.activates_at <= now)
    return LinkState::issued;
  return link.state;
}

struct Payout {
  MerchantId merchant;
  PayoutId id;
  std::uint32_t version = 0;
  LinkId link;
  FundAccountId fund_account;
  PayoutState state = PayoutState::none;
  Money amount;
  std::string mode;  // "IMPS", "NEFT", "RTGS", "UPI"
  std::string rail;  // the folder's name
  std::string key;  // the idempotency key that the bank gets: stored before the first attempt, used
                    // in every one
  std::string utr;
  std::string
      reason;  // the rail's machine word for a refusal: "account_closed"; empty when there is none
  std::string reason_text;    // in plain words
  std::string verified_name;  // what the bank calls the holder
  Instant created_at;
  std::optional<Instant> sent_at;
  std::optional<Instant> ended_at;  // settled, refused or cancelled

  friend bool operator==(const Payout&, const Payout&) = default;
};

// A link with what belongs to it: what is loaded to decide on it and what a dialect renders.
struct LinkView {
  Link link;
  Contact contact;
  std::optional<FundAccount> fund_account;  // of the last claim
  std::optional<Payout> payout;             // the last one
};

// What happened to a link, one row each, oldest first.
enum class HistoryKind : std::uint8_t {
  changed,   // a row of the life cycle: `event`, `from`, `to`
  notified,  // the link was sent; `note` holds masked targets
  otp_sent,
  otp_wrong,
  otp_locked,
  otp_verified,
  details_submitted,  // an account was given
  beneficiary_verified,
  beneficiary_refused,
  payout_queued,
  payout_sent,
  payout_unknown,
  bank_contradicted,  // the bank said something that the table does not allow; an operator must
                      // look
};
std::string_view name(HistoryKind kind);

struct History {
  MerchantId merchant;
  LinkId link;
  std::uint32_t number = 0;  // 1, 2, 3 … in one link
  HistoryKind kind = HistoryKind::changed;
  LinkEvent event = LinkEvent::create;  // for `changed`
  LinkState from = LinkState::none;
  LinkState to = LinkState::none;
  Instant at;
  std::string actor;  // "payu", "recipient", "bank", "timer", "operator:NAME"
  std::string note;   // masked; never a secret
  PayoutId payout;
  FundAccountId fund_account;

  friend bool operator==(const History&, const History&) = default;
};

}  // namespace disburse::core
