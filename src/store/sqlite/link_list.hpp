// The statements for lists of links: one for each combination of filters, put together from fixed
// pieces and bound values.
//
// Threads: values only.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/command.hpp"
#include "store/sqlite/connection.hpp"
#include "store/vault.hpp"

namespace disburse::store {

// How far the time in an id was ever before and after its link's created_at (table store_state).
struct IdDrift {
  std::int64_t early_ms = 0;
  std::int64_t late_ms = 0;
};

// The conditions that a filter stands for, and their values in order.
class LinkConditions {
 public:
  LinkConditions(const core::ListLinks& query, core::Instant now, IdDrift drift,
                 const Vault& vault);

  const std::string& sql() const { return sql_; }
  void bind(Run& run) const;

 private:
  using Value = std::variant<std::int64_t, std::string>;
  void add(const std::string& condition, std::vector<Value> values);
  void add_ids(const core::LinkFilter& filter);
  void add_texts(const core::LinkFilter& filter);
  void add_states(const std::vector<core::LinkState>& states, core::Instant now);
  void add_contact(const core::LinkFilter& filter);
  void add_times(const core::LinkFilter& filter, IdDrift drift);

  core::MerchantId merchant_;
  const Vault& vault_;
  std::string sql_;
  std::vector<Value> values_;
};

}  // namespace disburse::store
