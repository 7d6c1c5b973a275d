// Stores by name.
#include "cli/stores.hpp"

#include "store/memory/memory_store.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::cli {

core::Result<std::unique_ptr<store::Store>> open_store(const Options& options,
                                                       const sys::SecretKey& master,
                                                       sys::Random& random) {
  if (options.store == "memory:") return store::make_memory_store();
  if (is_postgres(options.store)) {
    return store::open_postgres(
        {.url = options.store, .master = master, .random = random, .migrate = options.migrate});
  }
  store::SqliteOptions sqlite{
      .path = options.data + "/disburse.db", .master = master, .random = random};
  if (!is_store_name(options.store)) {
    return core::fail(core::Code::configuration_invalid, "--store",
                      "is sqlite:PATH, postgresql://... or memory:");
  }
  if (!options.store.empty())
    sqlite.path = options.store.substr(std::string_view("sqlite:").size());
  return store::open_sqlite(sqlite);
}

}  // namespace disburse::cli
