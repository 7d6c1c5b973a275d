#include "wire/path.hpp"

#include <gtest/gtest.h>

namespace disburse::wire {
namespace {

std::string normalised(std::string_view target) {
  std::string path;
  std::string_view query;
  if (!normalise_target(target, path, query)) return "refused";
  return query.empty() ? path : path + " ? " + std::string(query);
}

TEST(Target, is_split_into_path_and_query) {
  EXPECT_EQ(normalised("/a/b?c=d?e"), "/a/b ? c=d?e");
  EXPECT_EQ(normalised("/a/b?"), "/a/b");
  EXPECT_EQ(normalised("/"), "/");
  EXPECT_EQ(normalised("/?a"), "/ ? a");
  EXPECT_EQ(normalised("*"), "*");
}

TEST(Target, loses_doubled_slashes_and_one_at_the_end_but_not_in_the_query) {
  EXPECT_EQ(normalised("//a/things/status?id=a%2Bb//"), "/a/things/status ? id=a%2Bb//");
  EXPECT_EQ(normalised("///a////b///"), "/a/b");
  EXPECT_EQ(normalised("//"), "/");
  EXPECT_EQ(normalised("/a/"), "/a");
}

TEST(Target, keeps_what_is_encoded) { EXPECT_EQ(normalised("/a%2Fb/%2e%2E"), "/a%2Fb/%2e%2E"); }

TEST(Target, may_be_absolute) {
  EXPECT_EQ(normalised("http://host:80/a?b"), "/a ? b");
  EXPECT_EQ(normalised("HTTPS://host"), "/");
  EXPECT_EQ(normalised("http://host?a"), "/ ? a");
}

TEST(Target, is_refused_when_it_is_neither) {
  for (const char* target : {"", "a", "host:443", "ftp://host/a", "http:///a", "?a", "**"}) {
    EXPECT_EQ(normalised(target), "refused") << target;
  }
}

TEST(Pattern, matches_segment_by_segment) {
  PathCaptures captures;
  EXPECT_TRUE(match_path("/v1/things", "/v1/things", captures));
  EXPECT_EQ(captures.size(), 0U);
  EXPECT_TRUE(match_path("/", "/", captures));
  for (const char* path : {"/v1", "/v1/things/x", "/v1/Things", "/", "", "*", "/v1/thing"}) {
    EXPECT_FALSE(match_path("/v1/things", path, captures)) << path;
  }
}

TEST(Pattern, captures_segments_decoded) {
  PathCaptures captures;
  EXPECT_TRUE(match_path("/v1/{kind}/{id}/cancel", "/v1/links/a%2Bb%2Fc/cancel", captures));
  ASSERT_EQ(captures.size(), 2U);
  EXPECT_EQ(captures.get("kind"), "links");
  EXPECT_EQ(captures.get("id"), "a+b/c");
  EXPECT_EQ(captures[1], "a+b/c");
  EXPECT_EQ(captures.get("other"), "");
}

TEST(Pattern, keeps_several_decoded_captures_apart) {
  PathCaptures captures;
  const std::string path =
      "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%20/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb%21/c%22";
  EXPECT_TRUE(match_path("/{a}/{b}/{c}", path, captures));
  EXPECT_EQ(captures.get("a"), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ");
  EXPECT_EQ(captures.get("b"), "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb!");
  EXPECT_EQ(captures.get("c"), "c\"");
}

TEST(Pattern, gives_views_into_the_path_where_nothing_is_encoded) {
  PathCaptures captures;
  const std::string path = "/links/plain";
  ASSERT_TRUE(match_path("/links/{id}", path, captures));
  EXPECT_EQ(captures.get("id").data(), path.data() + 7);
}

TEST(Pattern, does_not_match_empty_or_malformed_segments) {
  PathCaptures captures;
  for (const char* path :
       {"/links/", "/links", "/links/%", "/links/%4", "/links/%zz", "/links/a/b"}) {
    EXPECT_FALSE(match_path("/links/{id}", path, captures)) << path;
  }
}

TEST(Pattern, forgets_what_an_earlier_try_captured) {
  PathCaptures captures;
  EXPECT_FALSE(match_path("/{a}/x", "/1/y", captures));
  EXPECT_TRUE(match_path("/1/{b}", "/1/y", captures));
  ASSERT_EQ(captures.size(), 1U);
  EXPECT_EQ(captures.get("a"), "");
  EXPECT_EQ(captures.get("b"), "y");
}

}  // namespace
}  // namespace disburse::wire
