// Rows of a database as values and back, whatever the database: bind_x() binds a value's columns in
// the order of columns.hpp, read_x() reads them. A Run is one execution of a statement:
// sqlite/connection.hpp has one, postgres/arrays.hpp and postgres/answer.hpp the two halves of one.
//
// Promise: what is sealed at rest (store/vault.hpp) is sealed and opened here, and nowhere else of
// the store. A row that cannot be read is internal_error, one that does not open io_failed.
// Threads: as the Run's connection.
#pragma once

#include "core/changes.hpp"
#include "store/vault.hpp"

namespace disburse::store {

// Text that is stored as bytes.
struct Blob {
  std::string_view bytes;
};

template <class Run>
void bind_merchant(Run& run, const core::Merchant& merchant);
template <class Run>
core::Result<core::Merchant> read_merchant(Run& run);

template <class Run>
void bind_balances(Run& run, const core::Balances& balances);
template <class Run>
core::Result<core::Balances> read_balances(Run& run);

template <class Run>
void bind_link(Run& run, const core::Link& link);
template <class Run>
core::Result<core::Link> read_link(Run& run);

// A contact gets its key when it is written; its fund accounts are sealed under the same one.
template <class Run>
void bind_contact(Run& run, const core::Contact& contact, const Vault::NewKey& key,
                  const Vault& vault);
template <class Run>
core::Result<core::Contact> read_contact(Run& run, const Vault& vault);

template <class Run>
void bind_fund_account(Run& run, const core::FundAccount& account, const sys::SecretKey& key,
                       const Vault& vault);
// The contact's recipient_key is one more column, after the others.
template <class Run>
core::Result<core::FundAccount> read_fund_account(Run& run, const Vault& vault);

template <class Run>
void bind_payout(Run& run, const core::Payout& payout);
template <class Run>
core::Result<core::Payout> read_payout(Run& run);

template <class Run>
void bind_history(Run& run, const core::History& row);
template <class Run>
core::Result<core::History> read_history(Run& run);

template <class Run>
void bind_posting(Run& run, const core::Posting& posting);
template <class Run>
core::Result<core::Posting> read_posting(Run& run);

template <class Run>
void bind_task(Run& run, const core::Task& task);
template <class Run>
core::Result<core::Task> read_task(Run& run);

template <class Run>
void bind_endpoint(Run& run, const core::Endpoint& endpoint, const Vault& vault);
template <class Run>
core::Result<core::Endpoint> read_endpoint(Run& run, const Vault& vault);

template <class Run>
void bind_delivery(Run& run, const core::Delivery& delivery, const Vault& vault);
// A body that was selected as null is empty.
template <class Run>
core::Result<core::Delivery> read_delivery(Run& run, const Vault& vault);

template <class Run>
void bind_attempt(Run& run, const core::Attempt& attempt, const Vault& vault);
template <class Run>
core::Result<core::Attempt> read_attempt(Run& run, const Vault& vault);

template <class Run>
void bind_stored_reply(Run& run, const core::StoredReply& reply, const Vault& vault);
template <class Run>
core::Result<core::StoredReply> read_stored_reply(Run& run, const Vault& vault);

template <class Run>
void bind_counter(Run& run, const core::Counter& counter);
template <class Run>
core::Result<core::Counter> read_counter(Run& run);

template <class Run>
void bind_credential(Run& run, const core::Credential& credential, const Vault& vault);
template <class Run>
core::Result<core::Credential> read_credential(Run& run, const Vault& vault);

template <class Run>
void bind_refresh_token(Run& run, const core::RefreshToken& token);
template <class Run>
core::Result<core::RefreshToken> read_refresh_token(Run& run);

template <class Run>
void bind_audit(Run& run, const core::AuditRow& row);
template <class Run>
core::Result<core::AuditRow> read_audit(Run& run);

// Makes the functions for one store.
// clang-format off
#define DISBURSE_BIND_ROWS(R) \
  template void bind_merchant(R&, const core::Merchant&); \
  template void bind_balances(R&, const core::Balances&); \
  template void bind_link(R&, const core::Link&); \
  template void bind_contact(R&, const core::Contact&, const Vault::NewKey&, const Vault&); \
  template void bind_fund_account(R&, const core::FundAccount&, const sys::SecretKey&, const Vault&); \
  template void bind_payout(R&, const core::Payout&); \
  template void bind_history(R&, const core::History&); \
  template void bind_posting(R&, const core::Posting&); \
  template void bind_task(R&, const core::Task&); \
  template void bind_endpoint(R&, const core::Endpoint&, const Vault&); \
  template void bind_delivery(R&, const core::Delivery&, const Vault&); \
  template void bind_attempt(R&, const core::Attempt&, const Vault&); \
  template void bind_stored_reply(R&, const core::StoredReply&, const Vault&); \
  template void bind_counter(R&, const core::Counter&); \
  template void bind_credential(R&, const core::Credential&, const Vault&); \
  template void bind_refresh_token(R&, const core::RefreshToken&); \
  template void bind_audit(R&, const core::AuditRow&);
#define DISBURSE_READ_ROWS(R) \
  template core::Result<core::Merchant> read_merchant(R&); \
  template core::Result<core::Balances> read_balances(R&); \
  template core::Result<core::Link> read_link(R&); \
  template core::Result<core::Contact> read_contact(R&, const Vault&); \
  template core::Result<core::FundAccount> read_fund_account(R&, const Vault&); \
  template core::Result<core::Payout> read_payout(R&); \
  template core::Result<core::History> read_history(R&); \
  template core::Result<core::Posting> read_posting(R&); \
  template core::Result<core::Task> read_task(R&); \
  template core::Result<core::Endpoint> read_endpoint(R&, const Vault&); \
  template core::Result<core::Delivery> read_delivery(R&, const Vault&); \
  template core::Result<core::Attempt> read_attempt(R&, const Vault&); \
  template core::Result<core::StoredReply> read_stored_reply(R&, const Vault&); \
  template core::Result<core::Counter> read_counter(R&); \
  template core::Result<core::Credential> read_credential(R&, const Vault&); \
  template core::Result<core::RefreshToken> read_refresh_token(R&); \
  template core::Result<core::AuditRow> read_audit(R&);
// clang-format on

}  // namespace disburse::store
