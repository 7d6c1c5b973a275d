#include "wire/url.hpp"

#include <charconv>

#include "wire/hex.hpp"
#include "wire/http.hpp"

namespace disburse::wire {

using core::Code;
using core::fail;
using core::Result;

namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Blanks, control characters and what is not ASCII must be encoded in a URL; "\" is read as "/" by
// some clients, which would make them see another host.
bool is_url_character(char c) {
  return c > 0x20 && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>';
}

// Letters, digits, "-", "." and "_" for names; digits and ":" and "." for IPv6 in brackets.
bool is_host(std::string_view host, bool bracketed) {
  if (host.empty() || host.size() > 253) return false;
  for (const char c : host) {
    const bool name = is_unreserved(c) && c != '~';
    const bool literal = hex_digit(c) >= 0 || c == ':' || c == '.';
    if (bracketed ? !literal : !name) return false;
  }
  return true;
}

Result<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) {
    return fail(Code::malformed_request, {}, "url: port");
  }
  return port;
}

Result<void> parse_authority(std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos) {
    return fail(Code::malformed_request, {}, "url: credentials");
  }
  const bool bracketed = authority.starts_with('[');
  const std::size_t host_end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && host_end == std::string_view::npos) {
    return fail(Code::malformed_request, {}, "url: host");
  }
  const std::string_view host =
      bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
  if (!is_host(host, bracketed)) return fail(Code::malformed_request, {}, "url: host");
  for (const char c : host) {
    url.host += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  url.port = url.secure ? 443 : 80;
  std::string_view rest = host_end == std::string_view::npos
                              ? std::string_view()
                              : authority.substr(host_end + (bracketed ? 1 : 0));
  if (rest.empty()) return {};
  if (!rest.starts_with(':')) return fail(Code::malformed_request, {}, "url: host");
  rest.remove_prefix(1);
  if (!rest.empty()) url.port = TRY(parse_port(rest));  // "host:" is the usual port, RFC 3986 3.2.3
  return {};
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return fail(Code::malformed_request, {}, "percent: cut off");
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return fail(Code::malformed_request, {}, "percent: digit");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string Url::origin() const {
  std::string text(scheme());
  text += "://";
  const bool literal = host.find(':') != std::string::npos;
  text += literal ? "[" + host + "]" : host;
  if (port != (secure ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

Result<Url> parse_url(std::string_view text) {
  for (const char c : text) {
    if (!is_url_character(c)) return fail(Code::malformed_request, {}, "url: character");
  }
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return fail(Code::malformed_request, {}, "url: scheme");
  url.secure = equal_ignoring_case(text.substr(0, colon), "https");
  if (!url.secure && !equal_ignoring_case(text.substr(0, colon), "http")) {
    return fail(Code::malformed_request, {}, "url: scheme");
  }
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));

  const std::size_t authority_end = text.find_first_of("/?");
  CHECK(parse_authority(text.substr(0, authority_end), url));
  text = authority_end == std::string_view::npos ? std::string_view() : text.substr(authority_end);

  const std::size_t question = text.find('?');
  url.path = text.substr(0, question);
  if (url.path.empty()) url.path = "/";
  if (question != std::string_view::npos) url.query = text.substr(question + 1);
  return url;
}

std::string with_query(std::string_view url,
                       std::span<const std::pair<std::string, std::string>> pairs) {
  const std::size_t hash = url.find('#');
  std::string out(url.substr(0, hash));
  char separator = out.find('?') == std::string::npos ? '?' : '&';
  if (out.ends_with('?') || out.ends_with('&')) separator = '\0';
  for (const auto& [key, value] : pairs) {
    if (separator != '\0') out += separator;
    out += percent_encode(key);
    out += '=';
    out += percent_encode(value);
    separator = '&';
  }
  if (hash != std::string_view::npos) out += url.substr(hash);
  return out;
}

}  // namespace disburse::wire
