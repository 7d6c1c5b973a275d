// Every statement of the store, in one place: the check in statements_test.cpp reads them all and
// refuses what src/store/migrations/0001_first.sql forbids. Lists of links are put together
// (link_list.cpp) from pieces that are read there too.
//
// Reading statements take their keys as arrays; writing ones take rows as arrays, and a write that
// must find what was loaded fails with "version_conflict" when its count is another one, so that
// nothing of the batch is committed.
//
// Threads: constants.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/postgres/arrays.hpp"
#include "store/postgres/connection.hpp"

namespace disburse::store::postgres {

extern const Statement kBegin, kBeginReading, kCommit, kRollback;

// ---- loading: (locked) keeps the rows from others until the commit
struct Lockable {
  Statement plain;
  Statement locked;
  const Statement& get(bool lock) const { return lock ? locked : plain; }
};
// Arrays: merchants and ids of links; of payouts; merchants and references; in both.
extern const Lockable kLinks;
// What belongs to those links: contact, fund account with its contact's key, payout in one row.
extern const Statement kAround;
extern const Lockable kTasks;       // arrays: merchants, ids
extern const Lockable kCounters;    // arrays: merchants, keys
extern const Lockable kTokens;      // array: hashes
extern const Statement kLockMoney;  // arrays: merchants, 1 where whatever their settings
extern const Statement kReferences, kPayouts, kContacts, kRecipientKeys, kLanes, kDeliveries;
extern const Statement kMerchants, kBalances, kEndpoints, kReplies, kCredentials;
// The columns of kAround.
inline constexpr std::size_t kContactWidth = 9, kFundAccountWidth = 8, kPayoutWidth = 17;

// ---- writing
struct Versioned {
  Statement insert;  // rows
  Statement update;  // rows, then how many
};
extern const Versioned kPutLinks, kPutPayouts, kPutBalances;
extern const Statement kAddReferences, kAddContacts, kAddFundAccounts, kAddHistory, kAddPostings,
    kAddAttempts, kAddAudit, kAddCounters;
struct Put {
  Statement put;    // rows: new, or over whatever is there
  Statement again;  // rows of what was loaded, then how many
};
extern const Put kPutTasks, kPutEndpoints;
extern const Put kPutCounters;  // again: rows with window_start and count as loaded
extern const Put kPutTokens;    // again: rows with used as loaded
extern const Statement kPutDeliveries, kPutMerchants, kPutCredentials;
extern const Statement kPutReplies;       // rows, the time before which a reply may go, how many
extern const Statement kFinishTasks;      // arrays: merchants, ids, 1 where it was loaded; how many
extern const Statement kRemoveEndpoints;  // arrays: merchants, ids
extern const Statement kLockAudit, kCheckAudit;  // (the hash before)
extern const Statement kMarkCommit;              // writer, number, last id, early, late, time

// ---- the state of the store, writers and nodes
extern const Statement kStartState;
extern const Statement kAddWriter, kFenceWriter, kLockState, kTakeOverWriters, kForgetWriters;
extern const Statement kFreeNodes, kLeaseNode, kKeepNodes, kGiveBackNodes, kAddNodes;

// ---- reading
extern const Statement kDrift, kHistoryOfLink, kPayoutsOfLink, kPostingsOfLink, kDeliveriesOfLink,
    kFundAccounts, kAllMerchants, kCredentialById, kCredentialsOf, kAttempts, kAuditRows;
extern const Statement kDueTasks, kNextDue, kQueuedTasks, kTasksOfKind;
extern const Statement kTakeable, kLease, kKeepTasks, kGiveBackTasks;
extern const Statement kSumMerchants, kSumBalances, kSumPostings, kSumInFlight, kSumHeld,
    kSumPaidTwice;

// ---- the schema
extern const Statement kTableThere, kMakeMigrations, kLockMigrations, kAddLockRow, kReadMigrations,
    kAddMigration, kColumnsThere, kAddState, kReadKeyCheck, kCitusThere, kDistribute, kReference,
    kServer, kClaimMode, kReadMode;

// All of the above.
std::span<const Statement* const> all_statements();

// Arrays for the rows of some columns of a table.
Arrays arrays_for(std::string_view table, const std::string& columns);

}  // namespace disburse::store::postgres
