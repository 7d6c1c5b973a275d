#include "store/postgres/postgres_reader.hpp"

#include <map>

#include "store/postgres/link_list.hpp"
#include "store/postgres/statements.hpp"
#include "store/rows.hpp"

namespace disburse::store::postgres {

using core::MerchantId;
using core::Result;

namespace {

constexpr core::Duration kReadLimit = std::chrono::seconds(3);

Params merchant_and(MerchantId merchant, std::uint64_t id) {
  Params params;
  params.number(merchant).number(id);
  return params;
}

// Of a loaded link and what was loaded with it.
core::LinkView view_in(store::Rows& rows, core::Link&& link) {
  core::LinkView view{.link = std::move(link), .contact = {}, .fund_account = {}, .payout = {}};
  for (core::Contact& row : rows.contacts) {
    if (row.id == view.link.contact) view.contact = std::move(row);
  }
  for (core::FundAccount& row : rows.fund_accounts) {
    if (row.id == view.link.fund_account) view.fund_account = std::move(row);
  }
  for (core::Payout& row : rows.payouts) {
    if (row.id == view.link.payout) view.payout = std::move(row);
  }
  return view;
}

std::optional<core::LinkView> first_view(store::Rows& rows) {
  if (rows.links.empty()) return std::nullopt;
  return view_in(rows, std::move(rows.links.front()));
}

// The columns of a link, then those of kAround.
Result<core::LinkView> read_view(Answer& row, const Vault& vault) {
  core::LinkView view{.link = TRY(read_link(row)), .contact = {}, .fund_account = {}, .payout = {}};
  if (row.is_null())
    row.skip(kContactWidth);
  else
    view.contact = TRY(read_contact(row, vault));
  if (row.is_null())
    row.skip(kFundAccountWidth);
  else
    view.fund_account = TRY(read_fund_account(row, vault));
  if (!row.is_null()) view.payout = TRY(read_payout(row));
  return view;
}

void queue_composed(Connection& connection, Composed composed) {
  Params params = composed.take_params();
  connection.queue_text(composed.take_text(), std::move(params));
}

}  // namespace

PostgresReader::PostgresReader(Shared& shared)
    : shared_(shared), line_(shared), owner_(shared.next_owner()) {}

// ---- round trips --------------------------------------------------------------------------------

Result<std::vector<Answer>> PostgresReader::try_read(const Ask& ask, Deadline deadline) {
  Connection* connection = TRY(line_.get(deadline));
  line_.take_renewed();
  ask(*connection);
  Result<std::vector<Answer>> answers = connection->round_trip(deadline);
  if (answers) return answers;
  line_.look_after(answers.error());
  if (connection->in_transaction() && !connection->run(kRollback, {}, deadline)) line_.drop();
  return answers;
}

Result<std::vector<Answer>> PostgresReader::read(const Ask& ask) {
  const Deadline deadline = Deadline::in(kReadLimit);
  const bool was_there = line_.usable();
  Result<std::vector<Answer>> answers = try_read(ask, deadline);
  if (answers || line_.usable() || !was_there) return answers;
  return try_read(ask, deadline);
}

Result<std::vector<Answer>> PostgresReader::read_one_state(const Ask& ask) {
  std::vector<Answer> answers = TRY(read([&ask](Connection& connection) {
    connection.queue(kBeginReading);
    connection.queue_limits();
    ask(connection);
    connection.queue(kCommit);
  }));
  const auto own = static_cast<std::ptrdiff_t>(shared_.target.keeps_session ? 1 : 2);
  answers.erase(answers.begin(), answers.begin() + own);
  answers.pop_back();
  return answers;
}

Result<Answer> PostgresReader::read(const Statement& statement, const Params& params) {
  std::vector<Answer> answers =
      TRY(read([&](Connection& connection) { connection.queue(statement, params); }));
  return std::move(answers.back());
}

Result<store::Rows> PostgresReader::load(const core::Keys& keys) {
  std::optional<Loader> loader;
  std::vector<Answer> answers = TRY(read_one_state([&](Connection& connection) {
    loader.emplace(connection, shared_.vault, Locks::none);
    loader->ask(keys);
  }));
  return loader->take(answers, 0);
}

// ---- links --------------------------------------------------------------------------------------

Result<std::optional<core::LinkView>> PostgresReader::find_link(MerchantId merchant,
                                                                core::LinkId id) {
  core::Keys keys;
  keys.links.push_back({merchant, id});
  store::Rows rows = TRY(load(keys));
  return first_view(rows);
}

Result<std::optional<core::LinkView>> PostgresReader::find_link_by_reference(
    MerchantId merchant, std::string_view reference) {
  core::Keys keys;
  keys.references.push_back({merchant, std::string(reference)});
  if (reference.empty()) return std::optional<core::LinkView>{};
  store::Rows rows = TRY(load(keys));
  return first_view(rows);
}

Result<core::LinkPage> PostgresReader::list_links(const core::ListLinks& query, core::Instant now) {
  IdDrift drift;
  if (query.filter.from || query.filter.to) {
    Answer answer = TRY(read(kDrift));
    if (answer.next()) drift = {.early_ms = answer.i64(), .late_ms = answer.i64()};
  }
  std::vector<Answer> answers = TRY(read_one_state([&](Connection& connection) {
    queue_composed(connection, list_page(query, now, drift, shared_.vault));
    if (query.want_total) queue_composed(connection, list_total(query, now, drift, shared_.vault));
  }));
  core::LinkPage page;
  CHECK(read_into(
      answers[0], [this](Answer& row) { return read_view(row, shared_.vault); }, page.links));
  if (query.want_total && answers[1].next()) page.total = answers[1].u64();
  return page;
}

Result<std::optional<core::Story>> PostgresReader::link_story(MerchantId merchant,
                                                              core::LinkId id) {
  core::Keys keys;
  keys.links.push_back({merchant, id});
  std::optional<Loader> loader;
  std::vector<Answer> answers = TRY(read_one_state([&](Connection& connection) {
    for (const Statement* statement :
         {&kHistoryOfLink, &kPayoutsOfLink, &kPostingsOfLink, &kDeliveriesOfLink, &kFundAccounts})
      connection.queue(*statement, merchant_and(merchant, id.value));
    loader.emplace(connection, shared_.vault, Locks::none);
    loader->ask(keys);
  }));
  store::Rows rows = TRY(loader->take(answers, 5));
  std::optional<core::LinkView> view = first_view(rows);
  if (!view) return std::optional<core::Story>{};
  core::Story story;
  story.view = std::move(*view);
  const Vault& vault = shared_.vault;
  CHECK(read_into(answers[0], read_history<Answer>, story.history));
  CHECK(read_into(answers[1], read_payout<Answer>, story.payouts));
  CHECK(read_into(answers[2], read_posting<Answer>, story.postings));
  CHECK(read_into(
      answers[3], [&vault](Answer& row) { return read_delivery(row, vault); }, story.deliveries));
  CHECK(read_into(
      answers[4], [&vault](Answer& row) { return read_fund_account(row, vault); },
      story.fund_accounts));
  return std::optional(std::move(story));
}

// ---- merchants ----------------------------------------------------------------------------------

Result<std::optional<core::MerchantView>> PostgresReader::find_merchant(MerchantId id) {
  std::vector<Answer> answers = TRY(read_one_state([id](Connection& connection) {
    for (const Statement* statement : {&kMerchants, &kBalances}) {
      Arrays one({ColumnType::number});
      one.bind(id);
      one.next_row();
      Params params;
      params.arrays(std::move(one));
      connection.queue(*statement, std::move(params));
    }
  }));
  std::optional<core::Merchant> merchant = TRY(read_one(answers[0], read_merchant<Answer>));
  if (!merchant) return std::optional<core::MerchantView>{};
  core::MerchantView view{.merchant = std::move(*merchant), .balances = {}};
  view.balances.merchant = id;
  const std::optional<core::Balances> balances = TRY(read_one(answers[1], read_balances<Answer>));
  if (balances) view.balances = *balances;
  return std::optional(std::move(view));
}

Result<std::vector<core::Merchant>> PostgresReader::list_merchants() {
  Answer answer = TRY(read(kAllMerchants));
  std::vector<core::Merchant> rows;
  CHECK(read_into(answer, read_merchant<Answer>, rows));
  return rows;
}

Result<std::optional<core::Credential>> PostgresReader::find_credential(std::string_view dialect,
                                                                        std::string_view kind,
                                                                        std::string_view name) {
  Arrays one({ColumnType::text, ColumnType::text, ColumnType::text});
  one.bind_all(dialect, kind, name);
  one.next_row();
  Params params;
  params.arrays(std::move(one));
  Answer answer = TRY(read(kCredentials, params));
  return read_one(answer, [this](Answer& row) { return read_credential(row, shared_.vault); });
}

Result<std::optional<core::Credential>> PostgresReader::find_credential(core::CredentialId id) {
  Params params;
  params.number(id);
  Answer answer = TRY(read(kCredentialById, params));
  return read_one(answer, [this](Answer& row) { return read_credential(row, shared_.vault); });
}

Result<std::vector<core::Credential>> PostgresReader::list_credentials(MerchantId merchant) {
  Params params;
  params.number(merchant);
  Answer answer = TRY(read(kCredentialsOf, params));
  std::vector<core::Credential> rows;
  CHECK(read_into(
      answer, [this](Answer& row) { return read_credential(row, shared_.vault); }, rows));
  return rows;
}

Result<std::vector<core::Endpoint>> PostgresReader::list_endpoints(MerchantId merchant) {
  Arrays one({ColumnType::number});
  one.bind(merchant);
  one.next_row();
  Params params;
  params.arrays(std::move(one));
  Answer answer = TRY(read(kEndpoints, params));
  std::vector<core::Endpoint> rows;
  CHECK(read_into(
      answer, [this](Answer& row) { return read_endpoint(row, shared_.vault); }, rows));
  return rows;
}

// ---- webhooks -----------------------------------------------------------------------------------

Result<std::vector<core::DeliveryRecord>> PostgresReader::with_attempts(
    std::vector<core::Delivery> rows) {
  std::vector<core::DeliveryRecord> records;
  if (rows.empty()) return records;
  Arrays keys({ColumnType::number, ColumnType::number});
  std::map<core::DeliveryId, std::size_t> at;
  for (core::Delivery& row : rows) {
    keys.bind_all(row.merchant, row.id);
    keys.next_row();
    at.emplace(row.id, records.size());
    records.push_back({.delivery = std::move(row), .attempts = {}});
  }
  Params params;
  params.arrays(std::move(keys));
  Answer answer = TRY(read(kAttempts, params));
  std::vector<core::Attempt> attempts;
  CHECK(read_into(
      answer, [this](Answer& row) { return read_attempt(row, shared_.vault); }, attempts));
  for (core::Attempt& row : attempts) {
    records[at.at(row.delivery)].attempts.push_back(std::move(row));
  }
  return records;
}

Result<core::DeliveryList> PostgresReader::list_deliveries(const core::ListDeliveries& query) {
  std::vector<Answer> answers = TRY(read([&query](Connection& connection) {
    queue_composed(connection, postgres::list_deliveries(query));
  }));
  std::vector<core::Delivery> rows;
  CHECK(read_into(
      answers[0], [this](Answer& row) { return read_delivery(row, shared_.vault); }, rows));
  core::DeliveryList list;
  list.deliveries = TRY(with_attempts(std::move(rows)));
  return list;
}

Result<std::optional<core::DeliveryRecord>> PostgresReader::find_delivery(MerchantId merchant,
                                                                          core::DeliveryId id) {
  core::Keys keys;
  keys.deliveries.push_back({merchant, id});
  store::Rows rows = TRY(load(keys));
  std::vector<core::DeliveryRecord> records = TRY(with_attempts(std::move(rows.deliveries)));
  if (records.empty()) return std::optional<core::DeliveryRecord>{};
  return std::optional(std::move(records.front()));
}

}  // namespace disburse::store::postgres
