// The options that are checked before anything is opened.
#include "cli/options.hpp"

#include <gtest/gtest.h>

namespace disburse::cli {
namespace {

TEST(Listen, AnAddressMayStandInBrackets) {
  const auto listen = parse_listen("[::1]:443");
  ASSERT_TRUE(listen);
  EXPECT_EQ(listen->address, "::1");
  EXPECT_EQ(listen->port, 443);
  EXPECT_TRUE(listen->loopback);
}

TEST(Listen, WhatIsNoAddressIsRefusedAtOnce) {
  for (const std::string_view text :
       {"", ":80", "[]:80", "[:80", "]:80", "[::1:80", "::1]:80", "[[::1]]:80", "127.0.0.1",
        "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1", "127.0.0.1:80x"}) {
    const auto listen = parse_listen(text);
    ASSERT_FALSE(listen) << text;
    EXPECT_EQ(listen.error().code, core::Code::configuration_invalid);
    EXPECT_EQ(listen.error().field, "--listen");
  }
}

}  // namespace
}  // namespace disburse::cli
