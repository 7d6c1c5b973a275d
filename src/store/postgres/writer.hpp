// Writes the changes of a batch: everything that there is of one table in one statement.
//
// Promise: a row over another version than its own less one, a new row that is there already, or
// one that is not as it was loaded fails the transaction with version_conflict.
// Threads: the connection's.
#pragma once

#include <map>
#include <string>

#include "core/changes.hpp"
#include "store/postgres/loader.hpp"
#include "store/postgres/statements.hpp"

namespace disburse::store::postgres {

// What the writer's own row (table writer) must be at least after the batch.
struct Marks {
  std::uint64_t last_id = 0;
  std::int64_t early_ms = 0;
  std::int64_t late_ms = 0;
};
Marks marks_of(const core::Changes& changes);

class Writer {
 public:
  Writer(Connection& connection, const Vault& vault, Seen& seen)
      : connection_(connection), vault_(vault), seen_(seen) {}

  // The contacts whose keys are needed, and not known yet.
  std::vector<core::Keys::ContactKey> missing_keys(const core::Changes& changes) const;
  // Queues the statements. internal_error: a row that cannot be written.
  core::Result<void> queue(const core::Changes& changes);

 private:
  core::Result<void> queue_people(const core::Changes& changes);
  void queue_links(const core::Changes& changes);
  void queue_money(const core::Changes& changes);
  void queue_audit(const core::Changes& changes);
  void queue_tasks(const core::Changes& changes);
  void queue_webhooks(const core::Changes& changes);
  void queue_replies(const core::Changes& changes);
  void queue_counters(const core::Changes& changes);
  void queue_tokens(const core::Changes& changes);
  void queue_merchants(const core::Changes& changes);
  core::Result<const sys::SecretKey*> key_of(core::MerchantId merchant, core::ContactId contact);

  void queue_rows(const Statement& statement, Arrays&& rows);
  void queue_counted(const Statement& statement, Arrays&& rows);
  template <class Row, class Key, class Bind>
  void queue_versions(const Versioned& statements, const std::string& table,
                      const std::string& columns, const std::vector<Row>& rows, Key key_of,
                      Bind bind);

  Connection& connection_;
  const Vault& vault_;
  Seen& seen_;
  // Of the recipients of this batch.
  std::map<std::pair<core::MerchantId, core::ContactId>, sys::SecretKey> keys_;
};

}  // namespace disburse::store::postgres
