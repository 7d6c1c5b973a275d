// Checks of what recipients and merchants write about recipients: phone numbers, e-mail addresses,
// bank accounts, UPI ids. The rules and where they come from: docs/recipient-details.md.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace disburse::core {

// An Indian mobile number in any usual way of writing, as "+91" and ten digits. phone_invalid
// otherwise.
Result<std::string> parse_indian_mobile(std::string_view text);
// Any phone number that could be one: 6 to 15 digits, with blanks, "-", "(", ")" and one leading
// "+". phone_invalid.
Result<std::string> parse_phone(std::string_view text);
// One "@", a dotted domain, no blanks or control characters; at most 254 characters. As written.
// email_invalid.
Result<std::string> parse_email(std::string_view text);
// Nine to eighteen digits. account_number_invalid.
Result<std::string> parse_account_number(std::string_view text);
// Four letters, 0, six letters or digits; trimmed, upper case. ifsc_invalid.
Result<std::string> parse_ifsc(std::string_view text);
// name@handle, lower case. vpa_invalid.
Result<std::string> parse_vpa(std::string_view text);
// The account holder's name: 1 to 100 characters, no control characters, trimmed.
// holder_name_invalid.
Result<std::string> parse_holder_name(std::string_view text);

// What two ways of writing the same phone or e-mail have in common: the last ten digits, or the
// lower-case address.
std::string contact_key(std::string_view phone_or_email);

// How alike two names are, 0 to 100: upper case, titles and punctuation dropped, words in any
// order, initials count.
int name_match(std::string_view a, std::string_view b);
inline constexpr int kNamesMatch = 85;  // at and above: the same person by industry convention

// Valid UTF-8 without control characters (but tab and line ends when `lines`).
bool is_clean_text(std::string_view text, bool lines = false);

}  // namespace disburse::core
