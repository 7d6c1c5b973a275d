#include "store/contract/test_stores.hpp"

#include <cstdlib>

#include "store/contract/sql_rules.hpp"
#include "store/contract/test_postgres.hpp"
#include "store/memory/memory_store.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::store {
namespace {

class MemoryUnderTest final : public StoreUnderTest {
 public:
  Store& store() override { return *store_; }
  bool reopen() override { return false; }

 private:
  std::unique_ptr<MemoryStore> store_ = make_memory_store();
};

class SqliteUnderTest final : public StoreUnderTest {
 public:
  SqliteUnderTest() { reopen(); }
  Store& store() override { return *store_; }
  bool reopen() override {
    store_.reset();
    auto opened = open_sqlite({.path = folder_.path() / "store.db",
                               .master = test_master_key(),
                               .random = test_random()});
    if (!opened) std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
    store_ = std::move(*opened);
    return true;
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

class PostgresUnderTest final : public StoreUnderTest {
 public:
  PostgresUnderTest() : url_(TemporaryPostgres::server().fresh_url()) { reopen(); }
  Store& store() override { return *store_; }
  bool reopen() override {
    store_.reset();
    auto opened =
        open_postgres({.url = url_, .master = test_master_key(), .random = test_random()});
    if (!opened) std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
    store_ = std::move(*opened);
    return true;
  }

 private:
  std::string url_;
  std::unique_ptr<Store> store_;
};

}  // namespace

std::vector<StoreKind> store_kinds() {
  return {
      {"memory", [] { return std::make_unique<MemoryUnderTest>(); }},
      {"sqlite", [] { return std::make_unique<SqliteUnderTest>(); }},
      {"postgres", [] { return std::make_unique<PostgresUnderTest>(); }},
  };
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "disburse-test-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

const sys::SecretKey& test_master_key() {
  static const sys::SecretKey key(sys::SecretKey::Array{1, 2, 3, 4, 5, 6, 7, 8});
  return key;
}

sys::Random& test_random() {
  static sys::RealRandom random;
  return random;
}

}  // namespace disburse::store
