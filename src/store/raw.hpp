// The rows of a store as they are stored, sealed parts and all: for moving a store from one engine
// to another under the same master key.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "store/tables.hpp"

namespace disburse::store {

using RawValue = std::variant<std::monostate, std::int64_t, std::string>;
using RawRow = std::vector<RawValue>;

class RawTables {
 public:
  virtual ~RawTables() = default;
  virtual core::Result<std::uint64_t> count(const Table& table) = 0;
  // Whole rows in the order of their keys, numbers by value and the rest byte by byte, behind a
  // key.
  virtual core::Result<std::vector<RawRow>> read(const Table& table,
                                                 const std::optional<RawRow>& after,
                                                 std::uint32_t limit) = 0;
  // The highest key in that order.
  virtual core::Result<std::optional<RawRow>> last_key(const Table& table) = 0;
  // All of them or none.
  virtual core::Result<void> write(const Table& table, const std::vector<RawRow>& rows) = 0;
  // What the store is for (store_state.mode); empty: nothing yet.
  virtual core::Result<std::string> mode() = 0;
  virtual core::Result<void> set_mode(const std::string& mode) = 0;
  // last_id, id_early_ms and id_late_ms over everything that was ever stored.
  struct Marks {
    std::int64_t last_id = 0;
    std::int64_t early_ms = 0;
    std::int64_t late_ms = 0;
  };
  virtual core::Result<Marks> marks() = 0;
  virtual core::Result<void> raise_marks(const Marks& marks) = 0;
};

struct CopyProgress {
  const Table& table;
  std::uint64_t rows = 0;  // of this table that are there
  std::uint64_t of = 0;
};

// Copies every row that is not there yet. A copy that was broken off goes on where it ended.
// configuration_invalid, field "to": the target holds something that is no unfinished copy.
// version_conflict: the source was changed meanwhile, or the target does not hold the same number
// of rows.
core::Result<void> copy_rows(RawTables& from, RawTables& to,
                             const std::function<void(const CopyProgress&)>& tell,
                             std::uint32_t rows_at_once = 2'000);
// Ends the copy: from here on the target is a store like any other.
core::Result<void> finish_copy(RawTables& from, RawTables& to);

}  // namespace disburse::store
