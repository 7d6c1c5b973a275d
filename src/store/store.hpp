// The store's contract, in terms of batches: load the rows that a batch needs; commit what it
// decided, all or nothing. Reads for lists and look-ups go through a Reader, one for each thread
// that reads.
//
// Promises of commit(): when it returns without error, everything in it survives kill -9 and power
// loss. When it returns an error, nothing of it is there, or the store is poisoned and every later
// call fails with store_unavailable (after a failed fsync nobody knows what the disk has).
// version_conflict: nothing was written; the batch may be decided again. Nothing here is particular
// to one engine: a batch of any size is a fixed number of round trips.
//
// Errors: store_unavailable, version_conflict, io_failed, internal_error.
// Threads: a Store belongs to one engine thread; each Reader to one other thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/changes.hpp"
#include "core/decide.hpp"

namespace disburse::store {

// The rows that a batch asked for. A key that is not there is simply not in the list.
struct Rows {
  std::vector<core::Merchant> merchants;
  std::vector<core::Balances> balances;
  std::vector<core::Endpoint> endpoints;  // of the merchants asked for
  std::vector<core::Link> links;          // asked for by id, by reference and by payout
  std::vector<std::pair<core::Keys::ReferenceKey, core::LinkId>> references;
  std::vector<core::Contact> contacts;  // of those links, and those asked for
  std::vector<core::FundAccount> fund_accounts;
  std::vector<core::Payout> payouts;
  std::vector<core::Task> tasks;
  std::vector<core::Delivery> lane;  // not delivered, not given up; whole
  std::vector<core::Delivery> deliveries;
  std::vector<core::StoredReply> replies;
  std::vector<core::Counter> counters;
  std::vector<core::Credential> credentials;
  std::vector<core::RefreshToken> refresh_tokens;
};

// What the engine must know before its first batch.
struct StartState {
  std::uint64_t last_id = 0;       // the highest id of any kind that was ever stored
  core::MerchantId last_merchant;  // the highest merchant number
  std::string last_audit_hash;
};

// How long a lease lasts; who wants to keep it renews it after a third of that.
inline constexpr core::Duration kTaskLease = std::chrono::seconds(15);
inline constexpr core::Duration kNodeLease = std::chrono::seconds(60);

using TaskName = std::pair<core::MerchantId, core::TaskId>;

class Reader {
 public:
  virtual ~Reader() = default;
  // From the next read to let_go() all are of one state of the store, where it keeps any: taking it
  // can cost as much as reading a link. What is committed meanwhile is not seen.
  virtual core::Result<void> hold() { return {}; }
  virtual void let_go() {}
  virtual core::Result<std::optional<core::LinkView>> find_link(core::MerchantId merchant,
                                                                core::LinkId id) = 0;
  // The newest link with the reference.
  virtual core::Result<std::optional<core::LinkView>> find_link_by_reference(
      core::MerchantId merchant, std::string_view reference) = 0;
  virtual core::Result<core::LinkPage> list_links(const core::ListLinks& query,
                                                  core::Instant now) = 0;
  virtual core::Result<std::optional<core::Story>> link_story(core::MerchantId merchant,
                                                              core::LinkId id) = 0;
  virtual core::Result<std::optional<core::MerchantView>> find_merchant(core::MerchantId id) = 0;
  virtual core::Result<std::vector<core::Merchant>> list_merchants() = 0;
  virtual core::Result<std::optional<core::Credential>> find_credential(std::string_view dialect,
                                                                        std::string_view kind,
                                                                        std::string_view name) = 0;
  virtual core::Result<std::optional<core::Credential>> find_credential(core::CredentialId id) = 0;
  virtual core::Result<std::vector<core::Credential>> list_credentials(
      core::MerchantId merchant) = 0;
  virtual core::Result<std::vector<core::Endpoint>> list_endpoints(core::MerchantId merchant) = 0;
  // Newest first, with attempts.
  virtual core::Result<core::DeliveryList> list_deliveries(const core::ListDeliveries& query) = 0;
  virtual core::Result<std::optional<core::DeliveryRecord>> find_delivery(core::MerchantId merchant,
                                                                          core::DeliveryId id) = 0;
  // Tasks that are due, the longest overdue first, from an index: never a scan. `timers` chooses
  // between timers and outbox. Whoever has taken them.
  virtual core::Result<std::vector<core::Task>> due_tasks(bool timers, core::Instant now,
                                                          std::uint32_t limit) = 0;
  // The same, taken for this reader. Where leases_tasks(), nobody else gets them until the lease
  // ends, and neither does this reader again; tasks that others have are not among them. An
  // announcement comes only when no earlier one of its link is left, so that a link's events keep
  // their order. A task that a commit puts again is free from then on.
  virtual core::Result<std::vector<core::Task>> take_tasks(bool timers, core::Instant now,
                                                           std::uint32_t limit) {
    return due_tasks(timers, now, limit);
  }
  virtual bool leases_tasks() const { return false; }
  // Still worked on: the lease begins anew. Answers those that are somebody else's by now, or gone.
  virtual core::Result<std::vector<core::TaskId>> keep_tasks(std::span<const TaskName>) {
    return std::vector<core::TaskId>{};
  }
  // Not worked on: whoever looks next may take them.
  virtual core::Result<void> give_back(std::span<const TaskName>) { return {}; }
  // When the next task of the kind that can be taken will be due; none: there is no such task.
  virtual core::Result<std::optional<core::Instant>> next_due(bool timers) = 0;
  // A merchant's tasks of one kind, oldest first: its queued payouts when money has come in.
  virtual core::Result<std::vector<core::Task>> tasks_of(core::MerchantId merchant,
                                                         core::TaskKind kind,
                                                         std::uint32_t limit) = 0;
  // Every merchant's balances beside the sums of its postings, of its payouts in flight and of its
  // held links.
  struct LedgerSums {
    core::Balances balances;
    core::Balances from_postings;
    std::int64_t in_flight =
        0;  // payouts for which core::is_in_flight, of links that were not held at issue
    std::int64_t held_links = 0;   // links with `held`, whatever their state
    std::uint64_t paid_twice = 0;  // links with more than one payout settled and not reversed
  };
  virtual core::Result<std::vector<LedgerSums>> ledger_sums() = 0;
  virtual core::Result<std::vector<core::AuditRow>> audit_rows(std::uint64_t after_id,
                                                               std::uint32_t limit) = 0;
};

// Numbers of id makers (core::IdMaker) that nobody else has while the lease lasts.
struct NodeLease {
  std::vector<unsigned> nodes;
  std::uint64_t holder = 0;
  core::Instant until;  // by the real clock
};

class Store {
 public:
  virtual ~Store() = default;
  virtual core::Result<StartState> start_state() = 0;
  // Begins a batch; what an earlier one has not committed is given up.
  virtual core::Result<Rows> load(const core::Keys& keys) = 0;
  // More rows for the same batch.
  virtual core::Result<Rows> load_more(const core::Keys& keys) { return load(keys); }
  // Ends the batch.
  virtual core::Result<void> commit(const core::Changes& changes) = 0;
  virtual core::Result<std::unique_ptr<Reader>> reader() = 0;
  // False after a failed fsync, while the disk is full, or while the database cannot be reached:
  // `/health/ready` tells. Any thread asks.
  virtual bool takes_writes() const = 0;

  // How often the engine has waited for a database's answer: any thread asks.
  virtual std::uint64_t round_trips() const { return 0; }

  // Whether several processes may work on the store at once. Where they may not, the numbers of id
  // makers are whatever their owner likes.
  virtual bool shares() const { return false; }
  // `count` numbers from 1 to 62. store_unavailable: there are not so many left.
  virtual core::Result<NodeLease> lease_nodes(unsigned) {
    return core::fail(core::Code::not_supported, {}, "one process only works on this store");
  }
  // The lease begins anew. version_conflict: it has ended, and somebody else may have the numbers.
  virtual core::Result<void> keep_nodes(NodeLease&) { return {}; }
  virtual core::Result<void> give_back_nodes(const NodeLease&) { return {}; }
};

}  // namespace disburse::store
