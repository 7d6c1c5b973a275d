// What merchants, operators and timers do to a link that is there.
#include <utility>

#include "core/calendar.hpp"
#include "core/draft.hpp"

namespace disburse::core {
namespace {

// A draft on the link that the command names.
Result<Draft> start(const Loaded& loaded, const Means& means, MerchantId merchant,
                    const LinkRef& ref) {
  const Link* link = TRY(find(loaded, merchant, ref));
  Draft draft(loaded, means);
  CHECK(take_link(draft, *link));
  return draft;
}

bool starts_later(const Link& link, Instant now) {
  return link.activates_at && *link.activates_at > now;
}

}  // namespace

Result<Decision> decide_cancel(const CancelLink& command, const Loaded& loaded,
                               const Means& means) {
  Draft draft = TRY(start(loaded, means, command.merchant, command.link));
  const LinkState state = state_at(draft.link(), means.now);
  if (state == LinkState::expired) return fail(Code::link_expired);
  if (command.rule == CancelRule::issued_only && state != LinkState::issued)
    return fail(refusal_of(state));
  CHECK(draft.move(LinkEvent::cancel, command.actor));
  draft.link().cancelled_at = means.now;
  draft.link().otp.nonce = 0;
  return draft.finish_with_view();
}

Result<Decision> decide_extend(const ExtendLink& command, const Loaded& loaded,
                               const Means& means) {
  Draft draft = TRY(start(loaded, means, command.merchant, command.link));
  Link& link = draft.link();
  if (state_at(link, means.now) == LinkState::expired) return fail(Code::link_expired);
  const bool usable =
      command.expires_at > means.now && command.expires_at - means.now <= limits::kLongestLinkLife;
  if (!usable) return fail(Code::expiry_invalid, "expires_at");
  if (link.expires_at && command.expires_at <= *link.expires_at)
    return fail(Code::expiry_not_later, "expires_at");
  CHECK(draft.move(LinkEvent::extend, command.actor, rfc3339(command.expires_at)));
  link.expires_at = command.expires_at;
  draft.add_expiry_timer();
  return draft.finish_with_view();
}

Result<Decision> decide_approve(const ApproveLink& command, const Loaded& loaded,
                                const Means& means) {
  Draft draft = TRY(start(loaded, means, command.merchant, command.link));
  if (state_at(draft.link(), means.now) == LinkState::expired) return fail(Code::link_expired);
  if (starts_later(draft.link(), means.now)) {
    CHECK(draft.move(LinkEvent::approve_for_later, command.actor));
    draft.add_task(TaskKind::activate_link, *draft.link().activates_at);
    return draft.finish_with_view();
  }
  CHECK(draft.move(LinkEvent::approve, command.actor));
  draft.tell_contact(Notice::link_issued);
  return draft.finish_with_view();
}

Result<Decision> decide_reject(const RejectLink& command, const Loaded& loaded,
                               const Means& means) {
  Draft draft = TRY(start(loaded, means, command.merchant, command.link));
  if (state_at(draft.link(), means.now) == LinkState::expired) return fail(Code::link_expired);
  CHECK(draft.move(LinkEvent::reject, command.actor, command.reason));
  return draft.finish_with_view();
}

Result<Decision> decide_notify(const NotifyLink& command, const Loaded& loaded,
                               const Means& means) {
  Draft draft = TRY(start(loaded, means, command.merchant, command.link));
  Link& link = draft.link();
  const LinkState state = state_at(link, means.now);
  if (state != LinkState::issued) return fail(refusal_of(state));
  const bool sms = draft.contact().has(Channel::sms);
  const bool email = draft.contact().has(Channel::email);
  if (!sms && !email) return fail(Code::contact_missing);
  if (link.notices >= limits::kNoticesPerLink) return fail(Code::too_many_requests);
  ++link.notices;

  // Asked for by name, the message goes out whatever the link's own switches say.
  const bool send_sms = std::exchange(link.send_sms, sms);
  const bool send_email = std::exchange(link.send_email, email);
  draft.tell_contact(Notice::link_issued);
  link.send_sms = send_sms;
  link.send_email = send_email;
  const LinkView view = draft.view();
  return draft.finish(Reply{Notified{view, sms, email}});
}

namespace {

Result<Decision> expire(Draft& draft) {
  const Link& link = draft.link();
  const bool due = link.expires_at && *link.expires_at <= draft.means().now;
  // An extended link has a later timer of its own; a claimed one expires when its payout fails
  // (decide_bank.cpp).
  if (!due || find_transition(link.state, LinkEvent::expire) == nullptr) return Decision{};
  CHECK(draft.move(LinkEvent::expire, "timer"));
  draft.link().expired_at = draft.means().now;
  draft.link().otp.nonce = 0;
  return draft.finish(Reply{Done{}});
}

Result<Decision> activate(Draft& draft) {
  const Link& link = draft.link();
  if (link.state != LinkState::scheduled || starts_later(link, draft.means().now))
    return Decision{};
  if (state_at(link, draft.means().now) == LinkState::expired) return Decision{};
  CHECK(draft.move(LinkEvent::activate, "timer"));
  draft.tell_contact(Notice::link_issued);
  return draft.finish(Reply{Done{}});
}

Result<Decision> retry_queued(Draft& draft, const Payout& payout) {
  if (payout.state != PayoutState::queued) return Decision{};
  draft.take(payout);
  CHECK(try_queued(draft));
  return draft.finish(Reply{Done{}});
}

Result<Decision> run_timer(const TimerFired& command, const Loaded& loaded, const Means& means) {
  const Link* link = loaded.link(command.merchant, command.link);
  if (link == nullptr) return Decision{};
  Draft draft(loaded, means);
  CHECK(take_link(draft, *link));
  if (command.kind == TaskKind::expire_link) return expire(draft);
  if (command.kind == TaskKind::activate_link) return activate(draft);
  const Payout* payout = loaded.payout(command.merchant, command.payout);
  if (payout == nullptr) return Decision{};
  return retry_queued(draft, *payout);
}

}  // namespace

Result<Decision> decide_timer(const TimerFired& command, const Loaded& loaded, const Means& means) {
  // A timer that has been worked off already (two were loaded before one ran) does nothing.
  const Task* task = loaded.task(command.merchant, command.task);
  if (task == nullptr) return Decision{};
  // The clock went back after the timer was found due: it stays, else its link would never expire.
  // A queued payout is tried before its time too, when money has come in.
  if (command.kind != TaskKind::retry_queued && task->due_at > means.now) return Decision{};
  Decision decision = TRY(run_timer(command, loaded, means));
  decision.changes.tasks_done.emplace_back(command.merchant, command.task);
  return decision;
}

}  // namespace disburse::core
