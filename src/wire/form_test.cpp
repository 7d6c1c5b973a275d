#include "wire/form.hpp"

#include <gtest/gtest.h>

namespace disburse::wire {
namespace {

std::string read(std::string_view text) {
  const auto form = Form::parse(text);
  if (!form) return "refused";
  std::string out;
  for (const FormPair& pair : form->pairs()) out += pair.name + "=" + pair.value + ";";
  return out;
}

TEST(Form, reads_pairs_in_order_and_decodes_them) {
  EXPECT_EQ(read("a=1&b=2&a=3"), "a=1;b=2;a=3;");
  EXPECT_EQ(read("name=Gaurav+K%2E&plus=a%2Bb&sign=%E2%82%B9"),
            "name=Gaurav K.;plus=a+b;sign=\u20b9;");
  EXPECT_EQ(read("a%3Db=c=d"), "a=b=c=d;");
}

TEST(Form, takes_names_without_values_and_leaves_out_values_without_names) {
  EXPECT_EQ(read("a&b="), "a=;b=;");
  EXPECT_EQ(read("=x&&a=1&&=&"), "a=1;");
  EXPECT_EQ(read(""), "");
}

TEST(Form, refuses_broken_encoding_and_too_many_pairs) {
  for (const char* text : {"a=%", "a=%4", "a=%zz", "%=a", "a=1&b=%4"})
    EXPECT_EQ(read(text), "refused");
  EXPECT_TRUE(Form::parse("a&b&c", {.pairs = 3}));
  EXPECT_FALSE(Form::parse("a&b&c&d", {.pairs = 3}));
  std::string many;
  for (int i = 0; i < 1'001; ++i) many += "a=b&";
  const auto refused = Form::parse(many);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Code::malformed_request);
}

TEST(Form, looks_up_the_first_of_a_name) {
  const auto form = Form::parse("a=1&a=2&b=");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("a"), "1");
  EXPECT_EQ(form->get("c"), "");
  EXPECT_TRUE(form->has("b"));
  EXPECT_FALSE(form->has("c"));
  EXPECT_EQ(form->find("c"), nullptr);
  EXPECT_EQ(form->all("a"), (std::vector<std::string_view>{"1", "2"}));
}

TEST(Form, gives_what_is_nested_under_a_name) {
  const auto form = Form::parse(
      "contact[name]=Gaurav&contact%5Baddress%5D%5Bcity%5D=Pune&contacts[name]=no&contact=no"
      "&expand[]=user&expand[]=things&contact[broken=no");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("contact[name]"), "Gaurav");
  const auto contact = form->children("contact");
  ASSERT_EQ(contact.size(), 2U);
  EXPECT_EQ(contact[0].key, "name");
  EXPECT_EQ(contact[0].value, "Gaurav");
  EXPECT_EQ(contact[1].key, "address");
  EXPECT_EQ(contact[1].rest, "[city]");
  const auto address = form->children("contact[address]");
  ASSERT_EQ(address.size(), 1U);
  EXPECT_EQ(address[0].key, "city");
  EXPECT_EQ(address[0].value, "Pune");
  const auto expand = form->children("expand");
  ASSERT_EQ(expand.size(), 2U);
  EXPECT_EQ(expand[1].key, "");
  EXPECT_EQ(expand[1].value, "things");
}

}  // namespace
}  // namespace disburse::wire
