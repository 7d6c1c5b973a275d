// Stores by name.
#include "cli/stores.hpp"

#include "store/memory/memory_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::cli {

core::Result<std::unique_ptr<store::Store>> open_store(const Options& options,
                                                       const sys::SecretKey& master,
                                                       sys::Random& random) {
  if (options.store == "memory:") return store::make_memory_store();
  store::SqliteOptions sqlite{
      .path = options.data + "/disburse.db", .master = master, .random = random};
  if (!options.store.empty())
    sqlite.path = options.store.substr(std::string_view("sqlite:").size());
  return store::open_sqlite(sqlite);
}

}  // namespace disburse::cli
