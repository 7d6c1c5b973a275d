// Reading request bodies; see the header. Threads: pure functions.
#include "dialects/razorpay/body.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using wire::JsonValue;
using wire::JsonWriter;

constexpr std::int64_t kEndOfTime = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::string_view kBlanks = " \t\r\n";

bool is_form(const wire::Request& request) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  const std::string_view type = request.header("content-type").substr(0, kForm.size());
  return wire::equal_ignoring_case(type, kForm);
}

// "fund_account[contact][notes][a]=b" is the deepest that a field here can be.
constexpr int kDeepest = 4;

// NOLINTNEXTLINE(misc-no-recursion): as deep as kDeepest
void write_children(JsonWriter& json, const wire::Form& form, const std::string& parent,
                    int depth) {
  const std::vector<wire::FormChild> children = form.children(parent);
  const bool list =
      std::ranges::all_of(children, [](const wire::FormChild& child) { return child.key.empty(); });
  list ? json.begin_array() : json.begin_object();
  std::vector<std::string_view> nested;  // that are written already
  for (const wire::FormChild& child : children) {
    if (std::ranges::find(nested, child.key) != nested.end() && !child.rest.empty()) continue;
    if (!list) json.key(child.key);
    if (child.rest.empty()) {
      json.string(child.value);
    } else if (list || depth == kDeepest) {
      json.begin_array().end_array();
    } else {
      nested.push_back(child.key);
      write_children(json, form, parent + "[" + std::string(child.key) + "]", depth + 1);
    }
  }
  list ? json.end_array() : json.end_object();
}

Read<Body> body_of(std::string_view json, bool typed) {
  Body body{.document = TRY(wire::parse_json(json)), .typed = typed};
  const JsonValue& root = body.document.root();
  // An empty list is how PHP writes an empty object.
  const bool empty_list = root.is_array() && root.size() == 0;
  if (root.is_object() || root.is_null() || empty_list) return body;
  return refused(Code::malformed_request);
}

std::string in_words(std::string_view field) {
  std::string words(field);
  std::ranges::replace(words, '_', ' ');
  return words;
}

}  // namespace

Read<Body> read_body(const wire::Request& request) {
  const std::string_view text = trimmed(request.body);
  if (text.empty()) return body_of("{}", true);
  // curl calls every body a form unless told otherwise; a form cannot begin with a bracket.
  const bool looks_like_json = text.front() == '{' || text.front() == '[' || text == "null";
  if (!is_form(request) || looks_like_json) return body_of(text, true);
  return body_of(form_as_json(TRY(wire::Form::parse(text))), false);
}

std::string form_as_json(const wire::Form& form) {
  std::string out;
  JsonWriter json(out);
  std::vector<std::string_view> nested;  // parents that are written already
  json.begin_object();
  for (const wire::FormPair& pair : form.pairs()) {
    const std::string_view name = pair.name;
    const std::string_view parent = name.substr(0, name.find('['));
    if (parent.size() == name.size()) {
      json.field(name, std::string_view(pair.value));
    } else if (std::ranges::find(nested, parent) == nested.end()) {
      nested.push_back(parent);
      json.key(parent);
      write_children(json, form, std::string(parent), 1);
    }
  }
  json.end_object();
  return out;
}

Read<std::string> read_text(const JsonValue* value, std::string_view field) {
  if (value == nullptr || value->is_null()) return std::string();
  if (!value->is_string() && !value->is_number()) return refused(Code::field_invalid, field);
  return std::string(trimmed(value->text()));
}

Read<bool> read_flag(const JsonValue* value, std::string_view field) {
  if (value == nullptr || value->is_null()) return false;
  if (value->is_boolean()) return value->boolean();
  const bool scalar = value->is_string() || value->is_number();
  const std::string_view text = value->text();
  if (scalar && (text == "1" || text == "true")) return true;
  if (scalar && (text == "0" || text == "false" || text.empty())) return false;
  return refused(Code::field_invalid, field,
                 "The " + in_words(field) + " field must be true or false.");
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (!is_digits(negative ? text.substr(1) : text)) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc()) return value;
  return negative ? std::numeric_limits<std::int64_t>::min()
                  : std::numeric_limits<std::int64_t>::max();
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point != text.npos && !is_digits(text.substr(point + 1))) return std::nullopt;
  const auto seconds = parse_integer(text.substr(0, point));
  if (!seconds || *seconds < 0) return std::nullopt;
  return std::min(*seconds, kEndOfTime);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string must_be_integer(std::string_view field) {
  return "The " + in_words(field) + " must be an integer.";
}

}  // namespace disburse::dialects::razorpay
