// Pipelines over libpq, with deadlines: libpq does not wait here, poll() does.
#include "store/postgres/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cstring>

#include "sys/clock.hpp"

namespace disburse::store::postgres {

using core::Code;
using core::Duration;
using core::fail;
using core::Result;

namespace {

constexpr Duration kConnectLimit = std::chrono::seconds(2);  // for one host

const Statement kSetUp{
    "select set_config('statement_timeout', '0', false), set_config('lock_timeout', $1, false), "
    "set_config('idle_in_transaction_session_timeout', $2, false)"};
const Statement kLimits{
    "select set_config('statement_timeout', '0', true), set_config('lock_timeout', $1, true), "
    "set_config('idle_in_transaction_session_timeout', $2, true)"};

std::string trimmed(const char* text) {
  std::string out = text == nullptr ? "" : text;
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

Params limits_of(const ConnectionOptions& options) {
  Params params;
  for (const Duration limit : {options.lock_limit, options.idle_limit})
    params.text(std::to_string(limit.count()));
  return params;
}

// Notices are for people at a terminal ("already exists, skipping").
void ignore_notice(void*, const char*) {}

// A check that our own statements make (statements.cpp): a count that is not what it must be is
// turned into a word that is no number.
constexpr std::string_view kOurCheck = "version_conflict";

Code meaning_of(std::string_view state, std::string_view message) {
  if (state == "23505" || state == "21000" || state == "40001" || state == "40P01" ||
      state == "55P03")
    return Code::version_conflict;
  if (state == "22P02" && message.find(kOurCheck) != std::string_view::npos)
    return Code::version_conflict;
  // A connection that failed, a server that stops, starts or stands by, no room, no time.
  const std::string_view kind = state.substr(0, 2);
  if (kind == "08" || kind == "53" || kind == "57" || kind == "58" || state == "25006")
    return Code::store_unavailable;
  return Code::internal_error;
}

// What the server says when it goes, or is not the one that writes any more.
bool ends_connection(std::string_view state) {
  return state.substr(0, 2) == "08" || state == "57P01" || state == "57P02" || state == "57P03" ||
         state == "25006";
}

}  // namespace

// ---- deadlines ----------------------------------------------------------------------------------

Deadline Deadline::in(Duration wait) { return Deadline(sys::RealClock().elapsed() + wait); }

Duration Deadline::left() const {
  return std::max(at_ - sys::RealClock().elapsed(), Duration::zero());
}

Deadline Deadline::at_most(Duration wait) const {
  return Deadline(std::min(at_, sys::RealClock().elapsed() + wait));
}

// ---- opening ------------------------------------------------------------------------------------

Connection::Connection(pg_conn* connection, bool keeps_session, ConnectionOptions options)
    : connection_(connection), keeps_session_(keeps_session), options_(std::move(options)) {}

Connection::~Connection() { PQfinish(connection_); }

Result<std::unique_ptr<Connection>> Connection::open(const Target& target,
                                                     const ConnectionOptions& options,
                                                     Deadline deadline) {
  Result<std::unique_ptr<Connection>> last = fail(Code::store_unavailable, {}, "no host");
  for (const Target::Keywords& host : target.hosts) {
    last = open_host(host, target.keeps_session, options, deadline.at_most(kConnectLimit));
    if (last) return last;
  }
  return last;
}

Result<std::unique_ptr<Connection>> Connection::open_host(const Target::Keywords& host,
                                                          bool keeps_session,
                                                          const ConnectionOptions& options,
                                                          Deadline deadline) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  const auto add = [&](const char* keyword, const char* value) {
    keywords.push_back(keyword);
    values.push_back(value);
  };
  // What the URL says comes later, and wins.
  add("application_name", "disburse");
  add("tcp_user_timeout", "5000");
  add("keepalives_idle", "5");
  add("keepalives_interval", "2");
  add("keepalives_count", "3");
  for (const auto& [keyword, value] : host) add(keyword.c_str(), value.c_str());
  add("client_encoding", "UTF8");
  add(nullptr, nullptr);
  pg_conn* raw = PQconnectStartParams(keywords.data(), values.data(), 0);
  if (raw == nullptr) return fail(Code::store_unavailable, {}, "no memory for a connection");
  auto connection = std::make_unique<Connection>(raw, keeps_session, options);
  PQsetNoticeProcessor(raw, ignore_notice, nullptr);
  // libpq says what it waits for; at first, for the socket to be writable.
  PostgresPollingStatusType step = PGRES_POLLING_WRITING;
  while (PQstatus(raw) != CONNECTION_BAD && step != PGRES_POLLING_OK) {
    CHECK(connection->wait(step == PGRES_POLLING_WRITING, deadline));
    step = PQconnectPoll(raw);
    if (step == PGRES_POLLING_FAILED) break;
  }
  if (PQstatus(raw) != CONNECTION_OK) return connection->lost(trimmed(PQerrorMessage(raw)));
  CHECK(connection->set_up(deadline));
  return connection;
}

Result<void> Connection::set_up(Deadline deadline) {
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1)
    return lost(trimmed(PQerrorMessage(connection_)));
  if (!keeps_session_) return {};
  queue(kSetUp, limits_of(options_));
  const std::vector<Answer> done = TRY(round_trip(deadline));
  return {};
}

void Connection::queue_limits() {
  if (!keeps_session_) queue(kLimits, limits_of(options_));
}

bool Connection::in_transaction() const {
  return usable_ && PQtransactionStatus(connection_) != PQTRANS_IDLE;
}

// ---- round trips --------------------------------------------------------------------------------

void Connection::queue(const Statement& statement, Params params) {
  queue_.push_back({.statement = &statement, .text = {}, .params = std::move(params)});
}

void Connection::queue_text(std::string text, Params params) {
  queue_.push_back({.statement = nullptr, .text = std::move(text), .params = std::move(params)});
}

Result<Answer> Connection::run(const Statement& statement, Params params, Deadline deadline) {
  queue(statement, std::move(params));
  std::vector<Answer> answers = TRY(round_trip(deadline));
  return std::move(answers.back());
}

Result<std::vector<Answer>> Connection::round_trip(Deadline deadline) {
  std::vector<Expected> expected;
  preparing_.clear();
  const Result<void> sent =
      usable_ ? send_all(expected) : Result<void>(lost("the connection was lost before"));
  queue_.clear();
  if (options_.round_trips != nullptr) ++*options_.round_trips;
  if (!sent) return tl::unexpected(sent.error());
  return gather(expected, preparing_, deadline);
}

Result<void> Connection::send_all(std::vector<Expected>& expected) {
  for (const Queued& one : queue_) {
    if (options_.watch) options_.watch(one.statement != nullptr ? one.statement->text : one.text);
    if (!send_one(one, expected)) return lost(trimmed(PQerrorMessage(connection_)));
  }
  if (PQpipelineSync(connection_) != 1) return lost(trimmed(PQerrorMessage(connection_)));
  return {};
}

bool Connection::send_one(const Queued& one, std::vector<Expected>& expected) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats(one.params.count(), 1);
  for (const std::string& value : one.params.values()) {
    values.push_back(value.data());
    lengths.push_back(static_cast<int>(value.size()));
  }
  const auto count = static_cast<int>(one.params.count());
  const unsigned* types = one.params.types().data();
  const std::string& text = one.statement != nullptr ? one.statement->text : one.text;
  expected.push_back(Expected::answer);
  if (!keeps_session_ || one.statement == nullptr) {
    return PQsendQueryParams(connection_, text.c_str(), count, types, values.data(), lengths.data(),
                             formats.data(), 1) == 1;
  }
  const std::string name = "s" + std::to_string(reinterpret_cast<std::uintptr_t>(one.statement));
  const bool known =
      prepared_.contains(one.statement) ||
      std::find(preparing_.begin(), preparing_.end(), one.statement) != preparing_.end();
  if (!known) {
    expected.insert(expected.end() - 1, Expected::preparation);
    preparing_.push_back(one.statement);
    if (PQsendPrepare(connection_, name.c_str(), text.c_str(), count, types) != 1) return false;
  }
  return PQsendQueryPrepared(connection_, name.c_str(), count, values.data(), lengths.data(),
                             formats.data(), 1) == 1;
}

Result<void> Connection::wait(bool to_write, Deadline deadline) {
  pollfd socket{.fd = PQsocket(connection_),
                .events = static_cast<short>(POLLIN | (to_write ? POLLOUT : 0)),
                .revents = 0};
  while (true) {
    const Duration left = deadline.left();
    if (left == Duration::zero()) return lost("the database did not answer in time");
    const int ready = poll(&socket, 1, static_cast<int>(left.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return lost(std::strerror(errno));
  }
}

// None at the end of one statement's results.
Result<Answer::Result> Connection::next_result(Deadline deadline) {
  while (true) {
    const int unsent = PQflush(connection_);
    if (unsent < 0) return lost(trimmed(PQerrorMessage(connection_)));
    if (unsent == 0 && PQisBusy(connection_) == 0) {
      return Answer::Result(PQgetResult(connection_));
    }
    CHECK(wait(unsent == 1, deadline));
    if (PQconsumeInput(connection_) != 1) return lost(trimmed(PQerrorMessage(connection_)));
    if (PQisBusy(connection_) == 0 && unsent == 1) continue;
  }
}

Result<std::vector<Answer>> Connection::gather(const std::vector<Expected>& expected,
                                               std::vector<const Statement*> prepared,
                                               Deadline deadline) {
  std::vector<Answer> answers;
  std::optional<core::Error> first;
  auto preparation = prepared.begin();
  for (const Expected what : expected) {
    Answer::Result result = TRY(next_result(deadline));
    if (!result) return lost(trimmed(PQerrorMessage(connection_)));
    const ExecStatusType status = PQresultStatus(result.get());
    const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (what == Expected::preparation) {
      if (good) prepared_.insert(*preparation);
      ++preparation;
    }
    if (!good && status != PGRES_PIPELINE_ABORTED && !first) first = refusal(result.get());
    if (good && what == Expected::answer) answers.emplace_back(std::move(result));
    // A connection that broke gives the error once and nothing after it.
    if (PQstatus(connection_) == CONNECTION_BAD) return lost(first ? first->detail : "it broke");
    const Answer::Result end = TRY(next_result(deadline));
    if (end) return lost("more answers than statements");
  }
  const Answer::Result sync = TRY(next_result(deadline));
  if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) {
    return lost(trimmed(PQerrorMessage(connection_)));
  }
  if (!first) return answers;
  return tl::unexpected(std::move(*first));
}

tl::unexpected<core::Error> Connection::lost(std::string why) {
  usable_ = false;
  queue_.clear();
  return fail(Code::store_unavailable, {}, "postgres: " + std::move(why));
}

core::Error Connection::refusal(const pg_result* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  last_state_ = state == nullptr ? "" : state;
  const std::string text = trimmed(message);
  if (ends_connection(last_state_)) usable_ = false;
  return core::Error{.code = meaning_of(last_state_, text),
                     .field = {},
                     .detail = "postgres " + last_state_ + ": " + text};
}

}  // namespace disburse::store::postgres
