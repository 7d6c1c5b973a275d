// Reading request bodies: JSON, or forms with bracket nesting, as one JSON tree.
//
// The official PHP and Ruby libraries send forms, the others JSON; some send "null", "{}" or
// nothing. Promise: the tree's root is an object or null; of repeated keys the last counts; unknown
// keys do no harm. Fields of a form are strings: `typed` is false, and numbers in strings are
// taken. Threads: values only; a Body is read by any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "dialects/razorpay/errors.hpp"
#include "wire/form.hpp"
#include "wire/http.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::razorpay {

// What reading gives: the value, or an offence.
template <class T>
using Read = tl::expected<T, Offence>;

inline tl::unexpected<Offence> refused(core::Code code, std::string_view field = {},
                                       std::string text = {}) {
  return tl::unexpected<Offence>(Offence(code, field, std::move(text)));
}

struct Body {
  wire::JsonDocument document;
  bool typed = true;

  const wire::JsonValue* find(std::string_view key) const { return document.find(key); }
};

Read<Body> read_body(const wire::Request& request);

// "contact[name]=A&notes[]=b" as {"contact":{"name":"A"},"notes":["b"]}. Brackets deeper than any
// field here has them become an empty list.
std::string form_as_json(const wire::Form& form);

// A string or a number's digits, without blanks around it; empty when it is missing or null.
// field_invalid when it is anything else.
Read<std::string> read_text(const wire::JsonValue* value, std::string_view field);
// false when it is missing; true and false also as 1 and 0, and in strings.
Read<bool> read_flag(const wire::JsonValue* value, std::string_view field);

// Whole numbers, also negative ones; what does not fit is the nearest that does.
std::optional<std::int64_t> parse_integer(std::string_view text);
// Unix seconds with or without a fraction, which is dropped. Years beyond 9999 are 9999's end.
std::optional<std::int64_t> parse_seconds(std::string_view text);

std::string_view trimmed(std::string_view text);
std::size_t count_characters(std::string_view utf8);
bool is_digits(std::string_view text);
std::string must_be_integer(std::string_view field);  // "The expire by must be an integer."

}  // namespace disburse::dialects::razorpay
