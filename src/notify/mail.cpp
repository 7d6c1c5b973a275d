#include "notify/mail.hpp"

#include <array>

#include "core/calendar.hpp"
#include "core/limits.hpp"
#include "wire/base64.hpp"

namespace disburse::notify {
namespace {

constexpr std::size_t kLine = 76;  // RFC 2045: the longest line of a quoted-printable text
// Bytes of UTF-8 in one encoded word, so that "=?UTF-8?B?…?=" stays below 76 (RFC 2047).
constexpr std::size_t kEncodedWordBytes = 45;
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }
bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string without_controls(std::string_view text) {
  std::string out;
  for (const char c : text) out += is_control(c) ? ' ' : c;
  return out;
}

bool all_plain(std::string_view text) {
  for (const char c : text) {
    if (!is_plain(c)) return false;
  }
  return true;
}

// The first characters of the text that fit into an encoded word, none of them cut in two.
std::string_view encodable_prefix(std::string_view text) {
  if (text.size() <= kEncodedWordBytes) return text;
  std::size_t size = kEncodedWordBytes;
  while (size > 1 && continues_character(text[size])) --size;
  return text.substr(0, size);
}

// RFC 5322 without the day's name, which is optional.
std::string date_text(core::Instant at) {
  return core::format_time(at, core::kUtc, "%d %b %Y %H:%M:%S") + " +0000";
}

std::string_view domain_of(std::string_view address) {
  return address.substr(address.find('@') + 1);
}

// A message's id may come from anywhere; in a header only these are safe.
std::string id_text(std::string_view id) {
  std::string out;
  for (const char c : id) {
    const bool safe = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '.' || c == '_';
    out += safe ? c : '-';
  }
  return out;
}

std::string from_text(const MailFrom& from) {
  if (from.name.empty()) return "<" + from.address + ">";
  std::string name = without_controls(from.name);
  if (!all_plain(name)) return encode_header_text(name) + " <" + from.address + ">";
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\" <" + from.address + ">";
}

void append_escaped(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += '=';
  out += kHexDigits[byte >> 4];
  out += kHexDigits[byte & 0x0f];
}

}  // namespace

bool is_safe_address(std::string_view address) {
  if (address.size() < 3 || address.size() > core::limits::kEmailLength) return false;
  std::size_t ats = 0;
  for (const char c : address) {
    if (is_control(c) || std::string_view(" <>()[]\\,;:\"").find(c) != std::string_view::npos) {
      return false;
    }
    if (c == '@') ++ats;
  }
  return ats == 1 && address.front() != '@' && address.back() != '@' && address.front() != '-';
}

std::string encode_header_text(std::string_view text) {
  const std::string clean = without_controls(text);
  // Plain text that looks like an encoded word would be decoded by the reader, so it is encoded
  // too.
  if (all_plain(clean) && clean.size() <= kLine && clean.find("=?") == clean.npos) return clean;
  std::string out;
  for (std::string_view rest = clean; !rest.empty();) {
    const std::string_view part = encodable_prefix(rest);
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + wire::base64_encode(part) + "?=";
    rest.remove_prefix(part.size());
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::string line;
  const auto end_line = [&out, &line] {
    // A blank at a line's end does not survive every mail server (RFC 2045, 6.7 rule 3).
    if (!line.empty() && (line.back() == ' ' || line.back() == '\t')) {
      const char blank = line.back();
      line.pop_back();
      append_escaped(line, blank);
    }
    out += line + "\r\n";
    line.clear();
  };
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') {
      end_line();
      continue;
    }
    std::string piece(1, c);
    if ((!is_plain(c) && c != '\t') || c == '=') {
      piece.clear();
      append_escaped(piece, c);
    }
    // Room for the "=" that says that the line goes on, and for a blank that end_line escapes.
    if (line.size() + piece.size() > kLine - 3) {
      out += line + "=\r\n";
      line.clear();
    }
    line += piece;
  }
  if (!line.empty()) end_line();
  return out;
}

core::Result<std::string> compose_mail(const Message& message, const MailFrom& from) {
  if (!is_safe_address(message.to)) return core::fail(core::Code::email_invalid, "email");
  if (!is_safe_address(from.address)) return core::fail(core::Code::email_invalid, "from");
  std::string mail;
  mail += "Date: " + date_text(message.at) + "\r\n";
  mail += "From: " + from_text(from) + "\r\n";
  mail += "To: <" + message.to + ">\r\n";
  mail +=
      "Message-ID: <" + id_text(message.id) + "@" + std::string(domain_of(from.address)) + ">\r\n";
  mail += "Subject: " + encode_header_text(message.subject) + "\r\n";
  mail += "Auto-Submitted: auto-generated\r\n";
  mail += "MIME-Version: 1.0\r\n";
  mail += "Content-Type: text/plain; charset=utf-8\r\n";
  mail += "Content-Transfer-Encoding: quoted-printable\r\n";
  mail += "\r\n";
  return mail + quoted_printable(message.text.expose());
}

}  // namespace disburse::notify
