#include "store/sqlite/sqlite_reader.hpp"

#include <set>

#include "store/rows.hpp"
#include "store/sqlite/columns.hpp"
#include "store/sqlite/link_list.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store {
namespace {

using core::MerchantId;
using core::Result;

// Indices are named where SQLite, which keeps no statistics here, would rather walk the primary
// key.
Sql select(const std::string& columns, const std::string& rest) {
  return Sql{"select " + columns + " from " + rest};
}

const Sql kBegin{"begin"};
const Sql kCommit{"commit"};
const Sql kDrift{"select id_early_ms, id_late_ms from store_state where one = 1"};
const Sql kHistory =
    select(kHistoryColumns, "history where merchant_id = ?1 and link_id = ?2 order by number");
const Sql kPayouts = select(
    kPayoutColumns,
    "payout indexed by payout_by_link where merchant_id = ?1 and link_id = ?2 order by payout_id");
const Sql kPostings = select(kPostingColumns,
                             "posting indexed by posting_by_link where merchant_id = ?1 and "
                             "link_id = ?2 order by posting_id");
const Sql kDeliveriesOfLink = select(kDeliveryColumns,
                                     "delivery indexed by delivery_by_link where merchant_id = ?1 "
                                     "and link_id = ?2 order by delivery_id");
const Sql kMerchants = select(kMerchantColumns, "merchant order by merchant_id");
const Sql kCredentialById = select(kCredentialColumns, "credential where credential_id = ?1");
const Sql kCredentials =
    select(kCredentialColumns, "credential where merchant_id = ?1 order by credential_id");
const Sql kAttempts =
    select(kAttemptColumns, "attempt where merchant_id = ?1 and delivery_id = ?2 order by number");
const Sql kDueTasks = select(kTaskColumns,
                             "task indexed by task_due where is_timer = ?1 and due_at <= ?2 order "
                             "by is_timer, due_at, task_id limit ?3");
const Sql kNextDue{
    "select due_at from task indexed by task_due where is_timer = ?1 order by due_at, task_id "
    "limit 1"};
// The literal, so that the partial index task_queued is taken.
const Sql kQueuedTasks = select(
    kTaskColumns,
    "task indexed by task_queued where merchant_id = ?1 and kind = 2 order by task_id limit ?2");
const Sql kTasksOfKind =
    select(kTaskColumns, "task where merchant_id = ?1 and kind = ?3 order by task_id limit ?2");
static_assert(number_of(core::TaskKind::retry_queued) == 2);
const Sql kAuditRows =
    select(kAuditColumns, "audit where audit_id > ?1 order by audit_id limit ?2");

}  // namespace

class SqliteReader::Snapshot {
 public:
  static Result<Snapshot> begin(Connection& connection) {
    Run run = TRY(connection.run(kBegin));
    CHECK(run.finish());
    return Snapshot(connection);
  }
  // Of a state that is held already.
  static Snapshot within() { return Snapshot(); }
  Snapshot(Snapshot&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot() {
    if (connection_ == nullptr) return;
    // Nothing was written, so nothing is lost if this fails; the next begin would tell.
    Result<Run> run = connection_->run(kCommit);
    if (run) static_cast<void>(run->finish());
  }

 private:
  Snapshot() = default;
  explicit Snapshot(Connection& connection) : connection_(&connection) {}
  Connection* connection_ = nullptr;
};

SqliteReader::SqliteReader(std::unique_ptr<Connection> connection, const Vault& vault)
    : connection_(std::move(connection)), vault_(vault), finder_(*connection_, vault_) {}

SqliteReader::~SqliteReader() = default;

Result<void> SqliteReader::hold() {
  if (!held_) held_ = std::make_unique<Snapshot>(TRY(Snapshot::begin(*connection_)));
  return {};
}

void SqliteReader::let_go() { held_.reset(); }

Result<SqliteReader::Snapshot> SqliteReader::one_state() {
  if (held_) return Snapshot::within();
  return Snapshot::begin(*connection_);
}

// ---- links --------------------------------------------------------------------------------------

Result<std::optional<core::LinkView>> SqliteReader::find_link(MerchantId merchant,
                                                              core::LinkId id) {
  const Snapshot snapshot = TRY(one_state());
  return finder_.view(merchant, id);
}

Result<std::optional<core::LinkView>> SqliteReader::find_link_by_reference(
    MerchantId merchant, std::string_view reference) {
  const Snapshot snapshot = TRY(one_state());
  const std::optional<core::LinkId> id = TRY(finder_.newest_with(merchant, reference));
  if (!id) return std::optional<core::LinkView>{};
  return finder_.view(merchant, *id);
}

Result<core::LinkPage> SqliteReader::list_links(const core::ListLinks& query, core::Instant now) {
  const Snapshot snapshot = TRY(one_state());
  IdDrift drift;
  {
    Run run = TRY(connection_->run(kDrift));
    if (TRY(run.next())) drift = {.early_ms = run.i64(), .late_ms = run.i64()};
  }
  const LinkConditions conditions(query, now, drift, vault_);
  core::LinkPage page;
  std::vector<core::Link> links;
  {
    Run run =
        TRY(connection_->run_text("select " + kLinkColumns + " from link where " +
                                  conditions.sql() + " order by link_id desc limit ? offset ?"));
    conditions.bind(run);
    run.bind_all(query.limit, query.skip);
    links = TRY(read_all(run, read_link<Run>));
  }
  for (core::Link& link : links) page.links.push_back(TRY(finder_.view_of(std::move(link))));
  if (query.want_total) {
    Run run = TRY(connection_->run_text("select count(*) from link where " + conditions.sql()));
    conditions.bind(run);
    if (TRY(run.next())) page.total = run.u64();
  }
  return page;
}

Result<std::optional<core::Story>> SqliteReader::link_story(MerchantId merchant, core::LinkId id) {
  const Snapshot snapshot = TRY(one_state());
  std::optional<core::Link> link = TRY(finder_.link(merchant, id));
  if (!link) return std::optional<core::Story>{};
  return std::optional(TRY(story_of(std::move(*link))));
}

Result<core::Story> SqliteReader::story_of(core::Link link) {
  const MerchantId merchant = link.merchant;
  const core::LinkId id = link.id;
  const auto rows = [this, merchant, id](const Sql& sql, auto read) {
    return [&]() -> decltype(read_all(std::declval<Run&>(), read)) {
      Run run = TRY(connection_->run(sql));
      run.bind_all(merchant, id);
      return read_all(run, read);
    }();
  };
  core::Story story;
  story.view = TRY(finder_.view_of(std::move(link)));
  story.history = TRY(rows(kHistory, read_history<Run>));
  story.payouts = TRY(rows(kPayouts, read_payout<Run>));
  story.postings = TRY(rows(kPostings, read_posting<Run>));
  story.deliveries =
      TRY(rows(kDeliveriesOfLink, [this](Run& run) { return read_delivery(run, vault_); }));
  std::set<core::FundAccountId> accounts = {story.view.link.fund_account};
  for (const core::Payout& payout : story.payouts) accounts.insert(payout.fund_account);
  for (const core::FundAccountId account : accounts) {
    std::optional<core::FundAccount> row = TRY(finder_.fund_account(merchant, account));
    if (row) story.fund_accounts.push_back(std::move(*row));
  }
  return story;
}

// ---- merchants ----------------------------------------------------------------------------------

Result<std::optional<core::MerchantView>> SqliteReader::find_merchant(MerchantId id) {
  const Snapshot snapshot = TRY(one_state());
  std::optional<core::Merchant> merchant = TRY(finder_.merchant(id));
  if (!merchant) return std::optional<core::MerchantView>{};
  core::MerchantView view{.merchant = std::move(*merchant), .balances = {}};
  view.balances.merchant = id;
  const std::optional<core::Balances> balances = TRY(finder_.balances(id));
  if (balances) view.balances = *balances;
  return view;
}

Result<std::vector<core::Merchant>> SqliteReader::list_merchants() {
  Run run = TRY(connection_->run(kMerchants));
  return read_all(run, read_merchant<Run>);
}

Result<std::optional<core::Credential>> SqliteReader::find_credential(std::string_view dialect,
                                                                      std::string_view kind,
                                                                      std::string_view name) {
  return finder_.credential(dialect, kind, name);
}

Result<std::optional<core::Credential>> SqliteReader::find_credential(core::CredentialId id) {
  Run run = TRY(connection_->run(kCredentialById));
  run.bind(id);
  return read_one(run, [this](Run& row) { return read_credential(row, vault_); });
}

Result<std::vector<core::Credential>> SqliteReader::list_credentials(MerchantId merchant) {
  Run run = TRY(connection_->run(kCredentials));
  run.bind(merchant);
  return read_all(run, [this](Run& row) { return read_credential(row, vault_); });
}

Result<std::vector<core::Endpoint>> SqliteReader::list_endpoints(MerchantId merchant) {
  return finder_.endpoints(merchant);
}

// ---- webhooks -----------------------------------------------------------------------------------

Result<core::DeliveryList> SqliteReader::list_deliveries(const core::ListDeliveries& query) {
  const Snapshot snapshot = TRY(one_state());
  // Where both are asked for, by the link: it has few deliveries, an endpoint has many.
  std::string sql = "select " + kDeliveryColumns + " from delivery";
  if (query.link) sql += " indexed by delivery_by_link";
  if (query.endpoint && !query.link) sql += " indexed by delivery_by_endpoint";
  sql += " where merchant_id = ?1";
  if (query.endpoint) sql += " and endpoint_id = ?2";
  if (query.link) sql += query.endpoint ? " and link_id = ?3" : " and link_id = ?2";
  std::vector<core::Delivery> deliveries;
  {
    Run run = TRY(connection_->run_text(sql + " order by delivery_id desc limit ?"));
    run.bind(query.merchant);
    if (query.endpoint) run.bind(query.endpoint);
    if (query.link) run.bind(query.link);
    run.bind(query.limit);
    deliveries = TRY(read_all(run, [this](Run& row) { return read_delivery(row, vault_); }));
  }
  core::DeliveryList list;
  for (core::Delivery& row : deliveries) {
    list.deliveries.push_back(TRY(record_of(std::move(row))));
  }
  return list;
}

Result<std::optional<core::DeliveryRecord>> SqliteReader::find_delivery(MerchantId merchant,
                                                                        core::DeliveryId id) {
  const Snapshot snapshot = TRY(one_state());
  std::optional<core::Delivery> delivery = TRY(finder_.delivery(merchant, id));
  if (!delivery) return std::optional<core::DeliveryRecord>{};
  return std::optional(TRY(record_of(std::move(*delivery))));
}

Result<core::DeliveryRecord> SqliteReader::record_of(core::Delivery delivery) {
  Run run = TRY(connection_->run(kAttempts));
  run.bind_all(delivery.merchant, delivery.id);
  core::DeliveryRecord record{.delivery = std::move(delivery), .attempts = {}};
  record.attempts = TRY(read_all(run, [this](Run& row) { return read_attempt(row, vault_); }));
  return record;
}

// ---- tasks and operators ------------------------------------------------------------------------

Result<std::vector<core::Task>> SqliteReader::due_tasks(bool timers, core::Instant now,
                                                        std::uint32_t limit) {
  Run run = TRY(connection_->run(kDueTasks));
  run.bind_all(timers, now, limit);
  return read_all(run, read_task<Run>);
}

Result<std::optional<core::Instant>> SqliteReader::next_due(bool timers) {
  Run run = TRY(connection_->run(kNextDue));
  run.bind(timers);
  return read_one(run, [](Run& row) { return Result<core::Instant>(row.instant()); });
}

Result<std::vector<core::Task>> SqliteReader::tasks_of(MerchantId merchant, core::TaskKind kind,
                                                       std::uint32_t limit) {
  const bool queued = kind == core::TaskKind::retry_queued;
  Run run = TRY(connection_->run(queued ? kQueuedTasks : kTasksOfKind));
  run.bind_all(merchant, limit);
  if (!queued) run.bind(kind);
  return read_all(run, read_task<Run>);
}

Result<std::vector<core::AuditRow>> SqliteReader::audit_rows(std::uint64_t after_id,
                                                             std::uint32_t limit) {
  Run run = TRY(connection_->run(kAuditRows));
  run.bind_all(after_id, limit);
  return read_all(run, read_audit<Run>);
}

Result<std::vector<Reader::LedgerSums>> SqliteReader::ledger_sums() {
  const Snapshot snapshot = TRY(one_state());
  return read_sums();
}

}  // namespace disburse::store
