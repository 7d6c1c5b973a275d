#include "wire/url.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace disburse::wire {
namespace {

TEST(Percent, encodes_all_but_the_unreserved) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a+b/c?d=e&f g%\xff\n"), "a%2Bb%2Fc%3Fd%3De%26f%20g%25%FF%0A");
}

TEST(Percent, decodes_what_it_encodes_and_leaves_the_plus) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(percent_decode(percent_encode(bytes)).value_or(""), bytes);
  EXPECT_EQ(percent_decode("a+b%2b%2B").value_or(""), "a+b++");
  for (const char* text : {"%", "%4", "a%", "%4g", "%g4", "%%41"}) {
    EXPECT_FALSE(percent_decode(text)) << text;
  }
}

TEST(Url, is_split_into_its_parts) {
  const auto url = parse_url("HTTPS://Example.COM:8443/a%20b?c=d&e#f");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->secure);
  EXPECT_EQ(url->scheme(), "https");
  EXPECT_EQ(url->host, "example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/a%20b");
  EXPECT_EQ(url->query, "c=d&e");
  EXPECT_EQ(url->origin(), "https://example.com:8443");
}

TEST(Url, has_the_usual_port_and_path_when_none_is_written) {
  EXPECT_EQ(parse_url("http://a")->port, 80);
  EXPECT_EQ(parse_url("https://a:")->port, 443);
  EXPECT_EQ(parse_url("http://a")->path, "/");
  EXPECT_EQ(parse_url("http://a?b")->path, "/");
  EXPECT_EQ(parse_url("http://a?b")->query, "b");
  EXPECT_EQ(parse_url("http://a/b?")->query, "");
  EXPECT_EQ(parse_url("http://a:80")->origin(), "http://a");
  EXPECT_EQ(parse_url("http://a:443")->origin(), "http://a:443");
}

TEST(Url, takes_ipv6_in_brackets) {
  const auto url = parse_url("http://[2001:DB8::1]:8080/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "2001:db8::1");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->origin(), "http://[2001:db8::1]:8080");
  EXPECT_EQ(parse_url("http://[::1]")->port, 80);
}

TEST(Url, is_refused_when_two_readers_could_see_two_hosts) {
  for (const char* text : {
           "",
           "a",
           "//a/b",
           "/a",
           "ftp://a",
           "javascript:x",
           "http:/a",
           "http://",
           "http:///a",
           "http://:80",
           "http://a:b",
           "http://a:0",
           "http://a:65536",
           "http://a:-1",
           "http://a:8 0",
           "http://user@a",
           "http://user:pass@a",
           "http://a@b@c",
           "http://a\\@b",
           "http://a b",
           "http://a\tb",
           "http://a/\n",
           "http://a/\u20b9",
           "http://[::1",
           "http://::1",
           "http://[::1]x",
           "http://[g]",
           "http://a%2eb/",
           " http://a",
           "http://a,b",
           "http://a'b",
       }) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Url, gets_query_pairs_before_its_fragment) {
  const std::vector<std::pair<std::string, std::string>> pairs = {{"a b", "c&d"}, {"e", ""}};
  EXPECT_EQ(with_query("https://x/y", pairs), "https://x/y?a%20b=c%26d&e=");
  EXPECT_EQ(with_query("https://x/y?z=1#top", pairs), "https://x/y?z=1&a%20b=c%26d&e=#top");
  EXPECT_EQ(with_query("https://x/y?", pairs), "https://x/y?a%20b=c%26d&e=");
  EXPECT_EQ(with_query("https://x/y", {}), "https://x/y");
}

}  // namespace
}  // namespace disburse::wire
