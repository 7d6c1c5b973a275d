// Batches: load, decide, commit, answer.
#include "engine/engine.hpp"

#include <algorithm>
#include <utility>

#include "sys/crash_point.hpp"

namespace disburse::engine {
namespace {

constexpr core::Duration kIdleWait =
    std::chrono::seconds(1);  // at least this often timers are looked for
constexpr std::uint32_t kQueuedPayoutsAtOnce = 1'000;
constexpr core::Duration kStuckTimerRetry = std::chrono::minutes(1);
constexpr core::Duration kTimersAfterFailure = std::chrono::seconds(1);

void ignore(Outcome&&) {}

bool is_outbox(const core::Task& task) { return !core::is_timer(task.kind); }

// These write rows that are numbered or chained one after the other; another process (an operator's
// command beside the server) may have written the last one.
bool is_operators(const Request& request) {
  const core::Command& command = request.command;
  return std::holds_alternative<core::CreateMerchant>(command) ||
         std::holds_alternative<core::UpdateMerchant>(command) ||
         std::holds_alternative<core::IssueCredential>(command) ||
         std::holds_alternative<core::RevokeCredential>(command) ||
         std::holds_alternative<core::Deposit>(command);
}

Request timer_request(const core::Task& task) {
  core::TimerFired fired{task.merchant, task.id, task.kind, task.link, task.payout};
  return Request{std::move(fired), ignore};
}

}  // namespace

Engine::Engine(store::Store& store, const sys::Clock& clock, sys::Random& random,
               const core::KeyedHash& hash, EngineOptions options)
    : store_(store),
      clock_(clock),
      random_(random),
      hash_(hash),
      options_(std::move(options)),
      ids_(options_.node) {}

core::Result<void> Engine::start() {
  CHECK(read_numbers());
  reader_ = TRY(store_.reader());
  return {};
}

core::Result<void> Engine::read_numbers() {
  const store::StartState state = TRY(store_.start_state());
  ids_.start_above(state.last_id);
  last_merchant_ = state.last_merchant;
  last_audit_hash_ = state.last_audit_hash;
  return {};
}

void Engine::submit(Request request) {
  enqueue(std::move(request));
  nudge();
}

void Engine::enqueue(Request request) {
  core::Code refusal = core::Code::overloaded;
  {
    const std::lock_guard guard(lock_);
    if (!stopping_ && waiting_ < options_.queue) {
      ++waiting_;
      queue_.push_back(std::move(request));
      return;
    }
    if (stopping_) refusal = core::Code::draining;
  }
  request.done(Outcome{core::fail(refusal), std::nullopt});
}

void Engine::nudge() {
  {
    const std::lock_guard guard(lock_);
    if (!idle_) return;
  }
  // Without the lock: who is woken wants it.
  arrived_.notify_one();
}

void Engine::stop() {
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
  }
  arrived_.notify_one();
}

void Engine::wake() {
  {
    const std::lock_guard guard(lock_);
    woken_ = true;
  }
  arrived_.notify_one();
}

void Engine::run() {
  while (true) {
    {
      // Timers that are due stay stored: they do not keep the engine from stopping.
      const std::lock_guard guard(lock_);
      if (stopping_ && waiting_ == 0) return;
    }
    if (run_batch()) continue;
    std::unique_lock guard(lock_);
    if (stopping_ || !queue_.empty()) continue;
    core::Duration wait = kIdleWait;
    if (next_timer_) wait = std::clamp(*next_timer_ - clock_.now(), core::Duration(1), kIdleWait);
    idle_ = true;
    arrived_.wait_for(guard, wait, [this] { return stopping_ || woken_ || !queue_.empty(); });
    idle_ = false;
    if (std::exchange(woken_, false)) next_timer_known_ = false;
  }
}

bool Engine::run_batch() {
  take_requests();
  take_funded();
  take_timers();
  if (batch_.empty()) return false;
  ++counts_.batches;
  for (unsigned tries = 0;; ++tries) {
    working_.clear();
    core::Result<void> done = load();
    if (done) {
      decide_all();
      done = commit();
    }
    if (done) break;
    const bool again =
        done.error().code == core::Code::version_conflict && tries < options_.conflict_retries;
    if (again) continue;
    ++counts_.commit_failures;
    fail_all(done.error());
    return true;
  }
  note_deposits();
  answer_all();
  return true;
}

void Engine::take_requests() {
  if (next_taken_ == taken_.size()) {
    taken_.clear();
    next_taken_ = 0;
    // Nothing but this is done under the lock: who submits waits for no more.
    const std::lock_guard guard(lock_);
    taken_.swap(queue_);
  }
  const std::size_t count = std::min(taken_.size() - next_taken_, options_.batch);
  const auto begin = taken_.begin() + static_cast<std::ptrdiff_t>(next_taken_);
  batch_.insert(batch_.end(), std::make_move_iterator(begin),
                std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count)));
  next_taken_ += count;
  waiting_ -= count;
}

void Engine::take_funded() {
  while (!carried_.empty() && batch_.size() < options_.batch) {
    batch_.push_back(std::move(carried_.front()));
    carried_.pop_front();
  }
}

void Engine::take_timers() {
  const core::Instant now = clock_.now();
  if (next_timer_known_ && (!next_timer_ || *next_timer_ > now)) return;
  const std::size_t limit = batch_.empty() ? options_.batch : options_.timers_per_batch;
  const auto due = reader_->due_tasks(true, now, static_cast<std::uint32_t>(limit));
  if (!due) return;
  for (const core::Task& task : *due) batch_.push_back(timer_request(task));
  counts_.timers += due->size();
  // Fewer than asked for: nothing else is due, and the next one's time is worth knowing.
  next_timer_known_ = due->size() < limit;
  if (!next_timer_known_) return;
  const auto next = reader_->next_due(true);
  next_timer_known_ = next.has_value() && due->empty();
  next_timer_ = next ? *next : std::nullopt;
}

core::Result<void> Engine::load() {
  core::Keys keys;
  for (const Request& request : batch_) {
    core::add_keys(request.command, keys);
    if (request.idempotency) keys.replies.push_back({request.merchant, request.idempotency->key});
  }
  if (std::any_of(batch_.begin(), batch_.end(), is_operators)) CHECK(read_numbers());
  working_.add(TRY(store_.load(keys)));
  core::Keys late;
  for (const Request& request : batch_) core::add_late_keys(request.command, working_, hash_, late);
  if (!late.counters.empty()) working_.add(TRY(store_.load_more(late)));
  return {};
}

core::Means Engine::means(core::Instant now) {
  return core::Means{now,
                     ids_,
                     random_.next_u64(),
                     hash_,
                     core::MerchantId{last_merchant_.value + 1},
                     last_audit_hash_,
                     options_.rail,
                     options_.limit_addresses};
}

void Engine::decide_all() {
  const core::Instant now = clock_.now();
  decided_.clear();
  for (Request& request : batch_) decided_.push_back(decide_one(request, now));
}

std::optional<Engine::Decided> Engine::repeated(const Request& request) const {
  if (!request.idempotency) return std::nullopt;
  const core::StoredReply* stored = working_.reply(request.merchant, request.idempotency->key);
  if (stored == nullptr) return std::nullopt;
  if (stored->request_hash != request.idempotency->request_hash) {
    return Decided{core::fail(core::Code::idempotency_key_reused), std::nullopt};
  }
  return Decided{core::Reply{core::Done{}}, *stored};
}

Engine::Decided Engine::decide_one(Request& request, core::Instant now) {
  ++counts_.commands;
  if (std::optional<Decided> before = repeated(request)) return std::move(*before);
  core::Result<core::Decision> decision = core::decide(request.command, working_, means(now));
  Decided decided;
  if (decision) {
    for (const core::AuditRow& row : decision->changes.audit) last_audit_hash_ = row.hash;
    for (const core::Merchant& row : decision->changes.merchants)
      last_merchant_ = std::max(last_merchant_, row.id);
    for (const core::Task& task : decision->changes.tasks) note_task(task);
    working_.apply(std::move(decision->changes));
    decided.reply = std::move(decision->reply);
  } else {
    decided.reply = tl::unexpected(decision.error());
    postpone_stuck(request, now);
  }
  if (!decided.reply) ++counts_.refused;
  if (!request.idempotency) return decided;
  core::StoredReply stored = request.idempotency->render(decided.reply);
  stored.merchant = request.merchant;
  stored.key = request.idempotency->key;
  stored.request_hash = request.idempotency->request_hash;
  stored.at = now;
  working_.keep_reply(stored);
  decided.stored = std::move(stored);
  return decided;
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

core::Result<void> Engine::commit() {
  // Also where nothing is to be written: what was loaded is let go.
  if (!working_.changed()) return store_.commit({});
  sys::crash_point(sys::CrashPoint::batch_before_commit);
  CHECK(store_.commit(working_.take_changes()));
  sys::crash_point(sys::CrashPoint::batch_before_replies);
  ++counts_.commits;
  if (std::exchange(outbox_written_, false) && on_outbox_) on_outbox_();
  return {};
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

void Engine::answer_all() {
  std::vector<Request> batch = std::exchange(batch_, {});
  const auto answer = [this, &batch] {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      batch[i].done(Outcome{std::move(decided_[i].reply), std::move(decided_[i].stored)});
      if (i == 0) sys::crash_point(sys::CrashPoint::batch_between_replies);
    }
  };
  if (carry_answers_)
    carry_answers_(answer);
  else
    answer();
}

void Engine::fail_all(const core::Error& error) {
  outbox_written_ = false;
  // The batch's timers are due still, and a store that takes no writes is not asked for them in a
  // loop.
  next_timer_ = clock_.now() + kTimersAfterFailure;
  next_timer_known_ = true;
  std::vector<Request> batch = std::exchange(batch_, {});
  for (Request& request : batch) request.done(Outcome{tl::unexpected(error), std::nullopt});
}

}  // namespace disburse::engine
