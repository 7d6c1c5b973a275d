// Rows of the database as values and back: bind_x() binds a value's columns in the order of
// columns.hpp, read_x() reads them.
//
// Promise: what is sealed at rest (store/vault.hpp) is sealed and opened here, and nowhere else of
// the store. A row that cannot be read is internal_error, one that does not open io_failed.
// Threads: as the Run's connection.
#pragma once

#include "core/changes.hpp"
#include "store/sqlite/connection.hpp"
#include "store/vault.hpp"

namespace disburse::store {

void bind_merchant(Run& run, const core::Merchant& merchant);
core::Result<core::Merchant> read_merchant(Run& run);

void bind_balances(Run& run, const core::Balances& balances);
core::Result<core::Balances> read_balances(Run& run);

void bind_link(Run& run, const core::Link& link);
core::Result<core::Link> read_link(Run& run);

// A contact gets its key when it is written; its fund accounts are sealed under the same one.
void bind_contact(Run& run, const core::Contact& contact, const Vault::NewKey& key,
                  const Vault& vault);
core::Result<core::Contact> read_contact(Run& run, const Vault& vault);

void bind_fund_account(Run& run, const core::FundAccount& account, const sys::SecretKey& key,
                       const Vault& vault);
// The contact's recipient_key is one more column, after the others.
core::Result<core::FundAccount> read_fund_account(Run& run, const Vault& vault);

void bind_payout(Run& run, const core::Payout& payout);
core::Result<core::Payout> read_payout(Run& run);

void bind_history(Run& run, const core::History& row);
core::Result<core::History> read_history(Run& run);

void bind_posting(Run& run, const core::Posting& posting);
core::Result<core::Posting> read_posting(Run& run);

void bind_task(Run& run, const core::Task& task);
core::Result<core::Task> read_task(Run& run);

void bind_endpoint(Run& run, const core::Endpoint& endpoint, const Vault& vault);
core::Result<core::Endpoint> read_endpoint(Run& run, const Vault& vault);

void bind_delivery(Run& run, const core::Delivery& delivery, const Vault& vault);
// A body that was selected as null is empty.
core::Result<core::Delivery> read_delivery(Run& run, const Vault& vault);

void bind_attempt(Run& run, const core::Attempt& attempt, const Vault& vault);
core::Result<core::Attempt> read_attempt(Run& run, const Vault& vault);

void bind_stored_reply(Run& run, const core::StoredReply& reply, const Vault& vault);
core::Result<core::StoredReply> read_stored_reply(Run& run, const Vault& vault);

void bind_counter(Run& run, const core::Counter& counter);
core::Result<core::Counter> read_counter(Run& run);

void bind_credential(Run& run, const core::Credential& credential, const Vault& vault);
core::Result<core::Credential> read_credential(Run& run, const Vault& vault);

void bind_refresh_token(Run& run, const core::RefreshToken& token);
core::Result<core::RefreshToken> read_refresh_token(Run& run);

void bind_audit(Run& run, const core::AuditRow& row);
core::Result<core::AuditRow> read_audit(Run& run);

}  // namespace disburse::store
