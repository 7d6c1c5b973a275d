// An e-mail as the bytes that SMTP carries (RFC 5322, 2045, 2047).
//
// Promise: nothing in a message can add a header, a recipient or a part: control characters never
// leave a header, and an address that could is refused.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "notify/notifier.hpp"

namespace disburse::notify {

struct MailFrom {
  std::string address;  // "payments@example.com"
  std::string name;     // may be empty
};

// With CRLF, headers and a quoted-printable text. email_invalid when an address is none.
core::Result<std::string> compose_mail(const Message& message, const MailFrom& from);

// One address, safe between "<" and ">": no blanks, control characters, brackets, quotes, commas.
bool is_safe_address(std::string_view address);
// A header's text: as it is when it is plain ASCII, else as encoded words of at most 75 characters.
std::string encode_header_text(std::string_view text);
// Quoted-printable of UTF-8 text, lines ended by CRLF.
std::string quoted_printable(std::string_view text);

}  // namespace disburse::notify
