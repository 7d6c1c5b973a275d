#include "wire/json.hpp"

#include <gtest/gtest.h>

namespace disburse::wire {
namespace {

using core::Code;

std::string written(void (*write)(JsonWriter&)) {
  std::string out;
  JsonWriter json(out);
  write(json);
  return out;
}

std::string as_json_string(std::string_view value) {
  std::string out;
  append_json_string(out, value);
  return out;
}

// Writes a tree again, so that a whole document can be compared in one line.
void append_tree(std::string& out, const JsonValue& value) {
  switch (value.type()) {
    case JsonType::null:
      out += "null";
      return;
    case JsonType::boolean:
    case JsonType::number:
      out += value.text();
      return;
    case JsonType::string:
      append_json_string(out, value.text());
      return;
    case JsonType::array:
    case JsonType::object:
      break;
  }
  out += value.is_array() ? '[' : '{';
  for (const JsonValue& child : value) {
    if (!out.ends_with('[') && !out.ends_with('{')) out += ',';
    if (value.is_object()) {
      append_json_string(out, child.key());
      out += ':';
    }
    append_tree(out, child);
  }
  out += value.is_array() ? ']' : '}';
}

std::string tree(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return "refused";
  std::string out;
  append_tree(out, document->root());
  return out;
}

TEST(JsonWriter, writes_compact_objects_and_arrays_with_commas_between) {
  EXPECT_EQ(written([](JsonWriter& json) {
              json.begin_object().field("a", 1).field("b", "x").field("c", nullptr);
              json.key("d").begin_array().number(-2).boolean(true).begin_object().end_object();
              json.begin_array().end_array().end_array().key("e").raw("1.50").end_object();
            }),
            R"({"a":1,"b":"x","c":null,"d":[-2,true,{},[]],"e":1.50})");
}

TEST(JsonWriter, writes_the_ends_of_the_integer_ranges) {
  EXPECT_EQ(written([](JsonWriter& json) {
              json.begin_array().number(INT64_MIN).number(INT64_MAX).number(UINT64_MAX).end_array();
            }),
            "[-9223372036854775808,9223372036854775807,18446744073709551615]");
}

TEST(JsonWriter, a_literal_is_a_string_and_not_a_boolean) {
  EXPECT_EQ(written([](JsonWriter& json) { json.begin_object().field("a", "true").end_object(); }),
            R"({"a":"true"})");
}

TEST(JsonWriter, escapes_what_must_be_escaped_and_nothing_else) {
  EXPECT_EQ(as_json_string("a/b \"c\" \\ \b\f\n\r\t\x01\x1f\x7f"),
            "\"a/b \\\"c\\\" \\\\ \\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  EXPECT_EQ(as_json_string("\u20b9 \u0928\u092e\u0938\u094d\u0924\u0947 \U0001f600"),
            "\"\u20b9 \u0928\u092e\u0938\u094d\u0924\u0947 \U0001f600\"");
  EXPECT_EQ(as_json_string(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(JsonWriter, replaces_what_is_not_utf8) {
  EXPECT_EQ(as_json_string("a\xff"
                           "b"),
            "\"a\ufffd"
            "b\"");
  EXPECT_EQ(as_json_string("\xc3"), "\"\ufffd\"");                      // cut off
  EXPECT_EQ(as_json_string("\xc0\xaf"), "\"\ufffd\ufffd\"");            // overlong
  EXPECT_EQ(as_json_string("\xed\xa0\x80"), "\"\ufffd\ufffd\ufffd\"");  // a surrogate
  EXPECT_EQ(as_json_string("\xf4\x90\x80\x80"), "\"\ufffd\ufffd\ufffd\ufffd\"");
  EXPECT_EQ(as_json_string("\xe0\x80\xaf"), "\"\ufffd\ufffd\ufffd\"");
}

TEST(JsonReader, keeps_numbers_as_the_digits_that_were_sent) {
  const auto document = parse_json(
      R"({"a":1.005,"b": 1e3 ,"c":-0,"d":123456789012345678901234567890,"e":1E+400,"f":-0.10})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->find("a")->text(), "1.005");
  EXPECT_EQ(document->find("b")->text(), "1e3");
  EXPECT_EQ(document->find("c")->text(), "-0");
  EXPECT_EQ(document->find("d")->text(), "123456789012345678901234567890");
  EXPECT_EQ(document->find("e")->text(), "1E+400");
  EXPECT_EQ(document->find("f")->text(), "-0.10");
  EXPECT_TRUE(document->find("a")->is_number());
}

TEST(JsonReader, reads_trees_in_order) {
  for (const char* text : {
           R"({"b":[1,{"c":"x"},[],{}],"a":null,"t":true,"f":false})",
           R"([])",
           R"({})",
           R"([[[1]],2])",
           R"("x")",
           R"(1)",
           R"(null)",
           R"(true)",
           R"([""])",
       }) {
    EXPECT_EQ(tree(text), text);
  }
  EXPECT_EQ(tree(" \t\r\n{ \"a\" : [ 1 , 2 ] }\n"), R"({"a":[1,2]})");
}

TEST(JsonReader, unescapes_strings_and_keys) {
  const auto document = parse_json(R"({"\u0061\n":"\ud83d\ude00\/\"\\ \u20b9"})");
  ASSERT_TRUE(document);
  const JsonValue* value = document->find("a\n");
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(value->text(), "\U0001f600/\"\\ \u20b9");
}

TEST(JsonReader, the_last_of_two_equal_keys_wins) {
  const auto document = parse_json(R"({"a":1,"b":2,"a":3})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->find("a")->text(), "3");
  EXPECT_EQ(document->root().size(), 3U);
}

TEST(JsonReader, finds_nothing_where_there_is_nothing) {
  const auto document = parse_json(R"({"a":[1]})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->find("b"), nullptr);
  EXPECT_EQ(document->find("a")->find("a"), nullptr);
  EXPECT_EQ(document->find("a")->size(), 1U);
}

constexpr const char* kNotJson[] = {"",
                                    " ",
                                    "{",
                                    "}",
                                    "[",
                                    "]",
                                    "[1",
                                    "{\"a\"",
                                    "{\"a\":",
                                    "{\"a\":1",
                                    "[1,]",
                                    "[,1]",
                                    "[1 2]",
                                    "{\"a\":1,}",
                                    "{,}",
                                    "{a:1}",
                                    "{'a':1}",
                                    "{\"a\" 1}",
                                    "{\"a\":1 \"b\":2}",
                                    "{1:2}",
                                    "[1}",
                                    "{\"a\":1]",
                                    "[1]]",
                                    "[1] 2",
                                    "1 2",
                                    "{} {}",
                                    "[1],[2]",
                                    "1],[2",
                                    "1,2",
                                    "tru",
                                    "truex",
                                    "nul",
                                    "nulll",
                                    "NaN",
                                    "Infinity",
                                    "-Infinity",
                                    "True",
                                    "01",
                                    "-01",
                                    "+1",
                                    "1.",
                                    ".5",
                                    "-",
                                    "1e",
                                    "1e+",
                                    "0x10",
                                    "1_000",
                                    "1a",
                                    "--1",
                                    "1.2.3",
                                    "\"a",
                                    "a\"",
                                    "\"a\"b",
                                    "\"\\x\"",
                                    "\"\\u12\"",
                                    "\"\\ud800\"",
                                    "\"\\ud800\\u0041\"",
                                    "\"\\udc00\"",
                                    "\"\n\"",
                                    "\"\t\"",
                                    "\"\x01\"",
                                    "\"\xff\"",
                                    "\"\xc3\"",
                                    "\"\xed\xa0\x80\"",
                                    "{\"a\":\"\xc0\xaf\"}",
                                    "// x\n1",
                                    "[1]/**/",
                                    "\xef\xbb\xbf{}",
                                    "[\"a\" \"b\"]",
                                    "[true false]",
                                    "{\"a\"}",
                                    "{\"a\":}",
                                    "[\"a\",]",
                                    "{\"a\":1,,\"b\":2}",
                                    "[1,,2]",
                                    ":",
                                    ",",
                                    "\"a\":1",
                                    "[[1]",
                                    "{\"a\":{\"b\":1}"};

TEST(JsonReader, refuses_everything_that_is_not_json) {
  for (const char* text : kNotJson) {
    const auto document = parse_json(text);
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().code, Code::malformed_request);
  }
  EXPECT_FALSE(parse_json(std::string_view("1\0", 2)));
  EXPECT_FALSE(parse_json(std::string_view("\"\0\"", 3)));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonReader, takes_depth_up_to_the_limit) {
  EXPECT_TRUE(parse_json(nested(32)));
  EXPECT_FALSE(parse_json(nested(33)));
  EXPECT_FALSE(parse_json(std::string(100'000, '[')));
  EXPECT_FALSE(parse_json(nested(100'000)));
}

TEST(JsonReader, takes_values_up_to_the_limit) {
  EXPECT_TRUE(parse_json("[1,2,3]", {.nodes = 4}));
  EXPECT_FALSE(parse_json("[1,2,3,4]", {.nodes = 4}));
  EXPECT_FALSE(parse_json("[1,2,3]", {.bytes = 6}));
}

TEST(JsonReader, a_document_outlives_its_text_and_can_be_moved) {
  std::string text = R"({"a":["b",1]})";
  auto document = parse_json(text);
  ASSERT_TRUE(document);
  text.assign(text.size(), '#');
  const JsonDocument moved = std::move(*document);
  ASSERT_TRUE(parse_json("[\"another\"]"));
  EXPECT_EQ(moved.find("a")->begin()->text(), "b");
}

TEST(JsonReader, a_long_array_keeps_its_strings) {
  std::string text = "[";
  for (int i = 0; i < 20'000; ++i) text += (i ? ",\"s" : "\"s") + std::to_string(i) + "\"";
  text += "]";
  const auto document = parse_json(text);
  ASSERT_TRUE(document);
  ASSERT_EQ(document->root().size(), 20'000U);
  int i = 0;
  for (const JsonValue& value : document->root())
    ASSERT_EQ(value.text(), "s" + std::to_string(i++));
}

}  // namespace
}  // namespace disburse::wire
