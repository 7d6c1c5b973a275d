// Reading a create request; see the header. Threads: pure functions.
#include "dialects/razorpay/create.hpp"

#include <algorithm>
#include <array>

#include "core/recipient.hpp"
#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using core::CreateLink;
using wire::JsonValue;

constexpr std::int64_t kLeastPaise = 100;
constexpr core::Duration kLeastLife = std::chrono::minutes(15);
constexpr std::size_t kShortestName = 3;
constexpr std::size_t kLongestName = 50;
constexpr std::size_t kShortestKey = 4;
constexpr std::size_t kLongestKey = 36;

// "create/use-contact-details": the ones every account has.
constexpr std::array<std::string_view, 4> kContactTypes{"vendor", "customer", "employee", "self"};
constexpr std::array<std::string_view, 6> kPurposes{"refund", "cashback",     "payout",
                                                    "salary", "utility bill", "vendor bill"};

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Letters, digits, blank and ’ ' - _ / ( ) . , as the page lists them, with the straight
// apostrophe that real clients send and the comma that its sentence can be read to allow.
bool is_good_name(std::string_view name) {
  constexpr std::string_view kCurlyApostrophe = "\xe2\x80\x99";
  const std::size_t length = count_characters(name);
  if (length < kShortestName || length > kLongestName) return false;
  if (!is_letter_or_digit(name.back()) && name.back() != '.') return false;
  constexpr std::string_view kSigns = " '-_/().,";
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_letter_or_digit(name[i]) || kSigns.find(name[i]) != kSigns.npos) continue;
    if (name.substr(i, kCurlyApostrophe.size()) != kCurlyApostrophe) return false;
    i += kCurlyApostrophe.size() - 1;
  }
  return true;
}

template <class Known>
bool is_one_of(std::string_view word, const Known& usual, const std::vector<std::string>& own) {
  return std::ranges::find(usual, word) != std::end(usual) ||
         std::ranges::find(own, word) != own.end();
}

Read<void> check_account(const Body& body, const core::Merchant& merchant) {
  const JsonValue* value = body.find("account_number");
  auto number = read_text(value, "account_number");
  if (!number) return refused(Code::source_account_unknown);
  if (number->empty()) return refused(Code::source_account_required);
  if (*number != merchant.account_number) return refused(Code::source_account_unknown);
  return {};
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
  create.contact_name = TRY(read_text(contact.find("name"), "name"));
  if (create.contact_name.empty()) return refused(Code::contact_name_required);
  if (!is_good_name(create.contact_name)) return refused(Code::contact_name_invalid);

  create.phone = TRY(read_text(contact.find("contact"), "contact"));
  create.email = TRY(read_text(contact.find("email"), "email"));
  if (create.phone.empty() && create.email.empty()) return refused(Code::contact_required);
  // Kept as written: the entity gives the number back as it came.
  if (!create.phone.empty()) CHECK(core::parse_phone(create.phone));
  if (!create.email.empty()) CHECK(core::parse_email(create.email));

  create.contact_type = TRY(read_text(contact.find("type"), "type"));
  const bool known = create.contact_type.empty() ||
                     is_one_of(create.contact_type, kContactTypes, merchant.settings.contact_types);
  if (known) return {};
  return refused(Code::contact_type_unknown, "type", "Invalid type: " + create.contact_type);
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

Read<core::Money> read_amount(const Body& body) {
  const JsonValue* amount = body.find("amount");
  if (amount == nullptr || amount->is_null() || (amount->is_string() && amount->text().empty())) {
    return refused(Code::field_required, "amount");
  }
  const bool readable = amount->is_number() || (amount->is_string() && !body.typed);
  const auto paise = readable ? parse_integer(amount->text()) : std::nullopt;
  if (!paise) return refused(Code::amount_invalid);
  if (*paise < kLeastPaise) return refused(Code::amount_too_small);
  if (*paise > core::limits::kLargestLinkPaise) return refused(Code::amount_too_large);
  return TRY(core::Money::from_paise(*paise));
}

Read<void> check_currency(const Body& body) {
  const JsonValue* currency = body.find("currency");
  const auto text = read_text(currency, "currency");
  if (!text) return refused(Code::currency_unsupported);
  if (text->empty()) return refused(Code::field_required, "currency");
  if (*text != "INR") return refused(Code::currency_unsupported);
  return {};
}

Read<std::string> read_purpose(const Body& body, const core::Merchant& merchant) {
  std::string purpose = TRY(read_text(body.find("purpose"), "purpose"));
  if (purpose.empty()) return refused(Code::field_required, "purpose");
  if (is_one_of(purpose, kPurposes, merchant.settings.purposes)) return purpose;
  return refused(Code::purpose_unknown, "purpose", "Invalid purpose: " + purpose);
}

Read<std::string> read_description(const Body& body) {
  std::string description = TRY(read_text(body.find("description"), "description"));
  if (description.empty()) return refused(Code::description_required);
  if (!core::is_clean_text(description, true)) return refused(Code::field_invalid, "description");
  if (count_characters(description) <= kDescriptionCharacters) return description;
  return refused(Code::field_too_long, "description",
                 "The description may not be greater than 255 characters.");
}

Read<std::string> read_receipt(const Body& body) {
  std::string receipt = TRY(read_text(body.find("receipt"), "receipt"));
  if (!core::is_clean_text(receipt)) return refused(Code::field_invalid, "receipt");
  if (count_characters(receipt) > kReceiptCharacters) return refused(Code::reference_too_long);
  return receipt;
}

// Values are kept as text, as every sample prints them: 1 comes back as "1", true as "true".
Read<std::string> read_note(const JsonValue& note) {
  if (note.is_array() || note.is_object()) {
    return refused(Code::field_invalid, "notes", "Notes values themselves should not be an array.");
  }
  if (count_characters(note.key()) > kNoteCharacters) {
    return refused(Code::notes_too_long, "notes",
                   "Notes key cannot be greater than 256 characters.");
  }
  if (count_characters(note.text()) > kNoteCharacters) return refused(Code::notes_too_long);
  return std::string(note.text());
}

Read<core::Notes> read_notes(const Body& body) {
  core::Notes notes;
  const JsonValue* value = body.find("notes");
  if (value == nullptr || value->is_null()) return notes;
  if (value->is_string() && value->text().empty()) return notes;
  if (value->is_array() && value->size() == 0) return notes;
  if (!value->is_object()) return refused(Code::field_invalid, "notes");
  for (const JsonValue& note : *value) {
    std::string text = TRY(read_note(note));
    const auto known = std::ranges::find(
        notes, note.key(), [](const auto& pair) -> std::string_view { return pair.first; });
    if (known != notes.end()) {
      known->second = std::move(text);
    } else if (notes.size() == core::limits::kNotes) {
      return refused(Code::notes_too_many);
    } else {
      notes.emplace_back(note.key(), std::move(text));
    }
  }
  return notes;
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
  CHECK(check_account(body, merchant));
  CHECK(read_contact(body, merchant, context, create));
  create.amount = TRY(read_amount(body));
  CHECK(check_currency(body));
  create.purpose = TRY(read_purpose(body, merchant));
  create.description = TRY(read_description(body));
  create.reference = TRY(read_receipt(body));
  create.send_sms = TRY(read_flag(body.find("send_sms"), "send_sms"));
  create.send_email = TRY(read_flag(body.find("send_email"), "send_email"));
  create.notes = TRY(read_notes(body));
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
