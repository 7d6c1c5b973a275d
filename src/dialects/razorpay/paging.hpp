// What all lists have in common: paging, bounds in time, filters by id, and the collection around
// their items.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dialects/dialect.hpp"
#include "dialects/razorpay/body.hpp"
#include "dialects/razorpay/sealed_ids.hpp"
#include "wire/form.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::razorpay {

// The last parameter of that name, as PHP reads a query; empty when there is none.
std::string_view last(const wire::Form& query, std::string_view name);
// The same of a phone number: a raw "+" in a query arrives as a blank.
std::string phone_in(const wire::Form& query, std::string_view name);

struct Page {
  std::uint32_t count = 10;
  std::uint32_t skip = 0;
  std::optional<core::Instant> from;
  std::optional<core::Instant> to;
};
Read<Page> read_page(const wire::Form& query);

// A filter by id: none sent, nobody's, or somebody's.
struct WantedId {
  bool nobodys = false;
  std::uint64_t id = 0;
};
Read<WantedId> read_wanted_id(const wire::Form& query, std::string_view field, const IdForm& form,
                              const core::Merchant& merchant, const Context& context);

// A list of one account's: account_number must be there, and be the merchant's.
Read<void> check_account_in(const wire::Form& query, const core::Merchant& merchant);

// {"entity":"collection","count":0,"items":[]}
wire::Response empty_collection();

// The items written by `write_item(json, item)`.
template <class Items, class WriteItem>
void write_collection(wire::JsonWriter& json, const Items& items, const WriteItem& write_item) {
  json.begin_object().field("entity", "collection");
  json.field("count", std::uint64_t{items.size()});
  json.key("items").begin_array();
  for (const auto& item : items) write_item(json, item);
  json.end_array().end_object();
}

}  // namespace disburse::dialects::razorpay
