// Chunked bodies in pieces, byte for byte: a socket's pieces are not in a test's hands.
#include "wire/request_parser.hpp"

#include <gtest/gtest.h>

namespace disburse::wire {
namespace {

constexpr std::string_view kHead =
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

// The body, of bytes that come in three pieces; "refused", or "not done" with what was read.
std::string read(std::string_view bytes, std::size_t first, std::size_t second) {
  RequestParser parser;
  RequestHead head;
  if (parser.parse_head(kHead, 10, head) != 0) return "bad head";
  std::string body;
  std::size_t consumed = 0;
  for (const std::size_t there : {first, second, bytes.size()}) {
    const auto progress = parser.feed_chunks(bytes.substr(consumed, there - consumed), 100, body);
    if (progress.refusal != 0) return "refused";
    consumed += progress.consumed;
    if (progress.done) return consumed == bytes.size() ? body : "not all";
  }
  return "not done: " + body;
}

void expect_in_all_pieces(std::string_view bytes, std::string_view body) {
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    for (std::size_t second = first; second <= bytes.size(); ++second)
      ASSERT_EQ(read(bytes, first, second), body) << bytes << " " << first << " " << second;
  }
}

TEST(RequestParser, takes_chunks_in_pieces_of_any_size) {
  expect_in_all_pieces("3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: z\r\n\r\n", "abcdefg");
  expect_in_all_pieces("1\r\na\r\n000\r\n\r\n", "a");
}

TEST(RequestParser, takes_an_empty_chunked_body_in_pieces_of_any_size) {
  expect_in_all_pieces("0\r\n\r\n", "");
  expect_in_all_pieces("0\r\nA: b\r\n\r\n", "");
  expect_in_all_pieces("0;a=b\r\n\r\n", "");
}

TEST(RequestParser, refuses_what_are_no_chunks_in_pieces_of_any_size) {
  expect_in_all_pieces("zz\r\n\r\n", "refused");
  expect_in_all_pieces("3\r\nabcd\r\n0\r\n\r\n", "refused");
  expect_in_all_pieces("fff\r\nabcd", "refused");
}

TEST(RequestParser, takes_one_host_and_none_only_from_the_oldest_clients) {
  const auto status = [](std::string_view version, std::string_view hosts) {
    const std::string text =
        "GET / HTTP/" + std::string(version) + "\r\n" + std::string(hosts) + "\r\n";
    RequestParser parser;
    RequestHead head;
    return parser.parse_head(text, 10, head);
  };
  EXPECT_EQ(status("1.1", "Host: a\r\n"), 0);
  EXPECT_EQ(status("1.0", "Host: a\r\n"), 0);
  EXPECT_EQ(status("1.0", ""), 0);
  EXPECT_EQ(status("1.1", ""), 400);
  EXPECT_EQ(status("1.1", "Host: a\r\nhost: a\r\n"), 400);
  EXPECT_EQ(status("1.0", "Host: a\r\nhost: b\r\n"), 400);
}

}  // namespace
}  // namespace disburse::wire
