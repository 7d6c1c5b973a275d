// Writes the changes of a batch, row by row, inside a transaction that its caller opens and closes.
//
// Promise: a row over another version than its own less one, or a new row that is there already, is
// version_conflict; after any error the caller rolls back.
// Threads: the connection's.
#pragma once

#include <map>
#include <string>

#include "core/changes.hpp"
#include "store/sqlite/finder.hpp"

namespace disburse::store {

// Of the last row of the audit chain; empty when there is none.
core::Result<std::string> last_audit_hash(Connection& connection);

class Writer {
 public:
  Writer(Connection& connection, const Vault& vault, Finder& finder)
      : connection_(connection), vault_(vault), finder_(finder) {}

  core::Result<void> write(const core::Changes& changes);

 private:
  core::Result<void> write_links(const core::Changes& changes);
  core::Result<void> write_people(const core::Changes& changes);
  core::Result<void> write_money(const core::Changes& changes);
  core::Result<void> write_history(const core::Changes& changes);
  core::Result<void> write_tasks(const core::Changes& changes);
  core::Result<void> write_endpoints(const core::Changes& changes);
  core::Result<void> write_deliveries(const core::Changes& changes);
  core::Result<void> write_replies(const core::Changes& changes);
  core::Result<void> write_merchants(const core::Changes& changes);
  core::Result<void> write_state(const core::Changes& changes);
  core::Result<void> write_reference(const core::Link& link, bool only);
  core::Result<const sys::SecretKey*> key_of(core::MerchantId merchant, core::ContactId contact);

  Connection& connection_;
  const Vault& vault_;
  Finder& finder_;
  // Of the recipients of this batch.
  std::map<std::pair<core::MerchantId, core::ContactId>, sys::SecretKey> keys_;
};

}  // namespace disburse::store
