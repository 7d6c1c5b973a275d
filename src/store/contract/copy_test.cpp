// Moving a store from one engine to another, and back.
#include <gtest/gtest.h>

#include "store/contract/contract_test.hpp"
#include "store/contract/same_contents.hpp"
#include "store/contract/test_postgres.hpp"
#include "store/postgres/postgres_raw.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/sqlite/sqlite_raw.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::store {
namespace {

class Copy : public testing::Test {
 protected:
  Copy() : seed_(test_seed()), rows_(seed_) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
  }
  std::unique_ptr<Store> postgres(const std::string& mode = {}) {
    auto opened = open_postgres(
        {.url = url_, .master = test_master_key(), .random = test_random(), .mode = mode});
    if (!opened) refusal_ = opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }
  std::unique_ptr<Store> sqlite(const std::string& name) {
    auto opened = open_sqlite(
        {.path = folder_.path() / name, .master = test_master_key(), .random = test_random()});
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }
  std::unique_ptr<RawTables> raw(const std::string& name) {
    return std::move(*open_raw_sqlite(folder_.path() / name));
  }
  std::unique_ptr<RawTables> raw() { return std::move(*open_raw_postgres(url_)); }

  std::uint64_t seed_;
  RandomRows rows_;
  TemporaryFolder folder_;
  std::string url_ = TemporaryPostgres::server().fresh_url();
  std::string refusal_;
};

void nothing(const CopyProgress&) {}
constexpr std::uint32_t kAtOnce = 40;

TEST_F(Copy, EverythingIsInTheOtherEngineAndComesBackAsItWas) {
  const auto source = sqlite("a.db");
  std::vector<core::Changes> batches = {rows_.everything(), rows_.creates({1}, 150)};
  batches.push_back(rows_.changed(batches[0]));
  for (const core::Changes& changes : batches) ASSERT_TRUE(source->commit(changes));
  const auto target = postgres("copying");
  ASSERT_TRUE(copy_rows(*raw("a.db"), *raw(), nothing, kAtOnce));
  ASSERT_TRUE(finish_copy(*raw("a.db"), *raw()));
  EXPECT_EQ(difference(*source, *target, batches), "");
  EXPECT_EQ(target->start_state()->last_id, source->start_state()->last_id);

  const auto back = sqlite("b.db");
  ASSERT_TRUE(copy_rows(*raw(), *raw("b.db"), nothing, kAtOnce));
  ASSERT_TRUE(finish_copy(*raw(), *raw("b.db")));
  EXPECT_EQ(difference(*source, *back, batches), "");
}

// Stops the copy after so many writes.
class Stopping final : public RawTables {
 public:
  Stopping(RawTables& real, int writes) : real_(real), left_(writes) {}

  core::Result<std::uint64_t> count(const Table& table) override { return real_.count(table); }
  core::Result<std::vector<RawRow>> read(const Table& table, const std::optional<RawRow>& after,
                                         std::uint32_t limit) override {
    return real_.read(table, after, limit);
  }
  core::Result<std::optional<RawRow>> last_key(const Table& table) override {
    return real_.last_key(table);
  }
  core::Result<void> write(const Table& table, const std::vector<RawRow>& rows) override {
    if (--left_ < 0) return core::fail(core::Code::store_unavailable);
    return real_.write(table, rows);
  }
  core::Result<std::string> mode() override { return real_.mode(); }
  core::Result<void> set_mode(const std::string& mode) override { return real_.set_mode(mode); }
  core::Result<Marks> marks() override { return real_.marks(); }
  core::Result<void> raise_marks(const Marks& marks) override { return real_.raise_marks(marks); }

 private:
  RawTables& real_;
  int left_;
};

TEST_F(Copy, ACopyThatWasBrokenOffGoesOnWhereItEnded) {
  const auto source = sqlite("a.db");
  const std::vector<core::Changes> batches = {rows_.everything(), rows_.creates({1}, 150)};
  for (const core::Changes& changes : batches) ASSERT_TRUE(source->commit(changes));
  const auto target = postgres("copying");
  ASSERT_TRUE(target);
  for (int writes : {0, 1, 3, 5}) {
    const auto to = raw();
    Stopping stopping(*to, writes);
    EXPECT_FALSE(copy_rows(*raw("a.db"), stopping, nothing, kAtOnce));
    EXPECT_EQ(postgres("sandbox"), nullptr);
    EXPECT_EQ(refusal_, "is a copy that is not finished");
  }
  ASSERT_TRUE(copy_rows(*raw("a.db"), *raw(), nothing, kAtOnce));
  ASSERT_TRUE(finish_copy(*raw("a.db"), *raw()));
  EXPECT_EQ(difference(*source, *target, batches), "");
  EXPECT_NE(postgres("sandbox"), nullptr);
  EXPECT_EQ(postgres("live"), nullptr);
  EXPECT_EQ(refusal_, "is of sandbox mode: sandbox and live never share one");
}

TEST_F(Copy, AStoreThatHoldsSomethingIsNotCopiedInto) {
  const auto source = sqlite("a.db");
  ASSERT_TRUE(source->commit(rows_.everything()));
  const auto target = postgres();
  ASSERT_TRUE(target->commit(rows_.create({1})));
  const auto done = copy_rows(*raw("a.db"), *raw(), nothing, kAtOnce);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().detail, "is not empty");
  EXPECT_NE(postgres("live"), nullptr) << "it is still a store";
}

TEST_F(Copy, ADatabaseOfANewerVersionOrOfAnotherKeyIsRefused) {
  ASSERT_TRUE(postgres());
  auto none = open_postgres(
      {.url = url_, .master = test_master_key(), .random = test_random(), .migrations = {}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, core::Code::configuration_invalid);
  EXPECT_EQ(none.error().detail,
            "the store was made by a newer version: it has had 0001_first.sql");
  const sys::SecretKey other(sys::SecretKey::Array{9});
  auto wrong = open_postgres({.url = url_, .master = other, .random = test_random()});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().field, "key-file");
  auto empty = open_postgres({.url = TemporaryPostgres::server().fresh_url(),
                              .master = test_master_key(),
                              .random = test_random(),
                              .migrate = false});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().detail, "the database has no tables: disburse migrate");
}

}  // namespace
}  // namespace disburse::store
