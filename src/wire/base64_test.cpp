#include "wire/base64.hpp"

#include <gtest/gtest.h>

namespace disburse::wire {
namespace {

struct Pair {
  std::string_view bytes;
  std::string_view text;
};

TEST(Base64, encodes_and_decodes_the_examples_of_rfc_4648) {
  for (const Pair& pair : {Pair{"", ""},
                           {"f", "Zg=="},
                           {"fo", "Zm8="},
                           {"foo", "Zm9v"},
                           {"foob", "Zm9vYg=="},
                           {"fooba", "Zm9vYmE="},
                           {"foobar", "Zm9vYmFy"},
                           {"\xfb\xff\xfe", "+//+"}}) {
    EXPECT_EQ(base64_encode(pair.bytes), pair.text);
    EXPECT_EQ(base64_decode(pair.text).value_or("refused"), pair.bytes);
  }
}

TEST(Base64, has_an_alphabet_for_urls_without_padding) {
  for (const Pair& pair :
       {Pair{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"\xfb\xff\xfe", "-__-"}}) {
    EXPECT_EQ(base64url_encode(pair.bytes), pair.text);
    EXPECT_EQ(base64url_decode(pair.text).value_or("refused"), pair.bytes);
  }
}

TEST(Base64, carries_every_byte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(base64_decode(base64_encode(bytes)).value_or(""), bytes);
  EXPECT_EQ(base64url_decode(base64url_encode(bytes)).value_or(""), bytes);
}

TEST(Base64, refuses_a_second_text_for_the_same_bytes) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "=", "Zm9v\n",
                           " Zm9v", "Zm-v", "Zm_v", "Zg==Zg==", "Z=g=", "A"}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
  for (const char* text : {"Zg==", "Zh", "Zm9", "A", "Zm+v", "Zm/v", "Zm9v\n"}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
}

}  // namespace
}  // namespace disburse::wire
