#include "wire/hex.hpp"

#include <gtest/gtest.h>

namespace disburse::wire {
namespace {

TEST(Hex, is_written_in_lower_case_and_read_in_either) {
  EXPECT_EQ(hex_encode(std::string_view("\x00\x1f\xab\xff", 4)), "001fabff");
  EXPECT_EQ(hex_decode("001fABff").value_or(""), std::string("\x00\x1f\xab\xff", 4));
  EXPECT_EQ(hex_decode("").value_or("refused"), "");
}

TEST(Hex, refuses_halves_of_bytes_and_other_letters) {
  for (const char* text : {"0", "001", "0g", " 00", "0x00", "0/", "0:", "0`"}) {
    EXPECT_FALSE(hex_decode(text)) << text;
  }
}

}  // namespace
}  // namespace disburse::wire
