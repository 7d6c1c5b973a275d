// Reading what requests say of people; see the header. Threads: pure functions.
#include "dialects/razorpay/person.hpp"

#include <algorithm>
#include <array>

#include "core/recipient.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using wire::JsonValue;

constexpr std::int64_t kLeastPaise = 100;
// "create/use-contact-details": the ones every account has.
constexpr std::array<std::string_view, 4> kContactTypes{"vendor", "customer", "employee", "self"};
constexpr std::array<std::string_view, 6> kPurposes{"refund", "cashback",     "payout",
                                                    "salary", "utility bill", "vendor bill"};

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

template <class Known>
bool is_one_of(std::string_view word, const Known& usual, const std::vector<std::string>& own) {
  return std::ranges::find(usual, word) != std::end(usual) ||
         std::ranges::find(own, word) != own.end();
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

}  // namespace

// Letters, digits, blank and ’ ' - _ / ( ) . , as the page lists them, with the straight
// apostrophe that real clients send and the comma that its sentence can be read to allow.
bool is_good_name(std::string_view name, std::size_t longest) {
  constexpr std::string_view kCurlyApostrophe = "\xe2\x80\x99";
  const std::size_t length = count_characters(name);
  if (length < kShortestName || length > longest) return false;
  if (!is_letter_or_digit(name.back()) && name.back() != '.') return false;
  constexpr std::string_view kSigns = " '-_/().,";
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_letter_or_digit(name[i]) || kSigns.find(name[i]) != kSigns.npos) continue;
    if (name.substr(i, kCurlyApostrophe.size()) != kCurlyApostrophe) return false;
    i += kCurlyApostrophe.size() - 1;
  }
  return true;
}

Read<std::string> read_name(const JsonValue& from, std::size_t longest) {
  std::string name = TRY(read_text(from.find("name"), "name"));
  if (name.empty()) return refused(Code::contact_name_required);
  if (!is_good_name(name, longest)) return refused(Code::contact_name_invalid);
  return name;
}

// Kept as written: the entity gives the number back as it came.
Read<std::string> read_phone(const JsonValue& from) {
  std::string phone = TRY(read_text(from.find("contact"), "contact"));
  if (!phone.empty()) CHECK(core::parse_phone(phone));
  return phone;
}

Read<std::string> read_email(const JsonValue& from) {
  std::string email = TRY(read_text(from.find("email"), "email"));
  if (!email.empty()) CHECK(core::parse_email(email));
  return email;
}

Read<std::string> read_type(const JsonValue& from, const core::Merchant& merchant) {
  std::string type = TRY(read_text(from.find("type"), "type"));
  if (type.empty() || is_one_of(type, kContactTypes, merchant.settings.contact_types)) return type;
  return refused(Code::contact_type_unknown, "type", "Invalid type: " + type);
}

Read<std::string> read_purpose(const Body& body, const core::Merchant& merchant) {
  std::string purpose = TRY(read_text(body.find("purpose"), "purpose"));
  if (purpose.empty()) return refused(Code::field_required, "purpose");
  if (is_one_of(purpose, kPurposes, merchant.settings.purposes)) return purpose;
  return refused(Code::purpose_unknown, "purpose", "Invalid purpose: " + purpose);
}

Read<std::string> read_reference(const JsonValue* value, std::string_view field) {
  std::string reference = TRY(read_text(value, field));
  if (!core::is_clean_text(reference)) return refused(Code::field_invalid, field);
  if (count_characters(reference) <= kReceiptCharacters) return reference;
  std::string words(field);
  std::ranges::replace(words, '_', ' ');
  return refused(Code::reference_too_long, field,
                 "The " + words + " may not be greater than 40 characters.");
}

Read<core::Notes> read_notes(const JsonValue* value) {
  core::Notes notes;
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

Read<void> check_account_number(const JsonValue* value, const core::Merchant& merchant) {
  auto number = read_text(value, "account_number");
  if (!number) return refused(Code::source_account_unknown);
  if (number->empty()) return refused(Code::source_account_required);
  if (*number != merchant.account_number) return refused(Code::source_account_unknown);
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

}  // namespace disburse::dialects::razorpay
