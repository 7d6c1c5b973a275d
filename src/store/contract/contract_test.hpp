// What the contract's test files share: a fixture with an empty store of each kind, and a seed that
// is printed.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

#include "store/contract/random_rows.hpp"
#include "store/contract/test_stores.hpp"

namespace disburse::store {

// SEED=n runs a failure again.
inline std::uint64_t test_seed() {
  const char* given = std::getenv("SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : test_random().below(1'000'000'000);
}

class ContractTest : public testing::TestWithParam<StoreKind> {
 protected:
  ContractTest() : seed_(test_seed()), rows_(seed_), under_test_(GetParam().open()) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
  }

  Store& store() { return under_test_->store(); }
  std::unique_ptr<Reader> reader() { return std::move(*store().reader()); }
  void must_commit(const core::Changes& changes) {
    const auto done = store().commit(changes);
    ASSERT_TRUE(done) << done.error().detail;
  }
  Rows must_load(const core::Keys& keys) {
    auto loaded = store().load(keys);
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().detail);
    return loaded ? std::move(*loaded) : Rows{};
  }
  void must_conflict(const core::Changes& changes) {
    const auto done = store().commit(changes);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, core::Code::version_conflict) << done.error().detail;
  }

  std::uint64_t seed_;
  RandomRows rows_;
  std::unique_ptr<StoreUnderTest> under_test_;
};

inline std::string kind_name(const testing::TestParamInfo<StoreKind>& kind) {
  return kind.param.name;
}

// The same rows in any order.
template <class Row>
testing::AssertionResult same_rows(const std::vector<Row>& expected,
                                   const std::vector<Row>& actual) {
  if (expected.size() != actual.size()) {
    return testing::AssertionFailure()
           << "expected " << expected.size() << " rows, there are " << actual.size();
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::find(actual.begin(), actual.end(), expected[i]) == actual.end()) {
      return testing::AssertionFailure() << "row " << i << " is missing or differs";
    }
  }
  return testing::AssertionSuccess();
}

}  // namespace disburse::store
