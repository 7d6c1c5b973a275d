// Tasks and their leases, the audit log, and the ledger's sums.
#include <map>

#include "store/ledger_check.hpp"
#include "store/postgres/postgres_reader.hpp"
#include "store/postgres/statements.hpp"
#include "store/rows.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store::postgres {

using core::MerchantId;
using core::Result;

namespace {

constexpr int kRounds = 3;  // when others were quicker

Params names_of(std::span<const TaskName> tasks) {
  Arrays arrays({ColumnType::number, ColumnType::number});
  for (const TaskName& name : tasks) {
    arrays.bind_all(name.first, name.second);
    arrays.next_row();
  }
  Params params;
  params.arrays(std::move(arrays));
  return params;
}

bool earlier(const core::Task& a, const core::Task& b) {
  return std::pair(a.due_at, a.id) < std::pair(b.due_at, b.id);
}

std::int64_t states_in_flight() {
  std::int64_t set = 0;
  for (int state = 0; state < static_cast<int>(core::kPayoutStateCount); ++state) {
    if (is_in_flight(static_cast<core::PayoutState>(state))) set |= std::int64_t{1} << state;
  }
  return set;
}

}  // namespace

Result<std::vector<core::Task>> PostgresReader::due_tasks(bool timers, core::Instant now,
                                                          std::uint32_t limit) {
  Params params;
  params.number(std::int64_t{timers}).number(now.ms()).number(std::int64_t{limit});
  Answer answer = TRY(read(kDueTasks, params));
  std::vector<core::Task> rows;
  CHECK(read_into(answer, read_task<Answer>, rows));
  return rows;
}

// Looks for tasks that are free, then takes those of them that still are.
Result<std::vector<core::Task>> PostgresReader::take_tasks(bool timers, core::Instant now,
                                                           std::uint32_t limit) {
  std::vector<core::Task> taken;
  for (int round = 0; round < kRounds && taken.empty(); ++round) {
    const core::Instant real = shared_.clock.now();
    Params params;
    params.number(std::int64_t{timers}).number(real.ms()).number(now.ms());
    params.number(std::int64_t{limit});
    Answer answer = TRY(read(kTakeable, params));
    std::vector<TaskName> free;
    while (answer.next()) {
      const MerchantId merchant = answer.merchant();
      free.emplace_back(merchant, answer.id<core::TaskId>());
    }
    if (free.empty()) return taken;
    Params lease = names_of(free);
    lease.number(real.ms()).number((real + kTaskLease).ms()).number(owner_);
    Answer leased = TRY(read(kLease, lease));
    CHECK(read_into(leased, read_task<Answer>, taken));
  }
  std::sort(taken.begin(), taken.end(), earlier);
  return taken;
}

Result<std::vector<core::TaskId>> PostgresReader::keep_tasks(std::span<const TaskName> tasks) {
  std::vector<core::TaskId> lost;
  if (tasks.empty()) return lost;
  Params params = names_of(tasks);
  params.number((shared_.clock.now() + kTaskLease).ms()).number(owner_);
  Answer answer = TRY(read(kKeepTasks, params));
  std::set<core::TaskId> kept;
  while (answer.next()) kept.insert(answer.id<core::TaskId>());
  for (const TaskName& name : tasks) {
    if (!kept.contains(name.second)) lost.push_back(name.second);
  }
  return lost;
}

Result<void> PostgresReader::give_back(std::span<const TaskName> tasks) {
  if (tasks.empty()) return {};
  Params params = names_of(tasks);
  params.number(owner_);
  const Answer answer = TRY(read(kGiveBackTasks, params));
  return {};
}

Result<std::optional<core::Instant>> PostgresReader::next_due(bool timers) {
  Params params;
  params.number(std::int64_t{timers}).number(shared_.clock.now().ms());
  Answer answer = TRY(read(kNextDue, params));
  return read_one(answer, [](Answer& row) { return Result<core::Instant>(row.instant()); });
}

Result<std::vector<core::Task>> PostgresReader::tasks_of(MerchantId merchant, core::TaskKind kind,
                                                         std::uint32_t limit) {
  const bool queued = kind == core::TaskKind::retry_queued;
  Params params;
  params.number(merchant).number(std::int64_t{limit});
  if (!queued) params.number(static_cast<std::int64_t>(kind));
  Answer answer = TRY(read(queued ? kQueuedTasks : kTasksOfKind, params));
  std::vector<core::Task> rows;
  CHECK(read_into(answer, read_task<Answer>, rows));
  return rows;
}

Result<std::vector<core::AuditRow>> PostgresReader::audit_rows(std::uint64_t after_id,
                                                               std::uint32_t limit) {
  Params params;
  params.number(after_id).number(std::int64_t{limit});
  Answer answer = TRY(read(kAuditRows, params));
  std::vector<core::AuditRow> rows;
  CHECK(read_into(answer, read_audit<Answer>, rows));
  return rows;
}

Result<std::vector<Reader::LedgerSums>> PostgresReader::ledger_sums() {
  std::vector<Answer> answers = TRY(read_one_state([](Connection& connection) {
    connection.queue(kSumMerchants);
    connection.queue(kSumBalances);
    connection.queue(kSumPostings);
    Params flight;
    flight.number(states_in_flight());
    connection.queue(kSumInFlight, std::move(flight));
    connection.queue(kSumHeld);
    Params settled;
    settled.number(std::int64_t{number_of(core::PayoutState::settled)});
    connection.queue(kSumPaidTwice, std::move(settled));
  }));
  std::map<MerchantId, LedgerSums> sums;
  const auto each = [&](std::size_t at, auto take) -> Result<void> {
    while (answers[at].next()) {
      LedgerSums& one = sums[answers[at].merchant()];
      take(answers[at], one);
      CHECK(answers[at].readable());
    }
    return {};
  };
  CHECK(each(0, [](Answer&, LedgerSums&) {}));
  std::vector<core::Balances> balances;
  CHECK(read_into(answers[1], read_balances<Answer>, balances));
  for (const core::Balances& row : balances) sums[row.merchant].balances = row;
  CHECK(each(2, [](Answer& row, LedgerSums& one) {
    const core::LedgerMove move = row.number(core::LedgerMove::reverse);
    add_move(one.from_postings, move, row.i64());
  }));
  CHECK(each(3, [](Answer& row, LedgerSums& one) { one.in_flight = row.i64(); }));
  CHECK(each(4, [](Answer& row, LedgerSums& one) { one.held_links = row.i64(); }));
  CHECK(each(5, [](Answer& row, LedgerSums& one) { one.paid_twice = row.u64(); }));
  std::vector<LedgerSums> out;
  for (auto& [id, one] : sums) {
    one.balances.merchant = one.from_postings.merchant = id;
    out.push_back(one);
  }
  return out;
}

}  // namespace disburse::store::postgres
