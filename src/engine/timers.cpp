// Timers join the batches: which are due, when the next will be, and what becomes of those that
// fail.
#include <algorithm>
#include <utility>

#include "engine/engine.hpp"

namespace disburse::engine {
namespace {

// How long what is known of the next timer is good, where other nodes make timers too, and leave
// what they had taken when they die.
constexpr core::Duration kOthersTimers = std::chrono::seconds(2);
constexpr std::uint32_t kQueuedPayoutsAtOnce = 1'000;
constexpr core::Duration kStuckTimerRetry = std::chrono::minutes(1);
constexpr core::Duration kTimersAfterFailure = std::chrono::seconds(1);

void ignore(Outcome&&) {}

bool is_outbox(const core::Task& task) { return !core::is_timer(task.kind); }

Request timer_request(const core::Task& task) {
  core::TimerFired fired{task.merchant, task.id, task.kind, task.link, task.payout};
  return Request{std::move(fired), ignore};
}

}  // namespace

void Engine::take_funded() {
  while (!carried_.empty() && batch_.size() < options_.batch) {
    batch_.push_back(std::move(carried_.front()));
    carried_.pop_front();
  }
}

void Engine::take_timers() {
  const core::Instant now = clock_.now();
  if (knows_next_timer() && (!next_timer_ || *next_timer_ > now)) return;
  const std::size_t limit = batch_.empty() ? options_.batch : options_.timers_per_batch;
  timers_looked_at_ = clock_.elapsed();
  const auto due = reader_->take_tasks(true, now, static_cast<std::uint32_t>(limit));
  if (!due) return put_off_timers();
  for (const core::Task& task : *due) batch_.push_back(timer_request(task));
  counts_.timers += due->size();
  // Fewer than asked for: nothing else is due, and the next one's time is worth knowing.
  next_timer_known_ = due->size() < limit;
  if (!next_timer_known_) return;
  const auto next = reader_->next_due(true);
  next_timer_known_ = next.has_value() && due->empty();
  next_timer_ = next ? *next : std::nullopt;
}

bool Engine::knows_next_timer() const {
  if (!next_timer_known_) return false;
  return !reader_->leases_tasks() || clock_.elapsed() - timers_looked_at_ < kOthersTimers;
}

// They are due still, and a store that fails is not asked for them in a loop.
void Engine::put_off_timers() {
  next_timer_ = clock_.now() + kTimersAfterFailure;
  next_timer_known_ = true;
}

void Engine::give_back_timers() {
  std::vector<store::TaskName> timers;
  for (const Request& request : batch_) {
    if (const auto* fired = std::get_if<core::TimerFired>(&request.command))
      timers.emplace_back(fired->merchant, fired->task);
  }
  // One that cannot be given back is free when its lease ends.
  if (!timers.empty()) (void)reader_->give_back(timers);
}

void Engine::note_task(const core::Task& task) {
  if (is_outbox(task))
    outbox_written_ = true;
  else if (!next_timer_ || task.due_at < *next_timer_)
    next_timer_ = task.due_at;
}

// A timer that the rules refuse would be due again at once, for ever: it waits a while, and shows
// in the counts.
void Engine::postpone_stuck(const Request& request, core::Instant now) {
  const auto* fired = std::get_if<core::TimerFired>(&request.command);
  const core::Task* task = fired != nullptr ? working_.task(fired->merchant, fired->task) : nullptr;
  if (task == nullptr) return;
  core::Changes changes;
  changes.tasks.push_back(*task);
  changes.tasks.back().due_at = now + kStuckTimerRetry;
  ++changes.tasks.back().tries;
  working_.apply(std::move(changes));
}

// Money has come in: payouts that wait for it are tried in the next batches.
void Engine::note_deposits() {
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    const auto* deposit = std::get_if<core::Deposit>(&batch_[i].command);
    if (deposit == nullptr || !decided_[i].reply) continue;
    const auto tasks =
        reader_->tasks_of(deposit->merchant, core::TaskKind::retry_queued, kQueuedPayoutsAtOnce);
    if (!tasks) continue;
    for (const core::Task& task : *tasks) carried_.push_back(timer_request(task));
  }
}

}  // namespace disburse::engine
