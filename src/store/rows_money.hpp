// Links, payouts, the ledger and what happened: rows that hold no secret. Included only where the
// functions of rows.hpp are made for a store.
//
// Threads: as the Run's connection.
#pragma once

#include "store/pack.hpp"
#include "store/row_parts.hpp"
#include "store/rows.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store {

template <class Run>
void bind_balances(Run& run, const core::Balances& balances) {
  run.bind_all(balances.merchant, balances.version, balances.deposited, balances.available,
               balances.held, balances.paid);
}

template <class Run>
core::Result<core::Balances> read_balances(Run& run) {
  core::Balances balances;
  balances.merchant = run.merchant();
  balances.version = run.u32();
  balances.deposited = run.i64();
  balances.available = run.i64();
  balances.held = run.i64();
  balances.paid = run.i64();
  CHECK(run.readable());
  return balances;
}

template <class Run>
void bind_link(Run& run, const core::Link& link) {
  run.bind_all(link.merchant, link.id, link.version, link.state, link.amount, link.dialect,
               link.variant, link.reference, link.purpose, link.description, link.contact,
               int{link.methods}, link.otp_required, link.verify_beneficiary, link.send_sms,
               link.send_email, link.held, link.attempts, link.notices, link.history,
               link.fund_account, link.payout);
  run.bind_copy(Blob{pack_pairs(link.notes)});
  // Most links have no one-time password yet.
  if (link.otp == core::OtpState{})
    run.null();
  else
    run.bind_copy(Blob{pack_otp(link.otp)});
  run.bind_all(link.created_at, link.activates_at, link.expires_at, link.cancelled_at,
               link.expired_at, link.updated_at);
}

template <class Run>
core::Result<core::Link> read_link(Run& run) {
  core::Link link;
  link.merchant = run.merchant();
  link.id = run.template id<core::LinkId>();
  link.version = run.u32();
  link.state = run.number(core::LinkState::expired);
  link.amount = run.money();
  link.dialect = run.text();
  link.variant = run.text();
  link.reference = run.text();
  link.purpose = run.text();
  link.description = run.text();
  link.contact = run.template id<core::ContactId>();
  link.methods = static_cast<core::PayMethods>(run.u32());
  link.otp_required = run.flag();
  link.verify_beneficiary = run.flag();
  link.send_sms = run.flag();
  link.send_email = run.flag();
  link.held = run.flag();
  link.attempts = run.u32();
  link.notices = run.u32();
  link.history = run.u32();
  link.fund_account = run.template id<core::FundAccountId>();
  link.payout = run.template id<core::PayoutId>();
  link.notes = TRY(unpack_pairs(run.bytes()));
  const std::string_view otp = run.bytes();
  if (!otp.empty()) link.otp = TRY(unpack_otp(otp));
  link.created_at = run.instant();
  link.activates_at = run.maybe_instant();
  link.expires_at = run.maybe_instant();
  link.cancelled_at = run.maybe_instant();
  link.expired_at = run.maybe_instant();
  link.updated_at = run.instant();
  CHECK(run.readable());
  return link;
}

template <class Run>
void bind_payout(Run& run, const core::Payout& payout) {
  run.bind_all(payout.merchant, payout.id, payout.version, payout.link, payout.fund_account,
               payout.state, payout.amount, payout.mode, payout.rail, payout.key, payout.utr,
               payout.reason, payout.reason_text, payout.verified_name, payout.created_at,
               payout.sent_at, payout.ended_at);
}

template <class Run>
core::Result<core::Payout> read_payout(Run& run) {
  core::Payout payout;
  payout.merchant = run.merchant();
  payout.id = run.template id<core::PayoutId>();
  payout.version = run.u32();
  payout.link = run.template id<core::LinkId>();
  payout.fund_account = run.template id<core::FundAccountId>();
  payout.state = run.number(core::PayoutState::cancelled);
  payout.amount = run.money();
  payout.mode = run.text();
  payout.rail = run.text();
  payout.key = run.text();
  payout.utr = run.text();
  payout.reason = run.text();
  payout.reason_text = run.text();
  payout.verified_name = run.text();
  payout.created_at = run.instant();
  payout.sent_at = run.maybe_instant();
  payout.ended_at = run.maybe_instant();
  CHECK(run.readable());
  return payout;
}

template <class Run>
void bind_history(Run& run, const core::History& row) {
  run.bind_all(row.merchant, row.link, row.number, row.kind, row.event, row.from, row.to, row.at,
               row.actor, row.note, row.payout, row.fund_account);
}

template <class Run>
core::Result<core::History> read_history(Run& run) {
  core::History row;
  row.merchant = run.merchant();
  row.link = run.template id<core::LinkId>();
  row.number = run.u32();
  row.kind = run.number(core::HistoryKind::bank_contradicted);
  row.event = run.number(core::LinkEvent::payout_reversed);
  row.from = run.number(core::LinkState::expired);
  row.to = run.number(core::LinkState::expired);
  row.at = run.instant();
  row.actor = run.text();
  row.note = run.text();
  row.payout = run.template id<core::PayoutId>();
  row.fund_account = run.template id<core::FundAccountId>();
  CHECK(run.readable());
  return row;
}

template <class Run>
void bind_posting(Run& run, const core::Posting& posting) {
  run.bind_all(posting.merchant, posting.id, posting.move, posting.amount, posting.link,
               posting.payout, posting.at);
}

template <class Run>
core::Result<core::Posting> read_posting(Run& run) {
  core::Posting posting;
  posting.merchant = run.merchant();
  posting.id = run.u64();
  posting.move = run.number(core::LedgerMove::reverse);
  posting.amount = run.money();
  posting.link = run.template id<core::LinkId>();
  posting.payout = run.template id<core::PayoutId>();
  posting.at = run.instant();
  CHECK(run.readable());
  return posting;
}

template <class Run>
void bind_task(Run& run, const core::Task& task) {
  run.bind_all(task.merchant, task.id, is_timer(task.kind), task.kind, task.due_at, task.tries,
               task.link, task.payout, task.delivery, task.topic, task.at, task.state,
               task.attempts, task.fund_account, task.notice, task.channel, task.otp_nonce);
  run.bind_all(0, 0);  // free: a task that is put again is nobody's
}

template <class Run>
core::Result<core::Task> read_task(Run& run) {
  core::Task task;
  task.merchant = run.merchant();
  task.id = run.template id<core::TaskId>();
  run.flag();  // is_timer: the kind tells
  task.kind = run.number(core::TaskKind::deliver);
  task.due_at = run.instant();
  task.tries = run.u32();
  task.link = run.template id<core::LinkId>();
  task.payout = run.template id<core::PayoutId>();
  task.delivery = run.template id<core::DeliveryId>();
  task.topic = run.number(core::Topic::payout_reversed);
  task.at = run.instant();
  task.state = run.number(core::LinkState::expired);
  task.attempts = run.u32();
  task.fund_account = run.template id<core::FundAccountId>();
  task.notice = run.number(core::Notice::link_failed);
  task.channel = run.number(core::Channel::email);
  task.otp_nonce = run.u64();
  // Who has taken it is nobody's business here.
  CHECK(run.readable());
  return task;
}

template <class Run>
void bind_counter(Run& run, const core::Counter& counter) {
  run.bind_all(counter.merchant, Blob{counter.key}, counter.window_start, counter.count);
}

template <class Run>
core::Result<core::Counter> read_counter(Run& run) {
  core::Counter counter;
  counter.merchant = run.merchant();
  counter.key = run.text();
  counter.window_start = run.instant();
  counter.count = run.u32();
  CHECK(run.readable());
  return counter;
}

template <class Run>
void bind_audit(Run& run, const core::AuditRow& row) {
  run.bind_all(row.id, row.at, row.merchant, row.actor, row.act, row.detail, Blob{row.hash});
}

template <class Run>
core::Result<core::AuditRow> read_audit(Run& run) {
  core::AuditRow row;
  row.id = run.u64();
  row.at = run.instant();
  row.merchant = run.merchant();
  row.actor = run.text();
  row.act = run.text();
  row.detail = run.text();
  row.hash = run.text();
  CHECK(run.readable());
  return row;
}

}  // namespace disburse::store
