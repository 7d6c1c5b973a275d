#include "core/secret.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace disburse::core {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(Printable<std::string>);
static_assert(!Printable<SecretText>);
static_assert(!std::is_convertible_v<SecretText, std::string>);
static_assert(!std::is_convertible_v<std::string, SecretText>, "a secret is made on purpose");

TEST(Secret, ItIsComparedAndReadOnPurposeOnly) {
  const SecretText one(std::string("abc"));
  EXPECT_TRUE(one == SecretText(std::string("abc")));
  EXPECT_FALSE(one == SecretText(std::string("abd")));
  EXPECT_EQ(one.expose(), "abc");
  EXPECT_FALSE(one.empty());
  EXPECT_TRUE(SecretText{}.empty());
}

TEST(Masks, OnlyTheLastCharactersShow) {
  EXPECT_EQ(masked("9199999999999"), "*******999");
  EXPECT_EQ(masked("12345", 4), "*******2345");
}

TEST(Masks, AShortTextShowsNothing) {
  for (const std::string_view text : {"", "1", "12", "123"})
    EXPECT_EQ(masked(text), "*******") << text;
}

TEST(Masks, AllLengthsHaveTheSameNumberOfStars) {
  EXPECT_EQ(masked("1234"), "*******234");
  EXPECT_EQ(masked(std::string(40, '8')), "*******888");
}

TEST(Masks, AnEmailShowsAtMostTwoCharactersAndItsDomain) {
  EXPECT_EQ(masked_email("rahul@example.com"), "ra****@example.com");
  EXPECT_EQ(masked_email("abcd@x.in"), "ab****@x.in");
  EXPECT_EQ(masked_email("abc@x.in"), "a****@x.in");
  EXPECT_EQ(masked_email("a@x.in"), "****@x.in");
  EXPECT_EQ(masked_email("@x.in"), "****@x.in");
  EXPECT_EQ(masked_email("nonsense"), "*******");
  EXPECT_EQ(masked_email(""), "*******");
}

}  // namespace
}  // namespace disburse::core
