// JSON (RFC 8259): a writer into a string, and reading into a small tree.
//
// Numbers are text on both sides and never floating point: money passes through here.
// Threads: a writer belongs to one thread; a document is read by any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace disburse::wire {

// Appends compact JSON to a string. Commas are its own affair; that objects have keys and that
// everything opened is closed is the caller's.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  // "/" and what is not ASCII stay as they are; what is not UTF-8 becomes U+FFFD.
  JsonWriter& string(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& number(std::uint64_t value);
  JsonWriter& number(int value) { return number(static_cast<std::int64_t>(value)); }
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& raw(std::string_view json);  // digits, or JSON made elsewhere; not checked

  // Key and value in one. No overload takes a char pointer as bool: string_view is exact enough.
  JsonWriter& field(std::string_view name, std::string_view value) {
    return key(name).string(value);
  }
  JsonWriter& field(std::string_view name, const char* value) { return key(name).string(value); }
  JsonWriter& field(std::string_view name, std::int64_t value) { return key(name).number(value); }
  JsonWriter& field(std::string_view name, std::uint64_t value) { return key(name).number(value); }
  JsonWriter& field(std::string_view name, int value) { return key(name).number(value); }
  JsonWriter& field(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& field(std::string_view name, std::nullptr_t) { return key(name).null(); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string& out_;
  bool needs_comma_ = false;
};

// Appends the string in quotes, escaped as by JsonWriter::string.
void append_json_string(std::string& out, std::string_view value);

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

// One value of a document. Values lie in one array, each followed by what is inside it; they are
// looked at through references and never copied.
class JsonValue {
 public:
  JsonValue(const JsonValue&) = delete;
  JsonValue& operator=(const JsonValue&) = delete;
  JsonValue(JsonValue&&) = default;  // for the array that holds them
  JsonValue& operator=(JsonValue&&) = delete;

  JsonType type() const { return type_; }
  bool is_null() const { return type_ == JsonType::null; }
  bool is_boolean() const { return type_ == JsonType::boolean; }
  bool is_number() const { return type_ == JsonType::number; }
  bool is_string() const { return type_ == JsonType::string; }
  bool is_array() const { return type_ == JsonType::array; }
  bool is_object() const { return type_ == JsonType::object; }

  // A string's characters, a number's digits as sent ("1.005", "1e3"), "true", "false", else "".
  std::string_view text() const { return text_; }
  bool boolean() const { return type_ == JsonType::boolean && text_ == "true"; }

  std::string_view key() const { return key_; }  // of a member of an object, else ""

  // Elements of an array or members of an object, in the order sent.
  std::size_t size() const { return children_; }
  class Iterator;
  Iterator begin() const;
  Iterator end() const;

  // The member with this key; the last one where it came twice; null when there is none or when
  // this is not an object.
  const JsonValue* find(std::string_view key) const;

 private:
  friend class JsonReader;
  JsonValue() = default;

  std::string_view text_;
  std::string_view key_;
  std::uint32_t extent_ = 1;  // this value and all that is inside it
  std::uint32_t children_ = 0;
  JsonType type_ = JsonType::null;
};

class JsonValue::Iterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = JsonValue;
  using difference_type = std::ptrdiff_t;
  using pointer = const JsonValue*;
  using reference = const JsonValue&;

  Iterator() = default;
  explicit Iterator(const JsonValue* at) : at_(at) {}
  reference operator*() const { return *at_; }
  pointer operator->() const { return at_; }
  Iterator& operator++() {
    at_ += at_->extent_;
    return *this;
  }
  Iterator operator++(int) {
    Iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(Iterator, Iterator) = default;

 private:
  const JsonValue* at_ = nullptr;
};

inline JsonValue::Iterator JsonValue::begin() const { return Iterator(this + 1); }
inline JsonValue::Iterator JsonValue::end() const { return Iterator(this + extent_); }

struct JsonLimits {
  std::size_t depth = 32;                // of arrays and objects in each other
  std::size_t nodes = 50'000;            // values in all: each costs about 48 bytes
  std::size_t bytes = 64 * 1024 * 1024;  // of the text; the server's body limit is usually less
};

// A parsed document: immutable, movable; its values' views point into it.
class JsonDocument {
 public:
  const JsonValue& root() const { return nodes_.front(); }
  const JsonValue* find(std::string_view key) const { return root().find(key); }

 private:
  friend class JsonReader;
  JsonDocument() = default;

  std::vector<JsonValue> nodes_;
  std::vector<char> text_;  // all strings, keys and digits; reserved once and never moved
};

// Strict JSON: one value, valid UTF-8, no control characters, nothing after it. Everything else,
// the empty text too, is Code::malformed_request.
core::Result<JsonDocument> parse_json(std::string_view text, JsonLimits limits = {});

}  // namespace disburse::wire
