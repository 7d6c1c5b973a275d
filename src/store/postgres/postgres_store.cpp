#include "store/postgres/postgres_store.hpp"

#include <mutex>

#include "store/postgres/leases.hpp"
#include "store/postgres/line.hpp"
#include "store/postgres/postgres_reader.hpp"
#include "store/postgres/schema.hpp"
#include "store/postgres/writer.hpp"
#include "sys/crash_point.hpp"

namespace disburse::store {

using core::Code;
using core::fail;
using core::Result;

const sys::Clock& PostgresOptions::real_clock() {
  static const sys::RealClock clock;
  return clock;
}

namespace postgres {
namespace {

constexpr std::string_view kCopying = "copying";
constexpr core::Duration kOldWriter = std::chrono::hours(48);

class PostgresStore final : public Store {
 public:
  explicit PostgresStore(std::unique_ptr<Shared> shared)
      : shared_(std::move(shared)), line_(*shared_, &round_trips_), leases_(*shared_) {}

  Result<void> begin();  // once, after the schema is there
  Result<StartState> start_state() override;
  Result<Rows> load(const core::Keys& keys) override;
  Result<Rows> load_more(const core::Keys& keys) override;
  Result<void> commit(const core::Changes& changes) override;
  Result<std::unique_ptr<Reader>> reader() override;
  bool takes_writes() const override { return shared_->reached; }

  std::uint64_t round_trips() const override { return round_trips_; }

  bool shares() const override { return true; }
  Result<NodeLease> lease_nodes(unsigned count) override { return leases_.take(count); }
  Result<void> keep_nodes(NodeLease& lease) override { return leases_.keep(lease); }
  Result<void> give_back_nodes(const NodeLease& lease) override { return leases_.give_back(lease); }

 private:
  Result<Connection*> connected(Deadline deadline);
  Result<void> attach(Connection& connection, Deadline deadline);
  Result<Rows> load_on(Connection& connection, const core::Keys& keys, Deadline deadline);
  Result<void> write_on(Connection& connection, const core::Changes& changes, Deadline deadline);
  Result<void> find_keys(Connection& connection, const Writer& writer, const core::Changes& changes,
                         Deadline deadline);
  Result<void> settle_doubt(std::int64_t before);
  void roll_back();
  template <class Work>
  auto retried(Work work) -> decltype(work(std::declval<Connection&>(), Deadline::in({})));

  std::unique_ptr<Shared> shared_;
  std::atomic<std::uint64_t> round_trips_ = 0;
  Line line_;
  NodeLeases leases_;
  Seen seen_;
  bool loaded_ = false;      // a batch is open, on the transaction of the connection
  std::int64_t number_ = 0;  // of this writer's last commit
};

// Opens the connection again, with pauses, as long as the deadline allows.
Result<Connection*> PostgresStore::connected(Deadline deadline) {
  while (true) {
    Result<Connection*> connection = line_.get(deadline);
    if (connection && line_.take_renewed()) {
      const Result<void> attached = attach(**connection, deadline);
      if (!attached) connection = tl::unexpected(attached.error());
    }
    if (connection) return connection;
    const core::Duration rest = line_.rest();
    if (connection.error().code != Code::store_unavailable || deadline.left() <= rest)
      return connection;
    pause(rest);
  }
}

// This writer's row, and its number: from here on no commit of an earlier connection can happen.
Result<void> PostgresStore::attach(Connection& connection, Deadline deadline) {
  const auto now = shared_->clock.now().ms();
  Params add;
  add.number(shared_->holder).number(now);
  connection.queue(kAddWriter, std::move(add));
  Params fence;
  fence.number(shared_->holder).number(now);
  connection.queue(kFenceWriter, std::move(fence));
  auto answers = connection.round_trip(deadline);
  if (answers && answers->back().next()) {
    number_ = answers->back().i64();
    return {};
  }
  // Without its number nothing can be written: the next one tries again.
  line_.drop();
  if (!answers) return fail(Code::store_unavailable, {}, answers.error().detail);
  return fail(Code::store_unavailable, {}, "this writer has no row");
}

// Runs what may be run again, on a new connection if need be.
template <class Work>
auto PostgresStore::retried(Work work)
    -> decltype(work(std::declval<Connection&>(), Deadline::in({}))) {
  const Deadline deadline = Deadline::in(shared_->patience);
  while (true) {
    Connection* connection = TRY(connected(deadline));
    auto done = work(*connection, deadline);
    if (done) return done;
    line_.look_after(done.error());
    if (connection->usable()) roll_back();
    if (line_.usable() || deadline.over()) return done;
  }
}

Result<void> PostgresStore::begin() {
  const core::Instant old = shared_->clock.now() - kOldWriter;
  CHECK(retried([&](Connection& connection, Deadline deadline) -> Result<void> {
    Params time;
    time.number(old.ms());
    connection.queue(kBegin);
    connection.queue(kLockState);
    connection.queue(kTakeOverWriters, time);
    connection.queue(kForgetWriters, time);
    connection.queue(kCommit);
    const std::vector<Answer> done = TRY(connection.round_trip(deadline));
    return {};
  }));
  return {};
}

Result<StartState> PostgresStore::start_state() {
  if (loaded_) roll_back();
  return retried([](Connection& connection, Deadline deadline) -> Result<StartState> {
    Answer answer = TRY(connection.run(kStartState, {}, deadline));
    if (!answer.next()) return fail(Code::internal_error, {}, "store_state has no row");
    StartState state;
    state.last_id = answer.u64();
    state.last_merchant = answer.merchant();
    state.last_audit_hash = answer.text();
    return state;
  });
}

// ---- loading ------------------------------------------------------------------------------------

Result<Rows> PostgresStore::load(const core::Keys& keys) {
  return retried([this, &keys](Connection& connection, Deadline deadline) {
    seen_.clear();
    loaded_ = false;
    if (connection.in_transaction()) connection.queue(kRollback);
    connection.queue(kBegin);
    connection.queue_limits();
    Result<Rows> rows = load_on(connection, keys, deadline);
    loaded_ = rows.has_value();
    return rows;
  });
}

Result<Rows> PostgresStore::load_more(const core::Keys& keys) {
  if (!loaded_) return load(keys);
  if (!line_.usable()) {
    loaded_ = false;
    return fail(Code::version_conflict, {}, "the connection was lost within the batch");
  }
  const Deadline deadline = Deadline::in(shared_->patience);
  Result<Rows> rows = load_on(*line_.connection(), keys, deadline);
  if (rows) return rows;
  line_.look_after(rows.error());
  roll_back();
  // Nothing has been written: the batch may begin again.
  if (!line_.usable()) return fail(Code::version_conflict, {}, rows.error().detail);
  return rows;
}

Result<Rows> PostgresStore::load_on(Connection& connection, const core::Keys& keys,
                                    Deadline deadline) {
  const std::size_t before = connection.queued();
  Loader loader(connection, shared_->vault, shared_->spread ? Locks::none : Locks::rows, &seen_);
  loader.ask(keys);
  std::vector<Answer> answers = TRY(connection.round_trip(deadline));
  return loader.take(answers, before);
}

// ---- committing ---------------------------------------------------------------------------------

void PostgresStore::roll_back() {
  loaded_ = false;
  seen_.clear();
  if (!line_.usable() || !line_.connection()->in_transaction()) return;
  const auto done = line_.connection()->run(kRollback, {}, Deadline::in(shared_->patience));
  if (!done) line_.drop();
}

Result<void> PostgresStore::commit(const core::Changes& changes) {
  if (changes.empty()) {
    roll_back();
    return {};
  }
  if (loaded_ && !line_.usable()) {
    roll_back();
    return fail(Code::version_conflict, {}, "the connection was lost within the batch");
  }
  const Deadline deadline = Deadline::in(shared_->patience);
  Connection* connection = TRY(connected(deadline));
  const std::int64_t before = number_;
  const Result<void> done = write_on(*connection, changes, deadline);
  if (done) {
    ++number_;
    loaded_ = false;
    seen_.clear();
    return {};
  }
  line_.look_after(done.error());
  const bool lost = !line_.usable();
  roll_back();
  if (lost) return settle_doubt(before);
  return done;
}

Result<void> PostgresStore::write_on(Connection& connection, const core::Changes& changes,
                                     Deadline deadline) {
  Writer writer(connection, shared_->vault, seen_);
  if (!connection.in_transaction()) {
    connection.queue(kBegin);
    connection.queue_limits();
  }
  CHECK(find_keys(connection, writer, changes, deadline));
  const Result<void> queued = writer.queue(changes);
  if (!queued) {
    connection.forget_queue();
    return queued;
  }
  const Marks marks = marks_of(changes);
  Params mark;
  mark.number(shared_->holder).number(number_ + 1).number(marks.last_id);
  mark.number(marks.early_ms).number(marks.late_ms).number(shared_->clock.now().ms());
  connection.queue(kMarkCommit, std::move(mark));
  connection.queue(kCommit);
  sys::crash_point(sys::CrashPoint::batch_before_sync);
  const std::vector<Answer> answers = TRY(connection.round_trip(deadline));
  return {};
}

// Of contacts that were not loaded with their link.
Result<void> PostgresStore::find_keys(Connection& connection, const Writer& writer,
                                      const core::Changes& changes, Deadline deadline) {
  const std::vector<core::Keys::ContactKey> missing = writer.missing_keys(changes);
  if (missing.empty()) return {};
  Arrays arrays({ColumnType::number, ColumnType::number});
  for (const core::Keys::ContactKey& key : missing) {
    arrays.bind_all(key.merchant, key.contact);
    arrays.next_row();
  }
  Params params;
  params.arrays(std::move(arrays));
  connection.queue(kRecipientKeys, std::move(params));
  std::vector<Answer> answers = TRY(connection.round_trip(deadline));
  Answer& answer = answers.back();
  while (answer.next()) {
    const core::MerchantId merchant = answer.merchant();
    const core::ContactId contact = answer.id<core::ContactId>();
    seen_.recipient_keys[{merchant, contact}] = answer.text();
  }
  return {};
}

// The connection went while the commit was on its way. Opening the next one waits until the old
// transaction is over, and raises the number: by then it has gone up by one or by two.
Result<void> PostgresStore::settle_doubt(std::int64_t before) {
  const Deadline deadline = Deadline::in(shared_->patience);
  while (true) {
    const auto connection = connected(deadline);
    if (connection) break;
    if (deadline.over())
      return fail(Code::store_unavailable, {}, "the answer to a commit was lost");
    pause(line_.rest());
  }
  if (number_ == before + 2) return {};
  return fail(Code::version_conflict, {}, "the connection was lost before the commit");
}

Result<std::unique_ptr<Reader>> PostgresStore::reader() {
  return std::make_unique<PostgresReader>(*shared_);
}

}  // namespace

// Sandbox and live never share a store.
Result<void> check_mode(Connection& connection, const std::string& mode, Deadline deadline) {
  if (!mode.empty() && mode != kCopying) {
    Params params;
    params.text(mode);
    const Answer claimed = TRY(connection.run(kClaimMode, std::move(params), deadline));
  }
  Answer answer = TRY(connection.run(kReadMode, {}, deadline));
  const std::string before = answer.next() ? answer.text() : std::string();
  if (before == kCopying && mode != kCopying)
    return fail(Code::configuration_invalid, "store", "is a copy that is not finished");
  // What a copy may be made into is looked at by who makes it.
  if (mode.empty() || mode == kCopying || before == mode) return {};
  return fail(Code::configuration_invalid, "store",
              "is of " + before + " mode: sandbox and live never share one");
}

Result<std::unique_ptr<Store>> open(const PostgresOptions& options) {
  auto shared = std::make_unique<Shared>(TRY(parse_target(options.url)),
                                         Vault(options.master, options.random), options.clock);
  shared->connection.watch = options.watch;
  shared->patience = options.patience;
  shared->holder = options.random.next_u64() >> 1;
  {
    const Deadline deadline = Deadline::in(options.patience);
    const auto connection = TRY(Connection::open(shared->target, shared->connection, deadline));
    shared->spread = TRY(prepare_schema(*connection, options.migrations, shared->vault,
                                        options.migrate ? Migrate::yes : Migrate::no));
    CHECK(check_mode(*connection, options.mode, deadline));
  }
  auto store = std::make_unique<PostgresStore>(std::move(shared));
  CHECK(store->begin());
  return store;
}

}  // namespace postgres

Result<std::unique_ptr<Store>> open_postgres(const PostgresOptions& options) {
  Result<std::unique_ptr<Store>> store = postgres::open(options);
  if (store || !store.error().field.empty()) return store;
  core::Error error = store.error();
  error.detail = "the database: " + error.detail;
  return tl::unexpected(std::move(error));
}

}  // namespace disburse::store
