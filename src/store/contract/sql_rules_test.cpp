// The statements of the PostgreSQL store, read for what the schema's rules forbid. What the
// contract's tests send is read as well, as it is sent (test_stores.cpp).
#include "store/contract/sql_rules.hpp"

#include <gtest/gtest.h>

#include "store/postgres/statements.hpp"
#include "store/tables.hpp"

namespace disburse::store {
namespace {

TEST(SqlRules, EveryStatementOfTheStoreKeepsThem) {
  EXPECT_GT(postgres::all_statements().size(), 80U);
  for (const postgres::Statement* statement : postgres::all_statements()) {
    EXPECT_EQ(forbidden_in(statement->text), "") << statement->text;
  }
}

TEST(SqlRules, WhatTheyForbidIsRefused) {
  for (const char* sql :
       {"select now()", "select 1 from link where merchant_id = 1 and expires_at < NOW()",
        "update link set updated_at = current_timestamp where merchant_id = 1",
        "select pg_advisory_xact_lock(1)",
        "select amount_paise / 2 from link where merchant_id = 1",
        "select * from link where link_id = 1", "delete from contact where contact_id = 1",
        "update payout set state = 1 where payout_id = 1",
        "select queue from jobs for update skip locked", "lock table writer", "listen news",
        "insert into audit values (nextval('a'))", "declare c cursor for select 1"}) {
    EXPECT_NE(forbidden_in(sql), "") << sql;
  }
}

TEST(SqlRules, ATextIsNoWord) {
  EXPECT_EQ(forbidden_in("select 'now() / listen' from merchant"), "");
}

TEST(Schema, EveryTableOfAMerchantHasItFirstInItsKey) {
  for (const Table& table : tables()) {
    bool of_merchant = false;
    for (const Column& column : table.columns) of_merchant |= column.name == "merchant_id";
    const bool small =
        table.name == "credential" || table.name == "refresh_token" || table.name == "audit";
    ASSERT_FALSE(table.key.empty()) << table.name;
    if (!of_merchant || small) continue;
    EXPECT_EQ(table.key.front(), "merchant_id") << table.name;
  }
}

}  // namespace
}  // namespace disburse::store
