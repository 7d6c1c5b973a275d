// The stores that the contract's tests run against. Another one is one line in test_stores.cpp.
//
// Threads: one.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "sys/crypto.hpp"
#include "sys/random.hpp"

namespace disburse::store {

// An empty store, and the same one again after it was closed.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual Store& store() = 0;
  // Closes and opens it; readers must be gone. False: what it holds does not outlive it.
  virtual bool reopen() = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>()> open;
};
std::vector<StoreKind> store_kinds();

// A folder of its own that goes with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The master key and the random bytes of every SQL store under test.
const sys::SecretKey& test_master_key();
sys::Random& test_random();

}  // namespace disburse::store
