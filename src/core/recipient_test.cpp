#include "core/recipient.hpp"

#include <gtest/gtest.h>

namespace disburse::core {
namespace {

using Parse = Result<std::string> (*)(std::string_view);

struct Good {
  std::string_view text;
  std::string_view value;
};

void expect_all(Parse parse, std::initializer_list<Good> good) {
  for (const Good& row : good) {
    const Result<std::string> value = parse(row.text);
    ASSERT_TRUE(value) << row.text;
    EXPECT_EQ(*value, row.value) << row.text;
  }
}

void refuse_all(Parse parse, Code code, std::initializer_list<std::string_view> bad) {
  for (const std::string_view text : bad) {
    const Result<std::string> value = parse(text);
    ASSERT_FALSE(value) << text << " became " << *value;
    EXPECT_EQ(value.error().code, code) << text;
  }
}

TEST(Phones, IndianMobilesAreReadHoweverTheyAreWritten) {
  expect_all(parse_indian_mobile, {{"9876543210", "+919876543210"},
                                   {"+919876543210", "+919876543210"},
                                   {"919876543210", "+919876543210"},
                                   {"00919876543210", "+919876543210"},
                                   {"09876543210", "+919876543210"},
                                   {" 98765 43210 ", "+919876543210"},
                                   {"+91 98765-43210", "+919876543210"},
                                   {"(+91) 98765 43210", "+919876543210"},
                                   {"9198765432", "+919198765432"},
                                   {"6000000000", "+916000000000"}});
}

TEST(Phones, WhatIsNoIndianMobileIsRefused) {
  refuse_all(parse_indian_mobile, Code::phone_invalid,
             {"", "5876543210", "987654321", "98765432101", "+929876543210", "98765432l0",
              "+91+9876543210", "919876543210919876543210", "+", "0", "91", "98765.43210",
              "9876543210x", "+9876543210"});
}

TEST(Phones, AnyPhoneIsKeptAsItWasWritten) {
  expect_all(parse_phone, {{"+1 (415) 555-0100", "+1 (415) 555-0100"},
                           {" 123456 ", "123456"},
                           {"+123456789012345", "+123456789012345"}});
  refuse_all(parse_phone, Code::phone_invalid,
             {"", "12345", "+12345", "1234567890123456", "12345a", "++123456", "1+23456", "123456#",
              "                         123456"});
}

TEST(Emails, UsualAddressesAreTaken) {
  expect_all(parse_email, {{"rahul@example.com", "rahul@example.com"},
                           {" Rahul.K+pay@mail.example.co.in ", "Rahul.K+pay@mail.example.co.in"},
                           {"a@b.c", "a@b.c"},
                           {"o'brien@example.com", "o'brien@example.com"},
                           {"r\xc3\xa9mi@example.com", "r\xc3\xa9mi@example.com"}});
}

TEST(Emails, WhatCannotBeAnAddressIsRefused) {
  refuse_all(
      parse_email, Code::email_invalid,
      {"",        "@",        "a@",      "@b.c",   "a@b",       "a b@c.d",  "a@b..c",  "a@.b.c",
       "a@b.c.",  "a@-b.c",   "a@b.c-",  "a@@b.c", "a@b@c.d",   "a,b@c.d",  "a<b@c.d", "\"a\"@b.c",
       "a\n@b.c", "a@b.c\nx", "a@b_c.d", "a@b .c", "a\xff@b.c", "a@b\xc3.c"});
  const std::string long_name = std::string(65, 'a').append("@example.com");
  const std::string long_domain = std::string("a@").append(250, 'b').append(".com");
  refuse_all(parse_email, Code::email_invalid, {long_name, long_domain});
}

TEST(Accounts, NineToEighteenDigitsAreAnAccountNumber) {
  expect_all(parse_account_number, {{"123456789", "123456789"},
                                    {" 123456789012345678 ", "123456789012345678"},
                                    {"000000000", "000000000"}});
  refuse_all(parse_account_number, Code::account_number_invalid,
             {"", "12345678", "1234567890123456789", "12345678a", "1234 56789", "123456789-",
              "-123456789", "1234567.9"});
}

TEST(Accounts, AnIfscIsFourLettersAZeroAndSixMore) {
  expect_all(parse_ifsc, {{"HDFC0000001", "HDFC0000001"}, {" sbin0abc123 ", "SBIN0ABC123"}});
  refuse_all(parse_ifsc, Code::ifsc_invalid,
             {"", "HDFC1000001", "HDF00000001", "HDFC000001", "HDFC00000001", "HDFC0 00001",
              "HDFC0-00001", "1DFC0000001", "HDFCO000001"});
}

TEST(Accounts, AUpiIdIsANameAndAHandle) {
  expect_all(parse_vpa, {{"rahul@okaxis", "rahul@okaxis"},
                         {" Rahul.K-1_2@YBL ", "rahul.k-1_2@ybl"},
                         {"9876543210@paytm", "9876543210@paytm"},
                         {"ab@up", "ab@up"}});
  refuse_all(parse_vpa, Code::vpa_invalid,
             {"", "@", "rahul", "a@upi", "rahul@", "@okaxis", "rahul@o", "rahul@ok@axis",
              "ra hul@okaxis", "rahul@ok.axis", ".rahul@okaxis", "-rahul@okaxis", "rahul@1axis",
              "rahul+x@okaxis", "r\xc3\xa9mi@okaxis"});
  const std::string too_long = std::string(250, 'a').append("@okaxis");
  refuse_all(parse_vpa, Code::vpa_invalid, {too_long});
}

TEST(Accounts, AHoldersNameIsCleanText) {
  expect_all(parse_holder_name,
             {{" Rahul Kumar ", "Rahul Kumar"},
              {"\xe0\xa4\xb0\xe0\xa4\xbe\xe0\xa4\xae", "\xe0\xa4\xb0\xe0\xa4\xbe\xe0\xa4\xae"}});
  refuse_all(parse_holder_name, Code::holder_name_invalid,
             {"", "   ", "Rahul\nKumar", "Rahul\x01", "\xff\xfe"});
  const std::string too_long(101, 'a');
  refuse_all(parse_holder_name, Code::holder_name_invalid, {too_long});
}

TEST(ContactKeys, TwoWaysOfWritingOnePersonAreOneKey) {
  EXPECT_EQ(contact_key("+91 98765 43210"), contact_key("09876543210"));
  EXPECT_EQ(contact_key("9876543210"), "9876543210");
  EXPECT_EQ(contact_key(" Rahul@Example.com"), "rahul@example.com");
  EXPECT_NE(contact_key("9876543210"), contact_key("9876543211"));
  EXPECT_EQ(contact_key(""), "");
}

TEST(Names, TheSamePersonIsRecognised) {
  const std::pair<std::string_view, std::string_view> same[] = {
      {"Rahul Kumar", "RAHUL KUMAR"},         {"Rahul Kumar", "Kumar Rahul"},
      {"Mr. Rahul Kumar", "rahul kumar"},     {"R Kumar", "Rahul Kumar"},
      {"Rahul Kumar Singh", "Rahul Singh"},   {"Shri Ram Prasad", "RAM PRASAD"},
      {"D'Souza Maria", "Maria DSouza"},      {"Rahul  Kumar ", "Rahul-Kumar"},
      {"Lakshmi Narayan", "Lakshmi Narayana"}};
  for (const auto& [a, b] : same) {
    EXPECT_GE(name_match(a, b), kNamesMatch) << a << " / " << b;
    EXPECT_EQ(name_match(a, b), name_match(b, a)) << a << " / " << b;
  }
  EXPECT_EQ(name_match("Rahul Kumar", "rahul kumar"), 100);
}

TEST(Names, AnotherPersonIsNot) {
  const std::pair<std::string_view, std::string_view> other[] = {{"Rahul Kumar", "Priya Sharma"},
                                                                 {"Rahul Kumar", "Rahul Sharma"},
                                                                 {"Rahul", "Rahul Kumar Singh"},
                                                                 {"Rahul Kumar", ""},
                                                                 {"", ""},
                                                                 {"Mr.", "Mr. Rahul"},
                                                                 {"Rahul Kumar", "Amit Kumar"}};
  for (const auto& [a, b] : other) EXPECT_LT(name_match(a, b), kNamesMatch) << a << " / " << b;
}

TEST(CleanText, ControlCharactersAndBrokenUtf8AreRefused) {
  EXPECT_TRUE(is_clean_text(""));
  EXPECT_TRUE(is_clean_text("plain"));
  EXPECT_TRUE(is_clean_text("\xe2\x82\xb9 \xf0\x9f\x98\x80"));
  EXPECT_FALSE(is_clean_text("two\nlines"));
  EXPECT_TRUE(is_clean_text("two\r\n\tlines", true));
  EXPECT_FALSE(is_clean_text("bell\x07", true));
  EXPECT_FALSE(is_clean_text("delete\x7f", true));
  EXPECT_FALSE(is_clean_text(std::string_view("nul\0", 4), true));
  for (const std::string_view text :
       {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xe2\x82", "a\xff", "\xf0\x80\x80\xaf"}) {
    EXPECT_FALSE(is_clean_text(text, true));
  }
}

TEST(Emails, EveryKindOfCharacterOfADomainIsLookedAt) {
  EXPECT_TRUE(parse_email("A@Pay-3.Example.COM"));
  EXPECT_TRUE(parse_email("a@r\xc3\xa9mi.example")) << "an internationalised domain";
  refuse_all(parse_email, Code::email_invalid,
             {"a@b.c{d", "a@b.c[d", "a@b.c`d", "a@b.c:d", "a@b.c/d", "a\x7f@b.c", "a\x01@b.c"});
}

TEST(Accounts, CharactersJustOutsideTheAlphabetAreNoLetters) {
  refuse_all(parse_ifsc, Code::ifsc_invalid,
             {"HDF@0000001", "HDF[0000001", "HDF`0000001", "HDF{0000001", "HDFC000000/",
              "HDFC000000:", "HDF90000001"});
  EXPECT_EQ(*parse_ifsc("hdfz0abcxyz"), "HDFZ0ABCXYZ");
  refuse_all(parse_vpa, Code::vpa_invalid,
             {"rahul@ok-axis", "rahul@1kaxis", "rahul@ok{xis", "_ahul@okaxis", "rahul@ok/xis"});
  EXPECT_TRUE(parse_vpa("9876543210@ok2axis"));
  EXPECT_TRUE(parse_vpa("rahul@" + std::string(64, 'a')));
  EXPECT_FALSE(parse_vpa("rahul@" + std::string(65, 'a')));
}

TEST(Names, DigitsSlashesAndOtherAlphabetsArePartsOfAName) {
  EXPECT_EQ(name_match("Shop 24 Traders", "SHOP 24 TRADERS"), 100);
  EXPECT_LT(name_match("Shop 24", "Shop 25"), 100);
  EXPECT_EQ(name_match("Ravi Kumar S/O Mohan", "Ravi Kumar Mohan"), 100);
  EXPECT_EQ(
      name_match("\xe0\xa4\xb0\xe0\xa4\xbe\xe0\xa4\xae", "\xe0\xa4\xb0\xe0\xa4\xbe\xe0\xa4\xae"),
      100);
  EXPECT_EQ(name_match("[Rahul] {Kumar}", "Rahul Kumar"), 100) << "brackets are not letters";
}

TEST(CleanText, ACharacterThatIsCutShortIsRefused) {
  for (const std::string_view text :
       {"\xe0\xa4x", "\xc3(", "\xc3\xc3", "\xf0\x9f\x98x", "\xe0x\x80"}) {
    EXPECT_FALSE(is_clean_text(text)) << text;
  }
}

}  // namespace
}  // namespace disburse::core
