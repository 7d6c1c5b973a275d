// What the tests of several PostgreSQL stores on one database share.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "store/contract/contract_test.hpp"
#include "store/contract/test_postgres.hpp"
#include "store/postgres/postgres_store.hpp"

namespace disburse::store {

class PostgresStores : public testing::Test {
 protected:
  PostgresStores() : seed_(test_seed()), rows_(seed_) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
  }
  std::unique_ptr<Store> open(const std::string& url) {
    auto store = open_postgres({.url = url,
                                .master = test_master_key(),
                                .random = test_random(),
                                .clock = clock_,
                                .patience = std::chrono::milliseconds(1'500)});
    EXPECT_TRUE(store) << (store ? "" : store.error().detail);
    return std::move(*store);
  }
  void must_commit(Store& store, const core::Changes& changes) {
    const auto done = store.commit(changes);
    ASSERT_TRUE(done) << done.error().detail;
  }
  static void must_conflict(Store& store, const core::Changes& changes) {
    const auto done = store.commit(changes);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, core::Code::version_conflict) << done.error().detail;
  }
  Rows must_load(Store& store, const core::Keys& keys) {
    auto rows = store.load(keys);
    EXPECT_TRUE(rows) << (rows ? "" : rows.error().detail);
    return rows ? std::move(*rows) : Rows{};
  }
  core::Task task(core::TaskKind kind, std::int64_t due_ms) {
    core::Task one = rows_.task({1});
    one.kind = kind;
    one.due_at = core::Instant::from_ms(due_ms);
    return one;
  }
  core::Changes link() {
    core::Changes changes = rows_.create({1});
    changes.tasks.clear();
    return changes;
  }

  std::uint64_t seed_;
  RandomRows rows_;
  sys::ManualClock clock_;
  std::string url_ = TemporaryPostgres::server().fresh_url();
};

inline core::Keys of_link(const core::Changes& changes) {
  core::Keys keys;
  keys.links.push_back({changes.links[0].merchant, changes.links[0].id});
  return keys;
}

}  // namespace disburse::store
