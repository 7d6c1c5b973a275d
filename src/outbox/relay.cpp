// The relay's poll: what it does, in which order, and when it wants to be polled again. What is
// done with answers is in relay_answers.cpp, how each kind of task is carried in relay_carry.cpp.
#include "outbox/relay.hpp"

#include <algorithm>
#include <utility>

namespace disburse::outbox {
namespace {

// Rails and engines that answer on the spot, as in the simulator, fill the mailbox during the poll.
constexpr int kRoundsPerPoll = 8;
// A load that must skip many known tasks costs time; so much of it is spent at most.
constexpr std::size_t kCheapLoad = 1'024;
constexpr std::size_t kRowsPerMillisecondOfRest = 100;

}  // namespace

Relay::Relay(Parts parts)
    : parts_(std::move(parts)),
      sender_(parts_.http, parts_.webhook_addresses),
      records_(parts_.reader),
      mailbox_(std::make_shared<Mailbox>(parts_.wake, parts_.limits.unasked)),
      leased_(parts_.reader.leases_tasks()) {
  for (rails::Rail* rail : parts_.rails) {
    rail->listen([mailbox = mailbox_](core::MerchantId merchant, core::PayoutId payout,
                                      rails::RailReply reply) {
      mailbox->put_unasked({kUnasked, merchant, payout, std::move(reply)});
    });
  }
}

Relay::~Relay() { mailbox_->shut(); }

void Relay::poll(sys::Moment now) {
  records_.forget();
  hand_on(now);
  give_up_on_the_late(now);
  submit_again(now);
  keep_leases(now);
  end_rests(now);
  start_waiting(now);
  // After handing on: what the engine has taken is gone from the store, so it is not loaded again.
  load(now);
  for (int round = 0; round < kRoundsPerPoll && !mailbox_->empty(); ++round) {
    hand_on(now);
    start_waiting(now);
  }
  plan_wake(now);
}

void Relay::hand_on(sys::Moment now) {
  for (const Word& word : mailbox_->take()) {
    std::visit([this, now](const auto& said) { on(said, now); }, word);
  }
}

void Relay::give_up_on_the_late(sys::Moment now) {
  for (auto& [run, open] : open_) {
    if (!open.answered.command && open.deadline <= now.elapsed) time_out(run, open, now);
  }
}

void Relay::submit_again(sys::Moment now) {
  const auto again = [this, now](Run run, Answered& answered) {
    if (answered.resubmit_at && *answered.resubmit_at <= now.elapsed) submit(run, answered);
  };
  for (auto& [run, open] : open_) again(run, open.answered);
  for (auto& [run, answered] : unasked_) again(run, answered);
}

void Relay::end_rests(sys::Moment now) {
  while (!resting_.empty() && resting_.begin()->first <= now.elapsed) {
    known_.erase(resting_.begin()->second);
    resting_.erase(resting_.begin());
  }
  std::erase_if(resting_links_, [now](const auto& rest) { return rest.second <= now.elapsed; });
}

void Relay::start_waiting(sys::Moment now) {
  if (draining_) return;
  for (const LaneKey& lane : lanes_.with_waiting()) {
    for (const core::Task& task : lanes_.next(lane, room_of(lane))) start_or_rest(task, now);
  }
}

void Relay::load(sys::Moment now) {
  const Limits& limits = parts_.limits;
  if (draining_ || is_full() || now.elapsed < load_not_before_) return;
  // Where nothing is leased, what is known already comes again.
  const std::size_t beside = leased_ ? 0 : known_.size();
  const auto limit = static_cast<std::uint32_t>(beside + limits.loaded_per_poll);
  auto tasks = parts_.reader.take_tasks(false, now.time, limit);
  if (!tasks) {
    ++counters_.read_errors;
    load_not_before_ = now.elapsed + limits.after_read_error;
    return;
  }
  const std::size_t count = tasks->size();
  more_to_load_ = count >= limit;
  found_nothing_ = count == 0;
  take(std::move(*tasks), now);
  if (count <= kCheapLoad) return;
  load_not_before_ = now.elapsed + core::Duration(count / kRowsPerMillisecondOfRest);
}

// What was leased is known from now on, also where there is no room to begin it.
void Relay::take(std::vector<core::Task> tasks, sys::Moment now) {
  if (leased_ && known_.empty()) kept_at_ = now.elapsed;
  for (const core::Task& task : tasks) {
    if (is_full() && !leased_) {
      more_to_load_ = true;
      break;
    }
    if (known_.try_emplace(task.id, task.merchant).second) start_or_rest(task, now);
  }
}

bool Relay::is_full() const {
  return open_.size() >= parts_.limits.in_flight || lanes_.waiting() >= parts_.limits.waiting;
}

void Relay::start_or_rest(const core::Task& task, sys::Moment now) {
  if (start(task, now) == Start::failed) rest(task, now);
}

// Announcements of one link end their rest together, so that they are loaded in their order again.
void Relay::rest(const core::Task& task, sys::Moment now) {
  core::Duration until = now.elapsed + parts_.limits.rest;
  if (task.kind == core::TaskKind::announce)
    until = resting_links_.try_emplace(task.link, until).first->second;
  resting_.emplace(until, task.id);
}

void Relay::plan_wake(sys::Moment now) {
  next_wake_.reset();
  if (!mailbox_->empty()) wake_at(now.elapsed);
  for (const auto& [run, open] : open_) {
    if (!open.answered.command) wake_at(open.deadline);
    if (open.answered.resubmit_at) wake_at(*open.answered.resubmit_at);
  }
  for (const auto& [run, answered] : unasked_) {
    if (answered.resubmit_at) wake_at(*answered.resubmit_at);
  }
  if (!resting_.empty()) wake_at(resting_.begin()->first);
  if (leased_ && !known_.empty()) wake_at(keep_at_);
  if (!draining_) wake_for_due_tasks(now);
}

void Relay::wake_for_due_tasks(sys::Moment now) {
  if (now.elapsed < load_not_before_) return wake_at(load_not_before_);
  // What is full says so by an answer; until then there is nothing to load for.
  if (is_full()) return;
  if (more_to_load_) return wake_at(now.elapsed);
  const auto due = parts_.reader.next_due(false);
  if (!due) {
    ++counters_.read_errors;
    return wake_at(now.elapsed + parts_.limits.after_read_error);
  }
  if (!*due) return;
  // A task that is being carried is still the first one due, and hides the next.
  const core::Duration wait = std::max(**due - now.time, core::Duration::zero());
  // Where tasks are leased, one that is due may be on its way from or to another node.
  const bool may_hide =
      wait == core::Duration::zero() && (leased_ ? found_nothing_ : !known_.empty());
  wake_at(now.elapsed + (may_hide ? parts_.limits.look_again : wait));
}

void Relay::wake_at(core::Duration at) {
  if (!next_wake_ || at < *next_wake_) next_wake_ = at;
}

}  // namespace disburse::outbox
