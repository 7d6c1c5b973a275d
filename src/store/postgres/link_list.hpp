// The statements for lists of links: one for each combination of filters, put together from fixed
// pieces and bound values.
//
// Threads: values only.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/command.hpp"
#include "store/postgres/arrays.hpp"
#include "store/vault.hpp"

namespace disburse::store::postgres {

// How far the time in an id was ever before and after its link's created_at.
struct IdDrift {
  std::int64_t early_ms = 0;
  std::int64_t late_ms = 0;
};

// A text with values, each of which becomes the next parameter.
class Composed {
 public:
  Composed& add(std::string_view text);
  Composed& number(std::int64_t value);
  Composed& text(std::string_view value);
  Composed& bytes(std::string_view value);

  std::string take_text() { return std::move(text_); }
  Params take_params() { return std::move(params_); }

 private:
  std::string text_;
  Params params_;
};

// The page, in rows of a link's columns, then those of kAround.
Composed list_page(const core::ListLinks& query, core::Instant now, IdDrift drift,
                   const Vault& vault);
Composed list_total(const core::ListLinks& query, core::Instant now, IdDrift drift,
                    const Vault& vault);
Composed list_deliveries(const core::ListDeliveries& query);

}  // namespace disburse::store::postgres
