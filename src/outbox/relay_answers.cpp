// What the relay does with answers: each becomes a command for the engine, once; the task is closed
// when the engine has taken it.
#include "outbox/relay.hpp"
#include "sys/crash_point.hpp"

#include <utility>

namespace disburse::outbox {
namespace {

using core::BankOutcome;

core::BankSaid bank_said(core::MerchantId merchant, core::PayoutId payout, core::TaskId task,
                         const rails::RailReply& reply) {
  core::BankSaid said;
  said.merchant = merchant;
  said.payout = payout;
  said.task = task;
  said.outcome = reply.outcome;
  said.utr = reply.utr;
  said.reason = reply.reason;
  said.reason_text = reply.reason_text;
  said.ask_again_at = reply.ask_again_at;
  return said;
}

core::DeliveryTried delivery_tried(const core::Task& task, const DeliveryPlan& plan,
                                   const core::Attempt& attempt, core::Instant now) {
  core::DeliveryTried tried;
  tried.merchant = task.merchant;
  tried.link = task.link;
  tried.task = task.id;
  tried.delivery = plan.delivery.id;
  tried.attempt = attempt;
  if (attempt.acknowledged) return tried;
  if (plan.rules.retry_after != nullptr) {
    const auto wait =
        plan.rules.retry_after(plan.delivery.tries + 1, now - plan.delivery.created_at);
    if (wait) tried.retry_at = now + *wait;
  }
  // A replay is somebody's wish; that it fails says nothing about the events that the endpoint
  // gets.
  tried.disable_endpoint =
      !tried.retry_at && plan.rules.giving_up_disables_endpoint && !plan.delivery.replay_of;
  return tried;
}

core::Attempt silent_attempt(const DeliveryPlan& plan, sys::Moment started,
                             core::Duration elapsed) {
  core::Attempt attempt;
  attempt.merchant = plan.delivery.merchant;
  attempt.delivery = plan.delivery.id;
  attempt.number = plan.delivery.tries + 1;
  attempt.at = started.time;
  attempt.took = elapsed - started.elapsed;
  attempt.error = "no answer within the time limit";
  return attempt;
}

core::Command silence(const core::Task& task, const std::optional<DeliveryPlan>& plan,
                      sys::Moment started, sys::Moment now) {
  switch (task.kind) {
    case core::TaskKind::pay: {
      rails::RailReply reply;
      reply.reason = "no_answer";
      reply.reason_text = "the bank has not answered yet";
      return bank_said(task.merchant, task.payout, task.id, reply);
    }
    case core::TaskKind::verify:
      return core::AccountVerified{
          .merchant = task.merchant, .payout = task.payout, .task = task.id, .name = {}};
    case core::TaskKind::deliver:
      return delivery_tried(task, *plan, silent_attempt(*plan, started, now.elapsed), now.time);
    case core::TaskKind::notify:
    case core::TaskKind::announce:
    case core::TaskKind::expire_link:
    case core::TaskKind::activate_link:
    case core::TaskKind::retry_queued:
      break;
  }
  return core::NoticeTried{.merchant = task.merchant,
                           .task = task.id,
                           .sent = false,
                           .worth_retrying = true,
                           .error = "no answer within the time limit"};
}

}  // namespace

// The open task of the run, if it has no answer yet.
Relay::Open* Relay::unanswered(Run run) {
  const auto at = open_.find(run);
  return at == open_.end() || at->second.answered.command ? nullptr : &at->second;
}

void Relay::on(const BankWord& word, sys::Moment) {
  Open* const open = unanswered(word.run);
  // After the time limit the bank's word is passed on as one that nobody asked for.
  if (open == nullptr) return pass_on_unasked(word);
  sys::crash_point(sys::CrashPoint::bank_answer_before_recorded);
  report(word.run, *open, bank_said(word.merchant, word.payout, open->task.id, word.reply));
}

void Relay::on(const HolderWord& word, sys::Moment) {
  Open* const open = unanswered(word.run);
  if (open == nullptr) return;
  sys::crash_point(sys::CrashPoint::holder_answer_before_recorded);
  core::AccountVerified verified;
  verified.merchant = open->task.merchant;
  verified.payout = open->task.payout;
  verified.task = open->task.id;
  verified.answer = word.reply.answer;
  verified.name = word.reply.name;
  report(word.run, *open, std::move(verified));
}

void Relay::on(const NoticeWord& word, sys::Moment) {
  Open* const open = unanswered(word.run);
  if (open == nullptr) return;
  core::NoticeTried tried;
  tried.merchant = open->task.merchant;
  tried.task = open->task.id;
  tried.sent = word.result.sent;
  tried.worth_retrying = word.result.worth_retrying;
  tried.error = word.result.error;
  report(word.run, *open, std::move(tried));
}

void Relay::on(const AttemptWord& word, sys::Moment now) {
  Open* const open = unanswered(word.run);
  if (open == nullptr || !open->delivery) return;
  report(word.run, *open, delivery_tried(open->task, *open->delivery, word.attempt, now.time));
}

void Relay::on(const EngineWord& word, sys::Moment now) {
  if (const auto at = unasked_.find(word.run); at != unasked_.end()) {
    if (word.refused && is_retried(at->second, *word.refused, now)) return;
    word.refused ? ++counters_.refused : ++counters_.handed_on;
    unasked_.erase(at);
    return;
  }
  const auto at = open_.find(word.run);
  if (at == open_.end()) return;
  if (!word.refused) {
    ++counters_.handed_on;
    known_.erase(at->second.task.id);
    return close(at);
  }
  if (is_retried(at->second.answered, *word.refused, now)) return;
  // The row is still there: the task is carried again from the beginning, after a rest.
  ++counters_.refused;
  rest(at->second.task, now);
  close(at);
}

void Relay::time_out(Run run, Open& open, sys::Moment now) {
  ++counters_.timed_out;
  report(run, open, silence(open.task, open.delivery, open.started, now));
}

void Relay::report(Run run, Open& open, core::Command command) {
  open.answered.command = std::move(command);
  submit(run, open.answered);
}

void Relay::submit(Run run, Answered& answered) {
  ++answered.submits;
  answered.resubmit_at.reset();
  parts_.submit(*answered.command,
                [mailbox = mailbox_, run](const core::Result<core::Reply>& reply) {
                  EngineWord word{run, std::nullopt};
                  if (!reply) word.refused = reply.error().code;
                  mailbox->put(word);
                });
}

bool Relay::is_retried(Answered& answered, core::Code refused, sys::Moment now) const {
  if (core::kind(refused) != core::Kind::unavailable) return false;
  if (answered.submits >= parts_.limits.submits) return false;
  answered.resubmit_at =
      now.elapsed + parts_.limits.first_resubmit * (1LL << (answered.submits - 1));
  return true;
}

void Relay::pass_on_unasked(const BankWord& word) {
  if (word.reply.outcome == BankOutcome::unknown) return;
  if (unasked_.size() >= parts_.limits.unasked) return;
  ++counters_.unasked;
  const Run run = ++last_run_;
  Answered& answered = unasked_[run];
  answered.command = bank_said(word.merchant, word.payout, core::TaskId{}, word.reply);
  submit(run, answered);
}

void Relay::close(OpenTasks::iterator at) {
  if (at->second.lane) lanes_.leave(*at->second.lane);
  open_.erase(at);
}

}  // namespace disburse::outbox
