#include "core/error.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/dump.hpp"

namespace disburse::core {
namespace {

TEST(Errors, EveryCodeHasANameOfItsOwnAndAText) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kCodeCount; ++i) {
    const auto code = static_cast<Code>(i);
    EXPECT_TRUE(names.insert(name(code)).second) << name(code);
    EXPECT_FALSE(text(code).empty()) << name(code);
    EXPECT_FALSE(name(kind(code)).empty()) << name(code);
  }
}

TEST(Errors, TheListIsNamedAsTheCodeIs) {
  EXPECT_EQ(name(Code::link_not_found), "link_not_found");
  EXPECT_EQ(text(Code::link_not_found), "link not found");
  EXPECT_EQ(kind(Code::link_not_found), Kind::not_found);
  EXPECT_EQ(name(Kind::unauthorised), "unauthorised");
}

Result<int> checked(int value) {
  if (value < 0) return fail(Code::amount_invalid, "amount", "negative");
  return value;
}

Result<int> doubled(int value) {
  const int good = TRY(checked(value));
  return good * 2;
}

Result<void> passes(int value) {
  CHECK(checked(value));
  return {};
}

TEST(Errors, TryAndCheckHandTheRefusalOnWhole) {
  EXPECT_EQ(*doubled(4), 8);
  const Result<int> refused = doubled(-1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::amount_invalid);
  EXPECT_EQ(refused.error().field, "amount");
  EXPECT_EQ(refused.error().detail, "negative");
  EXPECT_TRUE(passes(1));
  EXPECT_EQ(passes(-1).error().code, Code::amount_invalid);
}

TEST(Dump, TheErrorsDocumentNamesEveryCodeOnce) {
  const std::string document = errors_document();
  for (std::size_t i = 0; i < kCodeCount; ++i) {
    const std::string cell = "\n| `" + std::string(name(static_cast<Code>(i))) + "` |";
    const std::size_t first = document.find(cell);
    ASSERT_NE(first, std::string::npos) << cell;
    EXPECT_EQ(document.find(cell, first + 1), std::string::npos) << cell;
  }
}

TEST(Dump, TheLifecycleDocumentHasEveryRowAndTheFinalStates) {
  const std::string document = lifecycle_document();
  EXPECT_NE(document.find("| (new) | `create` | `issued` | hold, if the setting is to hold at "
                          "issue | `link_issued` |"),
            std::string::npos);
  EXPECT_NE(document.find("| `issued` | `extend` | `issued` | – | – |"), std::string::npos);
  EXPECT_NE(document.find("Final: `processed`, `cancelled`, `rejected`, `expired`."),
            std::string::npos);
  EXPECT_NE(document.find("Final: `settled`, `refused`, `reversed`, `cancelled` (a settled"),
            std::string::npos);
  EXPECT_NE(document.find("  [*] --> issued: create\n"), std::string::npos);
  EXPECT_NE(document.find("  expired --> [*]\n"), std::string::npos);
}

}  // namespace
}  // namespace disburse::core
