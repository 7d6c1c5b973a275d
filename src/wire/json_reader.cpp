// Reads JSON with simdjson's on-demand parser. That one is lazy: it checks only what is asked for,
// so everything is asked for here, and numbers, of which we keep the digits, are checked here as
// well.
//
// Threads: any; each keeps one parser and one padded buffer.
#include <simdjson.h>

#include <limits>

#include "wire/json.hpp"

namespace disburse::wire {

using core::Code;
using core::fail;
using core::Result;
namespace ondemand = simdjson::ondemand;

namespace {

// A large text's buffer is given back, so that one bulk upload does not stay in memory for ever.
constexpr std::size_t kKeptBytes = 256 * 1024;

std::size_t digits_at(std::string_view text, std::size_t i) {
  const std::size_t start = i;
  while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
  return i - start;
}

// number = [ "-" ] int [ frac ] [ exp ], RFC 8259 section 6.
bool is_number(std::string_view text) {
  std::size_t i = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_at(text, i);
  if (whole == 0 || (whole > 1 && text[i] == '0')) return false;
  i += whole;
  if (i < text.size() && text[i] == '.') {
    const std::size_t fraction = digits_at(text, ++i);
    if (fraction == 0) return false;
    i += fraction;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    const std::size_t exponent = digits_at(text, i);
    if (exponent == 0) return false;
    i += exponent;
  }
  return i == text.size();
}

std::string_view without_blanks_after(std::string_view token) {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view() : token.substr(0, last + 1);
}

tl::unexpected<core::Error> malformed(std::string_view why) {
  return fail(Code::malformed_request, {}, "json: " + std::string(why));
}

tl::unexpected<core::Error> malformed(simdjson::error_code error) {
  return malformed(simdjson::error_message(error));
}

struct Parser {
  ondemand::parser parser;
  std::vector<char> padded;
};

// The text in brackets, with the bytes behind it that simdjson may read. In brackets, because a
// document that is one number or one string is a special case in simdjson; one element of an array
// is not.
simdjson::padded_string_view bracketed(std::string_view text, std::vector<char>& padded) {
  padded.clear();
  padded.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
  padded.push_back('[');
  padded.insert(padded.end(), text.begin(), text.end());
  padded.push_back(']');
  const std::size_t size = padded.size();
  // Zeros: simdjson looks at what is behind the end, which must not be of another document.
  padded.resize(size + simdjson::SIMDJSON_PADDING);
  return simdjson::padded_string_view(padded.data(), size, padded.size());
}

}  // namespace

// Builds the tree. Fails with the first thing that is wrong.
class JsonReader {
 public:
  JsonReader(std::size_t text_bytes, const JsonLimits& limits) : limits_(limits) {
    document_.text_.reserve(text_bytes + 1);
    document_.nodes_.reserve(std::min(limits.nodes, text_bytes / 8 + 1));
  }

  Result<JsonDocument> read(ondemand::document& parsed) {
    ondemand::array outer;
    if (const auto error = parsed.get_array().get(outer)) return malformed(error);
    for (auto element : outer) {
      if (!document_.nodes_.empty()) return malformed("more than one value");
      ondemand::value value;
      if (const auto error = element.get(value)) return malformed(error);
      CHECK(read_value(value, {}, 0));
    }
    if (document_.nodes_.empty()) return malformed("no value");
    const char* rest = nullptr;
    if (parsed.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
      return malformed("something after the value");
    }
    return std::move(document_);
  }

 private:
  Result<void> read_value(ondemand::value& value, std::string_view key, std::size_t depth) {
    if (document_.nodes_.size() == limits_.nodes) return malformed("too many values");
    const std::size_t at = document_.nodes_.size();
    document_.nodes_.push_back(JsonValue());
    document_.nodes_[at].key_ = key;

    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return malformed(error);
    switch (type) {
      case ondemand::json_type::array:
        if (depth == limits_.depth) return malformed("too deep");
        CHECK(read_array(value, at, depth + 1));
        break;
      case ondemand::json_type::object:
        if (depth == limits_.depth) return malformed("too deep");
        CHECK(read_object(value, at, depth + 1));
        break;
      case ondemand::json_type::number:
      case ondemand::json_type::string:
      case ondemand::json_type::boolean:
      case ondemand::json_type::null:
        CHECK(read_scalar(value, at, type));
        break;
    }
    document_.nodes_[at].extent_ = static_cast<std::uint32_t>(document_.nodes_.size() - at);
    return {};
  }

  Result<void> read_array(ondemand::value& value, std::size_t at, std::size_t depth) {
    document_.nodes_[at].type_ = JsonType::array;
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return malformed(error);
    for (auto element : array) {
      ondemand::value child;
      if (const auto error = element.get(child)) return malformed(error);
      CHECK(read_value(child, {}, depth));
      ++document_.nodes_[at].children_;
    }
    return {};
  }

  Result<void> read_object(ondemand::value& value, std::size_t at, std::size_t depth) {
    document_.nodes_[at].type_ = JsonType::object;
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return malformed(error);
    for (auto entry : object) {
      ondemand::field member;
      if (const auto error = std::move(entry).get(member)) return malformed(error);
      std::string_view key;
      if (const auto error = member.unescaped_key().get(key)) return malformed(error);
      key = keep(key);
      ondemand::value child = member.value();
      CHECK(read_value(child, key, depth));
      ++document_.nodes_[at].children_;
    }
    return {};
  }

  Result<void> read_scalar(ondemand::value& value, std::size_t at, ondemand::json_type type) {
    JsonValue& node = document_.nodes_[at];
    if (type == ondemand::json_type::string) {
      std::string_view text;
      if (const auto error = value.get_string().get(text)) return malformed(error);
      node.type_ = JsonType::string;
      node.text_ = keep(text);
    } else if (type == ondemand::json_type::number) {
      const std::string_view digits = without_blanks_after(value.raw_json_token());
      if (!is_number(digits)) return malformed("not a number");
      // Not asked for its value, which would be a double; the array or object above skips it.
      node.type_ = JsonType::number;
      node.text_ = keep(digits);
    } else if (type == ondemand::json_type::boolean) {
      bool flag = false;
      if (const auto error = value.get_bool().get(flag)) return malformed(error);
      node.type_ = JsonType::boolean;
      node.text_ = flag ? "true" : "false";
    } else {
      bool null = false;
      if (const auto error = value.is_null().get(null)) return malformed(error);
      if (!null) return malformed("neither null nor another value");
    }
    return {};
  }

  std::string_view keep(std::string_view text) {
    const std::size_t start = document_.text_.size();
    // Unescaped text is never longer than what it was read from, so this never moves the buffer.
    document_.text_.insert(document_.text_.end(), text.begin(), text.end());
    return {document_.text_.data() + start, text.size()};
  }

  JsonLimits limits_;
  JsonDocument document_;
};

const JsonValue* JsonValue::find(std::string_view key) const {
  if (type_ != JsonType::object) return nullptr;
  const JsonValue* found = nullptr;
  for (const JsonValue& member : *this) {
    if (member.key_ == key) found = &member;
  }
  return found;
}

Result<JsonDocument> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() >
      std::min<std::size_t>(limits.bytes, std::numeric_limits<std::uint32_t>::max())) {
    return malformed("too long");
  }
  thread_local Parser kept;
  const simdjson::padded_string_view padded = bracketed(text, kept.padded);
  ondemand::document parsed;
  if (const auto error = kept.parser.iterate(padded).get(parsed)) return malformed(error);
  Result<JsonDocument> document = JsonReader(text.size(), limits).read(parsed);
  if (kept.padded.capacity() > kKeptBytes) kept = Parser();
  return document;
}

}  // namespace disburse::wire
