// Which files the SQLite store opens, which it refuses, and what stands in them.
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "store/contract/contract_test.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::store {
namespace {

using core::Changes;
using core::Code;

class SqliteOpen : public testing::Test {
 protected:
  SqliteOptions options() {
    return {.path = path_, .master = test_master_key(), .random = test_random()};
  }
  void must_refuse(const SqliteOptions& with, std::string_view because) {
    const auto opened = open_sqlite(with);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::configuration_invalid) << opened.error().detail;
    EXPECT_NE(opened.error().detail.find(because), std::string::npos) << opened.error().detail;
  }
  void run_sql(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
  // Of every file in the folder: the database, its log and its index.
  std::string all_bytes() {
    std::ostringstream out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      out << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    }
    return std::move(out).str();
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "store.db";
};

TEST_F(SqliteOpen, AMigrationThatWasChangedAfterTheStoreHadItIsRefused) {
  ASSERT_TRUE(open_sqlite(options()));
  SqliteOptions changed = options();
  changed.migrations[0].sql += "\n-- one more line";
  must_refuse(changed, "another 0001_first.sql");
  EXPECT_TRUE(open_sqlite(options()));
}

// The log of one that was killed is written again at the start; beside a program that is at work
// that would only hold it up, the longer the log the more.
TEST_F(SqliteOpen, ALogThatAnotherIsWritingIsLeftAlone) {
  const auto first = open_sqlite(options());
  ASSERT_TRUE(first);
  const std::filesystem::path log = path_.string() + "-wal";
  ASSERT_GT(std::filesystem::file_size(log), 0U) << "the migrations are in it";
  const auto long_ago = std::filesystem::file_time_type{};
  std::filesystem::last_write_time(log, long_ago);
  ASSERT_TRUE(open_sqlite(options()));
  EXPECT_EQ(std::filesystem::last_write_time(log), long_ago);
}

TEST_F(SqliteOpen, AStoreOfANewerProgramIsRefused) {
  SqliteOptions newer = options();
  newer.migrations.push_back({2, "0002_more.sql", "create table more (one BIGINT)"});
  ASSERT_TRUE(open_sqlite(newer));
  must_refuse(options(), "newer version");
  EXPECT_TRUE(open_sqlite(newer));
}

TEST_F(SqliteOpen, ANewMigrationIsTakenByAnOldStoreAndKeepsItsRows) {
  RandomRows rows(test_seed());
  const Changes changes = rows.create({1});
  ASSERT_TRUE((*open_sqlite(options()))->commit(changes));
  SqliteOptions newer = options();
  newer.migrations.push_back({2, "0002_more.sql", "create table more (one BIGINT)"});
  auto store = open_sqlite(newer);
  ASSERT_TRUE(store) << store.error().detail;
  EXPECT_EQ((*store)->load(keys_of(changes))->links, changes.links);
}

TEST_F(SqliteOpen, AMigrationThatFailsLeavesTheStoreAsItWas) {
  ASSERT_TRUE(open_sqlite(options()));
  SqliteOptions newer = options();
  newer.migrations.push_back({2, "0002_more.sql", "create table more (one BIGINT); nonsense"});
  EXPECT_FALSE(open_sqlite(newer));
  auto store = open_sqlite(options());
  EXPECT_TRUE(store) << store.error().detail;
  newer.migrations[1].sql = "create table more (one BIGINT)";
  EXPECT_TRUE(open_sqlite(newer));
}

TEST_F(SqliteOpen, AnotherMasterKeyIsRefused) {
  ASSERT_TRUE(open_sqlite(options()));
  const sys::SecretKey other(sys::SecretKey::Array{9, 9, 9});
  SqliteOptions with{.path = path_, .master = other, .random = test_random()};
  must_refuse(with, "another master key");
}

TEST_F(SqliteOpen, AnotherProgramsDatabaseIsRefusedAndLeftAlone) {
  run_sql("create table theirs (a)");
  must_refuse(options(), "another program's");
  run_sql("insert into theirs values (1); drop table theirs; pragma application_id = 7");
  must_refuse(options(), "another program's");
}

TEST_F(SqliteOpen, AFileThatIsNoDatabaseIsRefusedAndLeftAlone) {
  const std::string text(10'000, 'x');
  std::ofstream(path_) << text;
  must_refuse(options(), "is not a database");
  std::ostringstream left;
  left << std::ifstream(path_).rdbuf();
  EXPECT_EQ(left.str(), text);
}

TEST_F(SqliteOpen, AFolderThatIsNotThereIsToldWithItsName) {
  SqliteOptions nowhere = options();
  nowhere.path = folder_.path() / "nowhere" / "store.db";
  const auto opened = open_sqlite(nowhere);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("nowhere"), std::string::npos);
}

TEST_F(SqliteOpen, OnlyItsOwnerCanReadTheStore) {
  RandomRows rows(test_seed());
  auto store = open_sqlite(options());
  ASSERT_TRUE((*store)->commit(rows.create({1})));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 2);
}

// What the database, its log and its index hold of what a thief would look for.
TEST_F(SqliteOpen, NoSecretAndNoRecipientsDetailStandsInTheFiles) {
  RandomRows rows(test_seed());
  const std::string secrets[] = {
      "+919876501234",          "thief.bait@example.com", "50100123456789",
      "thief-bait@okbank",      "whsec_thief_bait",       "Bearer thief-bait",
      "the body of thief bait", "answer of thief bait",   "reply to thief bait",
      "readable thief bait",    "Thief Bait Holder",      "/hook?token=thiefbait"};
  Changes changes = rows.everything();
  changes.contacts[0].phone = secrets[0];
  changes.contacts[0].email = secrets[1];
  changes.fund_accounts[0].account_number = core::SecretText(secrets[2]);
  changes.fund_accounts[0].vpa = core::SecretText(secrets[3]);
  changes.fund_accounts[0].holder_name = secrets[10];
  changes.endpoints[0].secret = core::SecretText(secrets[4]);
  changes.endpoints[0].authorization = core::SecretText(secrets[5]);
  changes.deliveries[0].secret = core::SecretText(secrets[4]);
  changes.deliveries[0].authorization = core::SecretText(secrets[5]);
  changes.deliveries[0].body = secrets[6];
  changes.deliveries[0].url = "https://receiver.example" + secrets[11];
  changes.attempts[0].answer = secrets[7];
  changes.replies[0].body = secrets[8];
  changes.credentials[0].readable_secret = core::SecretText(secrets[9]);
  changes.links[0].description = "what may be read";
  auto store = open_sqlite(options());
  ASSERT_TRUE((*store)->commit(changes));
  for (int closed = 0; closed < 2; ++closed) {
    const std::string bytes = all_bytes();
    EXPECT_NE(bytes.find("what may be read"), std::string::npos);
    for (const std::string& secret : secrets) {
      EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
    }
    store->reset();
  }
}

// Deleting a recipient's key is how they are erased: their details cannot be opened by anybody.
TEST_F(SqliteOpen, AContactWithoutItsKeyHasNoDetailsAnyMore) {
  RandomRows rows(test_seed());
  Changes changes = rows.everything();
  for (core::Contact& row : changes.contacts) row.phone = "+919876501234";
  ASSERT_TRUE((*open_sqlite(options()))->commit(changes));
  run_sql("update contact set recipient_key = null where merchant_id = 1");
  auto store = open_sqlite(options());
  const auto loaded = (*store)->load(keys_of(changes));
  ASSERT_TRUE(loaded) << loaded.error().detail;
  for (const core::Contact& row : loaded->contacts) {
    EXPECT_EQ(row.merchant == core::MerchantId{1}, row.phone.empty() && row.email.empty());
  }
  for (const core::FundAccount& row : loaded->fund_accounts) {
    if (row.merchant != core::MerchantId{1}) continue;
    EXPECT_TRUE(row.account_number.empty() && row.vpa.empty() && row.holder_name.empty());
  }
}

TEST_F(SqliteOpen, ASealedValueThatWasMovedToAnotherRowDoesNotOpen) {
  RandomRows rows(test_seed());
  const Changes changes = rows.everything();
  ASSERT_TRUE((*open_sqlite(options()))->commit(changes));
  run_sql(
      "update endpoint set secrets = (select e.secrets from endpoint e where "
      "e.endpoint_id <> endpoint.endpoint_id limit 1)");
  auto store = open_sqlite(options());
  EXPECT_EQ((*store)->load(keys_of(changes)).error().code, Code::io_failed);
}

}  // namespace
}  // namespace disburse::store
