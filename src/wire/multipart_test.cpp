#include "wire/multipart.hpp"

#include <gtest/gtest.h>

namespace disburse::wire {
namespace {

// "name(filename,type)=content;" for each part, fed in pieces of one size; "refused" otherwise.
std::string read(std::string_view body, std::size_t piece, MultipartLimits limits = {}) {
  std::string out;
  MultipartParser parser("XX",
                         {.on_part =
                              [&out](const PartHead& head) {
                                out += std::string(head.name) + "(" + std::string(head.filename) +
                                       "," + std::string(head.content_type) + ")=";
                              },
                          .on_bytes =
                              [&out](std::string_view bytes) {
                                EXPECT_FALSE(bytes.empty());
                                out += bytes;
                              },
                          .on_part_end = [&out] { out += ";"; }},
                         limits);
  while (!body.empty()) {
    if (!parser.feed(body.substr(0, piece))) return "refused";
    body.remove_prefix(std::min(piece, body.size()));
  }
  return parser.finish() ? out : "refused";
}

std::string part(std::string_view name, std::string_view content) {
  return "--XX\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" +
         std::string(content) + "\r\n";
}

TEST(Multipart, reads_parts_in_pieces_of_any_size) {
  const std::string body =
      part("a", "one") +
      "--XX\r\ncontent-type: text/csv\r\nCONTENT-DISPOSITION: form-data; name=rows; "
      "filename=\"a \\\"b\\\"; c.csv\"\r\n\r\nx,y\r\n--X\r\n-XX\r\n\r\n--XX\r\n" +
      part("empty", "").substr(6) + "--XX--\r\nepilogue --XX\r\n";
  const std::string expected =
      "a(,)=one;rows(a \"b\"; c.csv,text/csv)=x,y\r\n--X\r\n-XX\r\n;empty(,)=;";
  for (std::size_t piece = 1; piece <= body.size(); ++piece) {
    ASSERT_EQ(read(body, piece), expected) << piece;
  }
}

TEST(Multipart, takes_a_head_of_the_longest_length_in_pieces_of_any_size) {
  const std::string head = "\r\nContent-Disposition: form-data; name=a";
  const std::string body = "--XX" + head + "\r\n\r\nb\r\n--XX--";
  for (std::size_t piece = 1; piece <= body.size(); ++piece) {
    EXPECT_EQ(read(body, piece, {.head_bytes = head.size()}), "a(,)=b;") << piece;
    EXPECT_EQ(read(body, piece, {.head_bytes = head.size() - 1}), "refused") << piece;
  }
}

TEST(Multipart, passes_over_a_preamble_and_takes_a_body_without_parts) {
  EXPECT_EQ(read("hello --XX\r\n" + part("a", "b") + "--XX--", 3), "a(,)=b;");
  EXPECT_EQ(read("--XX--", 1), "");
}

TEST(Multipart, hands_on_bytes_as_they_come) {
  std::size_t largest = 0;
  MultipartParser parser(
      "XX", {.on_part = {},
             .on_bytes = [&](std::string_view bytes) { largest = std::max(largest, bytes.size()); },
             .on_part_end = {}});
  ASSERT_TRUE(parser.feed("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n"));
  for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(parser.feed(std::string(1'000, 'x')));
  EXPECT_LE(largest, 1'100U);
  EXPECT_FALSE(parser.finish());
}

TEST(Multipart, refuses_what_is_not_whole_or_not_well_formed) {
  for (const std::string& body : {
           std::string(),
           std::string("--XX"),
           std::string("--XX\r\n"),
           part("a", "b"),
           part("a", "b") + "--XX-",
           std::string("--XX\r\n\r\n\r\nb\r\n--XX--"),
           std::string("--XX\r\nContent-Disposition: form-data\r\n\r\nb\r\n--XX--"),
           std::string("--XX\r\nnonsense\r\n\r\nb\r\n--XX--"),
           std::string("--XXjunk\r\n\r\n--XX--"),
       }) {
    EXPECT_EQ(read(body, 7), "refused") << body;
  }
}

TEST(Multipart, has_limits) {
  const std::string two = part("a", "b") + part("c", "d") + "--XX--";
  EXPECT_EQ(read(two, 5, {.parts = 2}), "a(,)=b;c(,)=d;");
  EXPECT_EQ(read(two, 5, {.parts = 1}), "refused");
  EXPECT_EQ(read(part(std::string(200, 'n'), "b") + "--XX--", 5, {.head_bytes = 100}), "refused");
  EXPECT_EQ(read("--XX\r\n" + std::string(200, 'n'), 5, {.head_bytes = 100}), "refused");
}

TEST(Multipart, finds_the_boundary) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc").value_or("refused"), "abc");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a;b c\"")
                .value_or("refused"),
            "a;b c");
  for (const std::string& type :
       {std::string("multipart/form-data"), std::string("text/plain; boundary=a"), std::string(),
        std::string("multipart/form-data; boundary="),
        "multipart/form-data; boundary=" + std::string(71, 'a')}) {
    EXPECT_FALSE(multipart_boundary(type)) << type;
  }
}

}  // namespace
}  // namespace disburse::wire
