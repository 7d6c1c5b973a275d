#include "store/migrations.hpp"

#include <cassert>
#include <charconv>

#include "generated/store_migrations.hpp"

namespace disburse::store {

std::vector<Migration> migrations() {
  std::vector<Migration> all;
  for (const auto& [name, sql] : embedded::store_migrations_files) {
    Migration migration{.number = 0, .name = std::string(name), .sql = std::string(sql)};
    std::from_chars(name.data(), name.data() + 4, migration.number);
    assert(migration.number == all.size() + 1);
    all.push_back(std::move(migration));
  }
  return all;
}

}  // namespace disburse::store
