// What requests say of people: names, phones, types, references, notes. The rules are those of the
// contact pages; links, fund accounts and payouts use them too.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/link.hpp"
#include "dialects/dialect.hpp"
#include "dialects/razorpay/body.hpp"

namespace disburse::dialects::razorpay {

inline constexpr std::size_t kShortestName = 3;
inline constexpr std::size_t kLongestContactName = 50;
inline constexpr std::size_t kLongestHolderName = 120;

// Letters, digits, blanks and ’ ' - _ / ( ) . , with a letter, digit or full stop at the end.
bool is_good_name(std::string_view name, std::size_t longest);

// contact_name_required, contact_name_invalid.
Read<std::string> read_name(const wire::JsonValue& from, std::size_t longest);
// As written; empty when there is none.
Read<std::string> read_phone(const wire::JsonValue& from);
Read<std::string> read_email(const wire::JsonValue& from);
// "vendor", "customer", "employee", "self" or one of the account's own.
Read<std::string> read_type(const wire::JsonValue& from, const core::Merchant& merchant);
// "refund", "payout" ... or one of the account's own.
Read<std::string> read_purpose(const Body& body, const core::Merchant& merchant);
// A merchant's own reference, of at most 40 characters.
Read<std::string> read_reference(const wire::JsonValue* value, std::string_view field);
Read<core::Notes> read_notes(const wire::JsonValue* value);

// account_number names the account to pay from, and is the merchant's own.
Read<void> check_account_number(const wire::JsonValue* value, const core::Merchant& merchant);
Read<core::Money> read_amount(const Body& body);
Read<void> check_currency(const Body& body);

}  // namespace disburse::dialects::razorpay
