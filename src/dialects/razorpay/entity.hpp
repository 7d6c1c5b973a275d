// The payout link as this dialect prints it.
//
// Promise: a link has the same keys wherever it is printed, those of all the documented samples
// together; their order is that of the sample of each call.
// Threads: pure functions; a PayoutLink holds views into the LinkView that it was made from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/command.hpp"
#include "dialects/dialect.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::razorpay {

struct PayoutLink {
  std::string id;
  std::string contact_id;
  std::string_view contact_name;
  std::string_view contact_type;
  std::string_view contact_phone;
  std::string_view contact_email;
  std::string fund_account_id;  // this and the next are null when empty
  std::string payout_id;
  std::string_view purpose;
  std::string_view status;
  std::int64_t amount = 0;
  std::string_view description;
  std::uint32_t attempt_count = 0;
  std::string_view receipt;
  const core::Notes* notes = nullptr;
  std::string short_url;
  bool send_sms = false;
  bool send_email = false;
  std::optional<std::int64_t> cancelled_at;
  std::int64_t created_at = 0;
  bool shows_expiry = false;  // the account has the expiry feature
  std::optional<std::int64_t> expire_by;
  std::optional<std::int64_t> expired_at;
};

enum class Layout : std::uint8_t {
  created,            // the create call's order of keys
  fetched,            // fetch, list, cancel and most events
  event_email_first,  // as fetched, with the contact's e-mail before its phone
};

// `state` is what the caller is told: state_at() for answers, the state of that moment for events.
PayoutLink payout_link_of(const core::LinkView& view, core::LinkState state,
                          const core::Merchant& merchant, const Context& context);

// Writes the members without braces, so that a caller may add more.
void write_members(wire::JsonWriter& json, const PayoutLink& link, Layout layout);
void write_link(wire::JsonWriter& json, const PayoutLink& link, Layout layout);

// "notes":{...}, or "notes":[] when there are none.
void write_notes(wire::JsonWriter& json, const core::Notes& notes);

// This dialect's word for a state: "issued".
std::string_view status_name(core::LinkState state);

}  // namespace disburse::dialects::razorpay
