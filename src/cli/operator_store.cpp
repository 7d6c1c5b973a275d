// What operators do with a whole store: bring its schema up to date, move it to another engine.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cli/base.hpp"
#include "cli/operator.hpp"
#include "store/postgres/postgres_raw.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/sqlite/sqlite_raw.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace disburse::cli {
namespace {

using core::Code;
using core::fail;
using core::Result;

constexpr std::string_view kSqlite = "sqlite:";
constexpr int kBarWidth = 40;

// A store with its rows as they are; closed before a file is renamed.
struct Opened {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::RawTables> rows;
};

Result<Opened> open_both(const std::string& name, const std::string& mode,
                         const sys::SecretKey& master, sys::Random& random) {
  Opened out;
  if (is_postgres(name)) {
    out.store =
        TRY(store::open_postgres({.url = name, .master = master, .random = random, .mode = mode}));
    out.rows = TRY(store::open_raw_postgres(name));
    return out;
  }
  const std::filesystem::path path = name.substr(kSqlite.size());
  out.store = TRY(store::open_sqlite({.path = path, .master = master, .random = random}));
  out.rows = TRY(store::open_raw_sqlite(path));
  return out;
}

Result<void> check_names(const StoreCopy& copy) {
  const auto good = [](const std::string& name) {
    return name.starts_with(kSqlite) || is_postgres(name);
  };
  if (!good(copy.from))
    return fail(Code::configuration_invalid, "--from", "is sqlite:PATH or postgresql://...");
  if (!good(copy.to))
    return fail(Code::configuration_invalid, "--to", "is sqlite:PATH or postgresql://...");
  if (copy.from.starts_with(kSqlite) && !std::filesystem::exists(copy.from.substr(kSqlite.size())))
    return fail(Code::configuration_invalid, "--from", "is not there");
  if (copy.to.starts_with(kSqlite) && std::filesystem::exists(copy.to.substr(kSqlite.size())))
    return fail(Code::configuration_invalid, "--to", "is there already");
  return {};
}

// A bar that is drawn over itself on a terminal, else a line for each table.
void tell(const store::CopyProgress& progress) {
  const bool whole = progress.rows >= progress.of;
  if (isatty(STDERR_FILENO) == 0) {
    if (whole) fmt::print(stderr, "{}: {} rows\n", progress.table.name, progress.rows);
    return;
  }
  const std::uint64_t of = progress.of == 0 ? 1 : progress.of;
  const auto done = static_cast<int>(std::min(progress.rows, of) * kBarWidth / of);
  const int filled = whole ? kBarWidth : done;
  fmt::print(stderr, "\r{:<16} [{:#<{}}{:<{}}] {} of {}{}", progress.table.name, "", filled, "",
             kBarWidth - filled, progress.rows, progress.of, whole ? "\n" : "");
}

Result<void> check_sums(store::Store& from, store::Store& to) {
  const auto source = TRY(from.reader());
  const auto target = TRY(to.reader());
  const auto expected = TRY(source->ledger_sums());
  const auto actual = TRY(target->ledger_sums());
  const auto same = [](const auto& a, const auto& b) {
    return a.balances == b.balances && a.from_postings == b.from_postings &&
           a.in_flight == b.in_flight && a.held_links == b.held_links &&
           a.paid_twice == b.paid_twice;
  };
  const bool all = std::equal(expected.begin(), expected.end(), actual.begin(), actual.end(), same);
  if (!all) return fail(Code::version_conflict, {}, "the ledgers of the two stores differ");
  if (TRY(from.start_state()).last_audit_hash == TRY(to.start_state()).last_audit_hash) {
    fmt::print("the ledgers of {} merchants and the audit logs are the same\n", actual.size());
    return {};
  }
  return fail(Code::version_conflict, {}, "the audit logs of the two stores differ");
}

Result<void> copy_into(const StoreCopy& copy, const std::string& to, const sys::SecretKey& master,
                       sys::Random& random) {
  const Opened source = TRY(open_both(copy.from, "", master, random));
  const Opened target = TRY(open_both(to, "copying", master, random));
  CHECK(store::copy_rows(*source.rows, *target.rows, tell));
  CHECK(check_sums(*source.store, *target.store));
  return store::finish_copy(*source.rows, *target.rows);
}

}  // namespace

Result<void> migrate(const Options& options) {
  const auto base = TRY(Base::open(options, kOperatorNode));
  fmt::print("the store is as this version wants it\n");
  return {};
}

Result<void> copy_store(const Options& options, const StoreCopy& copy) {
  CHECK(check_names(copy));
  sys::RealFiles files;
  sys::RealRandom random;
  const sys::Path key_path = options.key_file.empty() ? sys::Path(options.data) / "master.key"
                                                      : sys::Path(options.key_file);
  if (!files.exists(key_path))
    return fail(Code::configuration_invalid, "--key-file", "the source's master key is not there");
  const sys::SecretKey master = TRY(sys::load_or_create_key(files, random, key_path));
  // A file that is not whole yet has another name, under which nobody serves it.
  const bool file = copy.to.starts_with(kSqlite);
  const std::string to = file ? copy.to + ".copying" : copy.to;
  CHECK(copy_into(copy, to, master, random));
  if (!file) return {};
  std::error_code failed;
  std::filesystem::rename(to.substr(kSqlite.size()), copy.to.substr(kSqlite.size()), failed);
  if (failed) return fail(Code::io_failed, {}, failed.message());
  return {};
}

}  // namespace disburse::cli
