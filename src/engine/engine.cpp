// Batches: load, decide, commit, answer.
#include "engine/engine.hpp"

#include <algorithm>
#include <utility>

#include "sys/crash_point.hpp"

namespace disburse::engine {
namespace {

constexpr core::Duration kIdleWait =
    std::chrono::seconds(1);  // at least this often timers are looked for
// The longest wait before a batch is decided again is of random length, and doubles up to this.
constexpr std::int64_t kFirstBackOffMs = 2;
constexpr std::int64_t kLongestBackOffMs = 64;
constexpr unsigned kConflictsBeforeHalving = 2;

// At or above every id of the millisecond.
std::uint64_t last_id_of(core::Instant time) {
  constexpr unsigned kBelow = core::IdMaker::kNodeBits + core::IdMaker::kSequenceBits;
  const auto ms = static_cast<std::uint64_t>(time.ms()) - core::IdMaker::kEpochMs;
  return (ms << kBelow) | ((1ULL << kBelow) - 1);
}

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

}  // namespace

Engine::Engine(store::Store& store, const sys::Clock& clock, sys::Random& random,
               const core::KeyedHash& hash, EngineOptions options)
    : store_(store),
      clock_(clock),
      random_(random),
      hash_(hash),
      options_(std::move(options)),
      node_(options_.node),
      ids_(node_) {}

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
      if (stopping_ && waiting_ == 0 && set_aside_.empty()) return;
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

bool Engine::takes_writes() const {
  return store_.takes_writes() && (!options_.leased_node || options_.leased_node());
}

bool Engine::works_longer_than(core::Duration time) const {
  const std::int64_t begun = batch_begun_ms_;
  return begun != kNoBatch && clock_.elapsed().count() - begun > time.count();
}

EngineCounts Engine::counts() const {
  return {counts_.commands,        counts_.refused,   counts_.batches, counts_.commits,
          counts_.commit_failures, counts_.conflicts, counts_.timers};
}

bool Engine::run_batch() {
  take_set_aside();
  take_requests();
  take_funded();
  take_timers();
  if (batch_.empty()) return false;
  ++counts_.batches;
  const core::Duration begun = clock_.elapsed();
  batch_begun_ms_ = begun.count();
  for (unsigned tries = 0;; ++tries) {
    const core::Result<void> done = work_off_batch();
    if (done) break;
    if (!is_tried_again(done.error(), tries, begun)) {
      ++counts_.commit_failures;
      batch_begun_ms_ = kNoBatch;
      fail_all(done.error());
      return true;
    }
    prepare_another_try(tries);
  }
  batch_begun_ms_ = kNoBatch;
  note_deposits();
  answer_all();
  return true;
}

core::Result<void> Engine::work_off_batch() {
  working_.clear();
  CHECK(check_node());
  CHECK(load());
  decide_all();
  return commit();
}

core::Result<void> Engine::check_node() {
  if (!options_.leased_node) return {};
  const std::optional<unsigned> node = options_.leased_node();
  if (!node) return core::fail(core::Code::store_unavailable, {}, "the node's lease has ended");
  if (*node == node_) return {};
  node_ = *node;
  ids_ = core::IdMaker(node_);
  return read_numbers();
}

bool Engine::is_tried_again(const core::Error& error, unsigned tries, core::Duration begun) const {
  return error.code == core::Code::version_conflict && tries < options_.conflict_retries &&
         clock_.elapsed() - begun < options_.conflict_patience;
}

// Whoever contends for one row keeps the others of its batch from their answers: the batch is made
// smaller, until it holds little more than that one. Engines that met once wait for times of
// different lengths, so that they do not meet again.
void Engine::prepare_another_try(unsigned tries) {
  ++counts_.conflicts;
  outbox_written_ = false;
  if (tries + 1 >= kConflictsBeforeHalving && batch_.size() > 1) {
    const auto half = batch_.begin() + static_cast<std::ptrdiff_t>((batch_.size() + 1) / 2);
    set_aside_.insert(set_aside_.begin(), std::make_move_iterator(half),
                      std::make_move_iterator(batch_.end()));
    batch_.erase(half, batch_.end());
  }
  if (!options_.back_off) return;
  const std::int64_t longest = std::min(kFirstBackOffMs << std::min(tries, 16U), kLongestBackOffMs);
  options_.back_off(core::Duration(random_.below(static_cast<std::uint64_t>(longest) + 1)));
}

void Engine::take_set_aside() {
  while (!set_aside_.empty() && batch_.size() < options_.batch) {
    batch_.push_back(std::move(set_aside_.front()));
    set_aside_.pop_front();
  }
}

void Engine::take_requests() {
  if (next_taken_ == taken_.size()) {
    taken_.clear();
    next_taken_ = 0;
    // Nothing but this is done under the lock: who submits waits for no more.
    const std::lock_guard guard(lock_);
    taken_.swap(queue_);
  }
  const std::size_t room = options_.batch - std::min(options_.batch, batch_.size());
  const std::size_t count = std::min(taken_.size() - next_taken_, room);
  const auto begin = taken_.begin() + static_cast<std::ptrdiff_t>(next_taken_);
  batch_.insert(batch_.end(), std::make_move_iterator(begin),
                std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count)));
  next_taken_ += count;
  waiting_ -= count;
}

core::Result<void> Engine::load() {
  core::Keys keys;
  for (Request& request : batch_) {
    if (auto* replays = std::get_if<core::ReplayDeliveries>(&request.command)) find_sent(*replays);
    core::add_keys(request.command, keys);
    if (request.idempotency) keys.replies.push_back({request.merchant, request.idempotency->key});
  }
  if (std::any_of(batch_.begin(), batch_.end(), is_operators)) CHECK(read_numbers());
  store::Rows rows = TRY(store_.load(keys));
  if (store_.shares()) make_ids_above(rows.links);
  working_.add(std::move(rows));
  core::Keys late;
  for (const Request& request : batch_) core::add_late_keys(request.command, working_, hash_, late);
  if (!late.counters.empty()) working_.add(TRY(store_.load_more(late)));
  return {};
}

// A replay names what it wants by event and time; which deliveries those are, the reader knows.
void Engine::find_sent(core::ReplayDeliveries& replays) {
  core::ListDeliveries wanted;
  wanted.merchant = replays.merchant;
  wanted.endpoint = replays.endpoint;
  wanted.event = replays.event;
  wanted.event_id = replays.event_id;
  wanted.from = replays.from;
  wanted.to = replays.to;
  wanted.replays = false;
  const auto found = reader_->list_deliveries(wanted);
  replays.found.clear();
  if (!found) return;
  for (const core::DeliveryRecord& one : found->deliveries) {
    replays.found.push_back(one.delivery.id);
  }
}

// Another node's clock may be ahead, or its number higher in the same millisecond: what happens to
// a link later has higher ids all the same, so that its announcements and postings keep their
// order.
void Engine::make_ids_above(const std::vector<core::Link>& links) {
  const core::Instant now = clock_.now();
  for (const core::Link& link : links) {
    if (link.updated_at >= now) ids_.start_above(last_id_of(link.updated_at));
  }
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
  put_off_timers();
  give_back_timers();
  std::vector<Request> batch = std::exchange(batch_, {});
  for (Request& request : batch) request.done(Outcome{tl::unexpected(error), std::nullopt});
}

}  // namespace disburse::engine
