// Reading a create request; see the header. Threads: pure functions.
#include "dialects/razorpay/create.hpp"

#include <algorithm>
#include <array>

#include "core/recipient.hpp"
#include "dialects/razorpay/person.hpp"
#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using core::CreateLink;
using wire::JsonValue;

constexpr core::Duration kLeastLife = std::chrono::minutes(15);
constexpr std::size_t kShortestKey = 4;
constexpr std::size_t kLongestKey = 36;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

Read<core::ContactId> read_contact_id(std::string_view text, const core::Merchant& merchant,
                                      const Context& context) {
  const auto id = read_id(kContactIds, context.ids, merchant.id, text);
  if (id) return core::ContactId{*id};
  if (id.error().code == Code::id_malformed) {
    return refused(Code::id_malformed, "id", std::string(text) + " is not a valid id.");
  }
  return refused(Code::contact_not_found);
}

Read<void> read_contact_details(const JsonValue& contact, const core::Merchant& merchant,
                                CreateLink& create) {
  create.contact_name = TRY(read_name(contact, kLongestContactName));
  create.phone = TRY(read_phone(contact));
  create.email = TRY(read_email(contact));
  if (create.phone.empty() && create.email.empty()) return refused(Code::contact_required);
  create.contact_type = TRY(read_type(contact, merchant));
  return {};
}

Read<void> read_contact(const Body& body, const core::Merchant& merchant, const Context& context,
                        CreateLink& create) {
  const JsonValue* contact = body.find("contact");
  if (contact == nullptr || contact->is_null() ||
      (contact->is_string() && contact->text().empty())) {
    return refused(Code::field_required, "contact");
  }
  const bool empty_list = contact->is_array() && contact->size() == 0;
  if (empty_list) return refused(Code::contact_name_required);
  if (!contact->is_object()) return refused(Code::field_invalid, "contact");

  const std::string id = TRY(read_text(contact->find("id"), "id"));
  if (id.empty()) return read_contact_details(*contact, merchant, create);
  // Details beside an id are left alone: the stored contact is what counts.
  create.contact_id = TRY(read_contact_id(id, merchant, context));
  return {};
}

Read<std::string> read_description(const Body& body) {
  std::string description = TRY(read_text(body.find("description"), "description"));
  if (description.empty()) return refused(Code::description_required);
  if (!core::is_clean_text(description, true)) return refused(Code::field_invalid, "description");
  if (count_characters(description) <= kDescriptionCharacters) return description;
  return refused(Code::field_too_long, "description",
                 "The description may not be greater than 255 characters.");
}

Read<std::optional<core::Instant>> read_expiry(const Body& body, const core::Merchant& merchant,
                                               const Context& context) {
  const JsonValue* value = body.find("expire_by");
  const bool absent =
      value == nullptr || value->is_null() || (value->is_string() && value->text().empty());
  if (absent) return std::optional<core::Instant>();
  if (!merchant.settings.expiry_feature) return refused(Code::feature_off);

  const bool scalar = value->is_number() || value->is_string();
  const std::string_view text = value->text();
  if (scalar && parse_integer(text).value_or(0) < 0) return refused(Code::expiry_invalid);
  // A client in production sends its deadline as a float.
  const auto seconds = scalar ? parse_seconds(text) : std::nullopt;
  if (!seconds) return refused(Code::field_invalid, "expire_by", must_be_integer("expire_by"));
  const core::Instant deadline = core::Instant::from_seconds(*seconds);
  if (deadline > context.now + core::limits::kLongestLinkLife) {
    return refused(Code::field_invalid, "expire_by");
  }
  return std::optional(deadline);
}

}  // namespace

Read<CreateLink> read_create(const wire::Request& request, const core::Merchant& merchant,
                             const Context& context) {
  const Body body = TRY(read_body(request));
  CreateLink create;
  create.merchant = merchant.id;
  create.dialect = "razorpay";
  CHECK(check_account_number(body.find("account_number"), merchant));
  CHECK(read_contact(body, merchant, context, create));
  create.amount = TRY(read_amount(body));
  CHECK(check_currency(body));
  create.purpose = TRY(read_purpose(body, merchant));
  create.description = TRY(read_description(body));
  create.reference = TRY(read_reference(body.find("receipt"), "receipt"));
  create.send_sms = TRY(read_flag(body.find("send_sms"), "send_sms"));
  create.send_email = TRY(read_flag(body.find("send_email"), "send_email"));
  create.notes = TRY(read_notes(body.find("notes")));
  create.expires_at = TRY(read_expiry(body, merchant, context));
  create.least_life = kLeastLife;
  create.otp_required = true;  // the provider's page always asks for a one-time password
  return create;
}

std::string idempotency_key(const wire::Request& request) {
  const std::string_view key = request.header("x-payout-idempotency");
  const bool right_length = key.size() >= kShortestKey && key.size() <= kLongestKey;
  const bool right_letters = std::ranges::all_of(
      key, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == ' '; });
  return right_length && right_letters ? std::string(key) : std::string();
}

}  // namespace disburse::dialects::razorpay
