// What a decision writes. One commit takes the changes of a whole batch, all or nothing
// (store/store.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/command.hpp"

namespace disburse::core {

// The reply to a request with an idempotency key, as the bytes that left.
struct StoredReply {
  MerchantId merchant;
  std::string key;           // the dialect's scope and the caller's key
  std::string request_hash;  // 32 bytes over what was asked
  int status = 200;
  std::string content_type;
  std::string body;
  Instant at;

  friend bool operator==(const StoredReply&, const StoredReply&) = default;
};

// How often something was done in a window; limits OTPs by contact and by address.
struct Counter {
  MerchantId merchant;  // nobody's for counters by address
  std::string key;      // a keyed hash: neither address nor phone number is kept
  Instant window_start;
  std::uint32_t count = 0;

  friend bool operator==(const Counter&, const Counter&) = default;
};

// An operator's act, chained by hashes: each row's hash covers the one before it.
struct AuditRow {
  std::uint64_t id = 0;
  Instant at;
  MerchantId merchant;
  std::string actor;
  std::string act;     // "issue_credential"
  std::string detail;  // never a secret
  std::string hash;    // 32 bytes, given by the engine

  friend bool operator==(const AuditRow&, const AuditRow&) = default;
};

// Rows are whole: what is stored after the commit. Where a row has a `version`, the store takes it
// only over the version before it (0 → 1 inserts), else the whole commit fails with
// version_conflict.
struct Changes {
  std::vector<Link> links;
  std::vector<Contact> contacts;           // new ones
  std::vector<FundAccount> fund_accounts;  // new ones
  std::vector<Payout> payouts;
  std::vector<History> history;   // new rows
  std::vector<Posting> postings;  // new rows
  std::vector<Balances> balances;
  std::vector<Task> tasks;  // put: new, or a later due_at
  std::vector<std::pair<MerchantId, TaskId>>
      tasks_done;                   // taken away; an unknown one is not an error
  std::vector<Endpoint> endpoints;  // put
  std::vector<std::pair<MerchantId, EndpointId>> endpoints_removed;
  // Put; of one that is there only state, tries and due_at change.
  std::vector<Delivery> deliveries;          // put
  std::vector<Attempt> attempts;             // new rows
  std::vector<StoredReply> replies;          // new rows
  std::vector<Counter> counters;             // put
  std::vector<Merchant> merchants;           // put
  std::vector<Credential> credentials;       // put
  std::vector<RefreshToken> refresh_tokens;  // put
  // References that must be nobody else's: a store that several processes write answers
  // version_conflict when another took one since it was looked up. With one writer nobody can.
  std::vector<std::pair<MerchantId, std::string>> references_taken;
  std::vector<AuditRow> audit;  // new rows
  // What the first of them is chained to: when another row has become the last since, because a
  // second process acted too, the whole commit fails with version_conflict. None: not looked at.
  std::optional<std::string> audit_after;

  bool empty() const;
};

}  // namespace disburse::core
