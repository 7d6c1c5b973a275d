// Printing payout links and payouts; see the header. Threads: pure functions.
#include "dialects/razorpay/entity.hpp"

#include <algorithm>

#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::LinkState;
using wire::JsonWriter;

// Unset texts come back as null in every recorded answer.
void text_or_null(JsonWriter& json, std::string_view name, std::string_view value) {
  value.empty() ? json.field(name, nullptr) : json.field(name, value);
}

void time_or_null(JsonWriter& json, std::string_view name, std::optional<std::int64_t> seconds) {
  seconds ? json.field(name, *seconds) : json.field(name, nullptr);
}

void write_contact(JsonWriter& json, const PayoutLink& link, Layout layout) {
  const bool email_first = layout == Layout::created || layout == Layout::event_email_first;
  json.key("contact").begin_object();
  text_or_null(json, "name", link.contact_name);
  if (!email_first) text_or_null(json, "type", link.contact_type);
  if (email_first) text_or_null(json, "email", link.contact_email);
  text_or_null(json, "contact", link.contact_phone);
  if (!email_first) text_or_null(json, "email", link.contact_email);
  if (email_first) text_or_null(json, "type", link.contact_type);
  json.end_object();
}

void write_what_for(JsonWriter& json, const PayoutLink& link) {
  text_or_null(json, "purpose", link.purpose);
  json.field("status", link.status);
  json.field("amount", link.amount);
  json.field("currency", "INR");
  text_or_null(json, "description", link.description);
}

void write_flags(JsonWriter& json, const PayoutLink& link) {
  json.field("send_sms", link.send_sms);
  json.field("send_email", link.send_email);
}

void write_reference(JsonWriter& json, const PayoutLink& link) {
  json.field("user_id", nullptr);  // of dashboard users, of which there are none here
  text_or_null(json, "receipt", link.receipt);
  write_notes(json, *link.notes);
}

void write_expiry(JsonWriter& json, const PayoutLink& link) {
  if (!link.shows_expiry) return;
  time_or_null(json, "expire_by", link.expire_by);
  time_or_null(json, "expired_at", link.expired_at);
}

void write_in_create_order(JsonWriter& json, const PayoutLink& link) {
  write_contact(json, link, Layout::created);
  write_what_for(json, link);
  json.field("short_url", std::string_view(link.short_url));
  json.field("created_at", link.created_at);
  text_or_null(json, "contact_id", link.contact_id);
  write_flags(json, link);
  text_or_null(json, "fund_account_id", link.fund_account_id);
  text_or_null(json, "payout_id", link.payout_id);
  time_or_null(json, "cancelled_at", link.cancelled_at);
  json.field("attempt_count", std::uint64_t{link.attempt_count});
  write_reference(json, link);
  write_expiry(json, link);
}

void write_in_fetch_order(JsonWriter& json, const PayoutLink& link, Layout layout) {
  text_or_null(json, "contact_id", link.contact_id);
  write_contact(json, link, layout);
  text_or_null(json, "fund_account_id", link.fund_account_id);
  text_or_null(json, "payout_id", link.payout_id);
  write_what_for(json, link);
  json.field("attempt_count", std::uint64_t{link.attempt_count});
  write_reference(json, link);
  json.field("short_url", std::string_view(link.short_url));
  write_flags(json, link);
  time_or_null(json, "cancelled_at", link.cancelled_at);
  json.field("created_at", link.created_at);
  write_expiry(json, link);
}

std::optional<std::int64_t> seconds_of(const std::optional<core::Instant>& at) {
  if (!at) return std::nullopt;
  return at->seconds();
}

template <class AnyId>
std::string id_or_empty(const IdForm& form, const Context& context, core::MerchantId merchant,
                        AnyId id) {
  return id ? print_id(form, context.ids, merchant, id.value) : std::string();
}

}  // namespace

void write_notes(JsonWriter& json, const core::Notes& notes) {
  if (notes.empty()) {
    json.key("notes").begin_array().end_array();  // sic: the provider prints no notes as a list
    return;
  }
  json.key("notes").begin_object();
  for (const auto& [key, value] : notes) json.field(key, std::string_view(value));
  json.end_object();
}

std::string_view status_name(LinkState state) {
  switch (state) {
    case LinkState::none:
    case LinkState::pending:
    // Only other dialects make links for later. They are not live and, like pending ones, cannot
    // be cancelled here, where "issued" is what can.
    case LinkState::scheduled:
      return "pending";
    case LinkState::issued:
      return "issued";
    case LinkState::processing:
      return "processing";
    case LinkState::processed:
      return "processed";
    case LinkState::cancelled:
      return "cancelled";
    case LinkState::rejected:
      return "rejected";
    case LinkState::expired:
      return "expired";
  }
  return "pending";
}

PayoutLink payout_link_of(const core::LinkView& view, LinkState state,
                          const core::Merchant& merchant, const Context& context) {
  const core::Link& link = view.link;
  PayoutLink out;
  out.id = print_id(kLinkIds, context.ids, link.merchant, link.id.value);
  out.contact_id = id_or_empty(kContactIds, context, link.merchant, link.contact);
  out.contact_name = view.contact.name;
  out.contact_type = view.contact.type;
  out.contact_phone = view.contact.phone;
  out.contact_email = view.contact.email;
  out.fund_account_id = id_or_empty(kFundAccountIds, context, link.merchant, link.fund_account);
  if (state == LinkState::processed) {
    out.payout_id = id_or_empty(kPayoutIds, context, link.merchant, link.payout);
  }
  out.purpose = link.purpose;
  out.status = status_name(state);
  out.amount = link.amount.paise();
  out.description = link.description;
  out.attempt_count = link.attempts;
  out.receipt = link.reference;
  out.notes = &link.notes;
  out.short_url = short_url(context.public_url, context.ids, link);
  out.send_sms = link.send_sms;
  out.send_email = link.send_email;
  // An event may be printed after the link went on, so times of later states are left out.
  if (state == LinkState::cancelled) out.cancelled_at = seconds_of(link.cancelled_at);
  out.created_at = link.created_at.seconds();
  out.shows_expiry = merchant.settings.expiry_feature;
  out.expire_by = seconds_of(link.expires_at);
  if (state == LinkState::expired) {
    out.expired_at = seconds_of(link.expired_at ? link.expired_at : link.expires_at);
  }
  return out;
}

void write_members(JsonWriter& json, const PayoutLink& link, Layout layout) {
  json.field("id", std::string_view(link.id));
  json.field("entity", "payout_link");
  layout == Layout::created ? write_in_create_order(json, link)
                            : write_in_fetch_order(json, link, layout);
}

void write_link(JsonWriter& json, const PayoutLink& link, Layout layout) {
  json.begin_object();
  write_members(json, link, layout);
  json.end_object();
}

}  // namespace disburse::dialects::razorpay
