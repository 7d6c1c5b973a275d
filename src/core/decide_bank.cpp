// What banks answer. A bank's silence is unknown, not failure; nothing is retried under a new key.
#include "core/draft.hpp"
#include "core/recipient.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kBank = "bank";

// The task that asked, if it is still there.
const Task* asked_by(const Loaded& loaded, MerchantId merchant, TaskId task) {
  return task ? loaded.task(merchant, task) : nullptr;
}

void finish_task(Draft& draft, const Task* task) {
  if (task != nullptr) draft.changes().tasks_done.emplace_back(task->merchant, task->id);
}

void ask_again(Draft& draft, const Task* task, Instant due_at) {
  if (task == nullptr) return;
  Task again = *task;
  ++again.tries;
  again.due_at = due_at;
  draft.changes().tasks.push_back(again);
}

Result<Draft> start(const Loaded& loaded, const Means& means, MerchantId merchant, PayoutId id) {
  const Payout* payout = loaded.payout(merchant, id);
  if (payout == nullptr) return fail(Code::payout_not_found);
  const Link* link = loaded.link(merchant, payout->link);
  if (link == nullptr) return fail(Code::link_not_found);
  Draft draft(loaded, means);
  CHECK(take_link(draft, *link));
  draft.take(*payout);
  return draft;
}

void unknown(Draft& draft, const Task* task) {
  if (draft.payout().state == PayoutState::sent) draft.record(HistoryKind::payout_unknown, kBank);
  draft.move_payout(PayoutEvent::silence);
  const std::uint32_t tries = task != nullptr ? task->tries : 0;
  ask_again(draft, task, draft.means().now + back_off(tries, limits::kFirstAsk, limits::kLastAsk));
}

Result<void> settled(Draft& draft, const BankSaid& said, const Task* task) {
  draft.move_payout(PayoutEvent::settle);
  draft.payout().utr = said.utr;
  draft.payout().ended_at = draft.means().now;
  CHECK(draft.move(LinkEvent::payout_settled, kBank, said.utr));
  draft.tell_contact(Notice::link_paid);
  if (said.ask_again_at)
    ask_again(draft, task, *said.ask_again_at);
  else
    finish_task(draft, task);
  return {};
}

Result<void> reversed(Draft& draft, const BankSaid& said, const Task* task) {
  draft.move_payout(PayoutEvent::reverse);
  draft.payout().reason = said.reason;
  draft.payout().reason_text = said.reason_text;
  CHECK(draft.move(LinkEvent::payout_reversed, kBank, said.reason_text));
  finish_task(draft, task);
  return {};
}

// A payout that has not left is sent only while its link is being claimed, and by this payout. Rows
// that say otherwise are torn, and move no money.
Result<void> check_may_leave(Draft& draft) {
  const Link& link = draft.link();
  if (link.state != LinkState::processing) return fail(refusal_of(link.state));
  if (link.payout != draft.payout().id)
    return fail(Code::internal_error, {}, "a payout that is not its link's");
  return {};
}

// What the bank says, and it does say something, fits what it said before: nothing is new.
bool is_repeated(PayoutState state, BankOutcome outcome) {
  return (state == PayoutState::settled && outcome == BankOutcome::settled) ||
         (state == PayoutState::refused &&
          (outcome == BankOutcome::refused || outcome == BankOutcome::reversed)) ||
         state == PayoutState::reversed;
}

Result<void> apply(Draft& draft, const BankSaid& said, const Task* task) {
  const PayoutState state = draft.payout().state;
  const bool open = state == PayoutState::sent || state == PayoutState::unknown;
  if (said.outcome == BankOutcome::unknown) {
    if (open) {
      unknown(draft, task);
    } else if (state == PayoutState::settled) {
      // A bank that cannot say today whether a settled payout was reversed is asked tomorrow.
      ask_again(draft, task, draft.means().now + limits::kLastAsk);
    } else {
      finish_task(draft, task);
    }
    return {};
  }
  if (open && said.outcome == BankOutcome::settled) return settled(draft, said, task);
  if (open) {
    finish_task(draft, task);
    return fail_payout(draft, said.reason, said.reason_text);
  }
  if (state == PayoutState::settled && said.outcome == BankOutcome::reversed)
    return reversed(draft, said, task);
  // A late word was quicker than this answer: the question goes on as the answer says.
  if (state == PayoutState::settled && said.outcome == BankOutcome::settled && said.ask_again_at) {
    ask_again(draft, task, *said.ask_again_at);
    return {};
  }
  finish_task(draft, task);
  if (!is_repeated(state, said.outcome)) {
    draft.record(HistoryKind::bank_contradicted, kBank,
                 std::string(name(state)) + ", now " + said.reason + said.utr);
  }
  return {};
}

}  // namespace

void send_payout(Draft& draft, std::string_view actor) {
  Payout& payout = draft.payout();
  const Instant now = draft.means().now;
  draft.move_payout(PayoutEvent::send);
  payout.sent_at = now;
  draft.record(HistoryKind::payout_sent, actor, payout.mode);
  draft.add_task(TaskKind::pay, now).payout = payout.id;
}

Result<void> try_queued(Draft& draft) {
  Payout& payout = draft.payout();
  const Instant now = draft.means().now;
  CHECK(check_may_leave(draft));
  // A link that holds its money since its issue never waits for balance.
  if (draft.link().held) return fail(Code::internal_error, {}, "a queued payout with its money");
  const Result<void> held = draft.post(LedgerMove::hold, payout.amount);
  if (!held && held.error().code != Code::balance_too_low) return tl::unexpected(held.error());
  if (!held) {
    draft.add_task(TaskKind::retry_queued, now + limits::kQueuedRecheck).payout = payout.id;
    return {};
  }
  if (!draft.link().verify_beneficiary) {
    send_payout(draft, "timer");
    return {};
  }
  // Held now; the account is looked at before anything leaves.
  draft.move_payout(PayoutEvent::fund);
  draft.add_task(TaskKind::verify, now).payout = payout.id;
  return {};
}

Result<void> fail_payout(Draft& draft, std::string_view reason, std::string_view reason_text) {
  const Instant now = draft.means().now;
  draft.move_payout(PayoutEvent::refuse);
  draft.payout().reason = reason;
  draft.payout().reason_text = reason_text;
  draft.payout().ended_at = now;
  CHECK(draft.move(LinkEvent::payout_failed, kBank, std::string(reason_text)));
  // The one-time password was for the account that failed; another account needs proof again.
  draft.link().otp.proven = 0;
  if (draft.link().expires_at && *draft.link().expires_at <= now) {
    CHECK(draft.move(LinkEvent::expire, "timer"));
    draft.link().expired_at = now;
    return {};
  }
  // Its timer may have run while it was processing, before the clock was set back.
  draft.add_expiry_timer();
  draft.tell_contact(Notice::link_failed);
  return {};
}

Result<Decision> decide_bank_said(const BankSaid& said, const Loaded& loaded, const Means& means) {
  Draft draft = TRY(start(loaded, means, said.merchant, said.payout));
  CHECK(apply(draft, said, asked_by(loaded, said.merchant, said.task)));
  return draft.finish_with_view();
}

Result<Decision> decide_account_verified(const AccountVerified& said, const Loaded& loaded,
                                         const Means& means) {
  Draft draft = TRY(start(loaded, means, said.merchant, said.payout));
  const Task* task = asked_by(loaded, said.merchant, said.task);
  if (draft.payout().state != PayoutState::created) {
    finish_task(draft, task);
    return draft.finish_with_view();
  }
  CHECK(check_may_leave(draft));
  using enum AccountVerified::Answer;
  // A silence that nobody asked for says nothing.
  if (said.answer == unknown && task == nullptr) return draft.finish_with_view();
  if (said.answer == unknown && task->tries + 1 < limits::kVerifyTries) {
    ask_again(draft, task, means.now + back_off(task->tries, limits::kFirstAsk, limits::kLastAsk));
    return draft.finish_with_view();
  }
  finish_task(draft, task);
  const FundAccount* account = loaded.fund_account(said.merchant, draft.payout().fund_account);
  if (account == nullptr) return fail(Code::internal_error, {}, "a payout without its account");
  const std::string& wanted =
      draft.contact().name.empty() ? account->holder_name : draft.contact().name;
  const bool same =
      said.answer == exists && (wanted.empty() || name_match(wanted, said.name) >= kNamesMatch);
  draft.payout().verified_name = said.name;
  if (same) {
    draft.record(HistoryKind::beneficiary_verified, kBank);
    send_payout(draft, "system");
    return draft.finish_with_view();
  }
  draft.record(HistoryKind::beneficiary_refused, kBank);
  if (said.answer == unknown)
    CHECK(fail_payout(draft, "verification_unavailable", "The bank did not confirm the account."));
  else if (said.answer == missing)
    CHECK(fail_payout(draft, "account_not_found", "There is no such account."));
  else
    CHECK(fail_payout(draft, "name_mismatch", "The account is in another name."));
  return draft.finish_with_view();
}

}  // namespace disburse::core
