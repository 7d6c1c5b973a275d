// JSON: two readers agree about every text, and what was read is written and read again.
#include <string>

#include "fuzz/oracle.hpp"
#include "fuzz/plain_json.hpp"
#include "fuzz/targets.hpp"
#include "wire/json.hpp"

namespace disburse::fuzz {
namespace {

// Small, so that inputs meet them.
constexpr wire::JsonLimits kLimits{.depth = 8, .nodes = 200};

std::string told(const wire::JsonValue& value) {
  std::string out;
  switch (value.type()) {
    case wire::JsonType::null:
      return plain_scalar('0', "");
    case wire::JsonType::boolean:
      return plain_scalar('b', value.text());
    case wire::JsonType::number:
      return plain_scalar('n', value.text());
    case wire::JsonType::string:
      return plain_scalar('s', value.text());
    case wire::JsonType::array:
      for (const wire::JsonValue& element : value) out += told(element);
      return "[" + out + "]";
    case wire::JsonType::object:
      for (const wire::JsonValue& member : value)
        out += plain_scalar('s', member.key()) + told(member);
      return "{" + out + "}";
  }
  return out;
}

void write(wire::JsonWriter& json, const wire::JsonValue& value) {
  switch (value.type()) {
    case wire::JsonType::null:
      json.null();
      return;
    case wire::JsonType::boolean:
      json.boolean(value.boolean());
      return;
    case wire::JsonType::number:
      json.raw(value.text());
      return;
    case wire::JsonType::string:
      json.string(value.text());
      return;
    case wire::JsonType::array:
      json.begin_array();
      for (const wire::JsonValue& element : value) write(json, element);
      json.end_array();
      return;
    case wire::JsonType::object:
      json.begin_object();
      for (const wire::JsonValue& member : value) {
        json.key(member.key());
        write(json, member);
      }
      json.end_object();
      return;
  }
}

void check_tree(const wire::JsonValue& value) {
  std::size_t count = 0;
  for (const wire::JsonValue& child : value) {
    ++count;
    check_tree(child);
    if (!value.is_object()) continue;
    const wire::JsonValue* last = nullptr;
    for (const wire::JsonValue& other : value) last = other.key() == child.key() ? &other : last;
    require(value.find(child.key()) == last, "the last of two members counts", child.key());
  }
  require(count == value.size(), "a value knows how many are in it");
}

}  // namespace

void fuzz_json(std::string_view input) {
  const auto document = wire::parse_json(input, kLimits);
  const auto plainly = read_json_plainly(input, {.depth = kLimits.depth, .nodes = kLimits.nodes});
  require(document.has_value() == plainly.has_value(), "two readers take the same JSON", input);
  if (!document) {
    require(document.error().code == core::Code::malformed_request, "refused JSON is malformed");
    return;
  }
  require(told(document->root()) == *plainly, "two readers read the same JSON", input);
  check_tree(document->root());
  std::string text;
  wire::JsonWriter json(text);
  write(json, document->root());
  const auto again = wire::parse_json(text, kLimits);
  require(again && told(again->root()) == *plainly, "JSON written is read as the same", text);
}

}  // namespace disburse::fuzz
