#include "wire/http.hpp"

#include <gtest/gtest.h>

#include "wire/response_writer.hpp"

namespace disburse::wire {
namespace {

TEST(Request, finds_the_first_header_of_a_name_in_any_case) {
  const std::vector<Header> headers = {{"X-A", "1"}, {"x-a", "2"}, {"Empty", ""}};
  const Request request{.headers = headers};
  EXPECT_EQ(request.header("x-A"), "1");
  EXPECT_EQ(request.header("none"), "");
  EXPECT_TRUE(request.has_header("EMPTY"));
  EXPECT_FALSE(request.has_header("none"));
}

TEST(Request, compares_ascii_letters_only) {
  EXPECT_TRUE(equal_ignoring_case("aZ-1", "Az-1"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

std::string written(const Response& response, const Framing& framing) {
  std::string out;
  append_response(out, response, framing);
  return out;
}

TEST(Response, is_written_in_one_piece) {
  EXPECT_EQ(written({.status = 201, .body = "{}", .headers = {{"X-A", "b"}}},
                    {.date_line = "Date: today\r\n"}),
            "HTTP/1.1 201 Created\r\nDate: today\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\nX-A: b\r\n\r\n{}");
}

TEST(Response, has_no_body_and_no_length_where_there_must_be_none) {
  EXPECT_EQ(written({.status = 204, .body = "x"}, {}), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(written({.status = 304, .body = "x"}, {}), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST(Response, has_the_date_that_the_rfc_wants) {
  EXPECT_EQ(date_line(784111777), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_EQ(date_line(1705293000), "Date: Mon, 15 Jan 2024 04:30:00 GMT\r\n");
}

}  // namespace
}  // namespace disburse::wire
