// A decision in the making.
#include "core/draft.hpp"

#include <algorithm>
#include <cassert>

namespace disburse::core {

namespace {

// Where nobody is to be told, an announcement would be written only to be found pointless. A
// merchant that was not loaded may have endpoints.
bool somebody_listens(const Loaded& loaded, MerchantId merchant) {
  if (loaded.merchant(merchant) == nullptr) return true;
  const std::vector<const Endpoint*> endpoints = loaded.endpoints(merchant);
  return std::any_of(endpoints.begin(), endpoints.end(),
                     [](const Endpoint* endpoint) { return !endpoint->disabled_at; });
}

}  // namespace

void Draft::take(const Link& link, const Contact& contact) {
  link_ = link;
  contact_ = contact;
}

Result<void> Draft::move(LinkEvent event, std::string_view actor, std::string note,
                         WithMoney money) {
  const LinkTransition* row = find_transition(link_->state, event);
  if (row == nullptr) return fail(refusal_of(link_->state));
  if (money == WithMoney::yes) CHECK(move_money(row->money));
  link_->state = row->to;
  // A link's own time does not go back: what is told of it would be told out of order.
  link_->updated_at = std::max(means_.now, link_->updated_at);
  record(HistoryKind::changed, actor, std::move(note));
  History& history = changes_.history.back();
  history.event = event;
  history.from = row->from;
  history.to = row->to;

  if (row->tell != Topic::none && somebody_listens(loaded_, link_->merchant)) {
    Task& task = add_task(TaskKind::announce, link_->updated_at);
    task.topic = row->tell;
    task.at = means_.now;
    task.state = link_->state;
    task.attempts = link_->attempts;
    task.fund_account = link_->fund_account;
    task.payout = link_->payout;
  }
  return {};
}

Result<void> Draft::move_money(MoneyMove move) {
  const Link& link = *link_;
  switch (move) {
    case MoneyMove::none:
      return {};
    case MoneyMove::hold_at_issue: {
      const Merchant* merchant = loaded_.merchant(link.merchant);
      assert(merchant != nullptr);  // only a create posts this, and it has looked
      if (merchant->settings.hold != HoldAt::issue) return {};
      link_->held = true;
      return post(LedgerMove::hold, link.amount);
    }
    case MoneyMove::hold_unless_held:
      return link.held ? Result<void>{} : post(LedgerMove::hold, link.amount);
    case MoneyMove::release_unless_promised:
      return link.held ? Result<void>{} : post(LedgerMove::release, link.amount);
    case MoneyMove::release_if_held: {
      if (!link.held) return {};
      link_->held = false;
      return post(LedgerMove::release, link.amount);
    }
    case MoneyMove::settle: {
      link_->held = false;
      return post(LedgerMove::settle, link.amount);
    }
    case MoneyMove::reverse:
      return post(LedgerMove::reverse, link.amount);
  }
  return {};
}

void Draft::move_payout(PayoutEvent event) {
  const PayoutTransition* row = find_transition(payout_->state, event);
  assert(row != nullptr);
  payout_->state = row->to;
}

Result<void> Draft::post(LedgerMove move, Money amount) {
  assert(!balances_);
  const MerchantId merchant = link_->merchant;
  const Balances* before = loaded_.balances(merchant);
  if (before == nullptr) return fail(Code::merchant_not_found);
  balances_ = TRY(after(*before, move, amount));
  Posting posting;
  posting.merchant = merchant;
  posting.id = means_.ids.make<LinkId>(means_.now).value;
  posting.move = move;
  posting.amount = amount;
  posting.link = link_->id;
  posting.payout = payout_ ? payout_->id : PayoutId{};
  posting.at = means_.now;
  changes_.postings.push_back(posting);
  return {};
}

void Draft::record(HistoryKind kind, std::string_view actor, std::string note) {
  History row;
  row.merchant = link_->merchant;
  row.link = link_->id;
  row.number = ++link_->history;
  row.kind = kind;
  row.from = link_->state;
  row.to = link_->state;
  row.at = means_.now;
  row.actor = actor;
  row.note = std::move(note);
  row.payout = link_->payout;
  row.fund_account = link_->fund_account;
  changes_.history.push_back(std::move(row));
}

Task& Draft::add_task(TaskKind kind, Instant due_at) {
  Task task;
  task.merchant = link_->merchant;
  task.id = means_.ids.make<TaskId>(means_.now);
  task.kind = kind;
  task.due_at = due_at;
  task.link = link_->id;
  changes_.tasks.push_back(task);
  return changes_.tasks.back();
}

void Draft::tell_contact(Notice notice) {
  std::string masks;
  for (const Channel channel : {Channel::sms, Channel::email}) {
    const bool wanted = channel == Channel::sms ? link_->send_sms : link_->send_email;
    if (!wanted || !contact_.has(channel)) continue;
    Task& task = add_task(TaskKind::notify, means_.now);
    task.notice = notice;
    task.channel = channel;
    if (!masks.empty()) masks += " and ";
    masks += channel == Channel::sms ? masked(contact_.phone) : masked_email(contact_.email);
  }
  if (!masks.empty() && notice == Notice::link_issued)
    record(HistoryKind::notified, "system", masks);
}

void Draft::add_expiry_timer() {
  if (link_->expires_at) add_task(TaskKind::expire_link, *link_->expires_at);
}

LinkView Draft::view() const {
  LinkView view;
  view.link = *link_;
  view.contact = contact_;
  view.payout = payout_;
  view.fund_account = fund_account_;
  if (!view.payout && link_->payout) {
    if (const Payout* payout = loaded_.payout(link_->merchant, link_->payout))
      view.payout = *payout;
  }
  if (!view.fund_account && link_->fund_account) {
    const FundAccount* account = loaded_.fund_account(link_->merchant, link_->fund_account);
    if (account != nullptr) view.fund_account = *account;
  }
  return view;
}

Decision Draft::finish(Result<Reply> reply) {
  // However many steps a decision took, a row goes one version up.
  const Link* link_before = loaded_.link(link_->merchant, link_->id);
  link_->version = link_before == nullptr ? 1 : link_before->version + 1;
  changes_.links.push_back(*link_);
  if (payout_) {
    const Payout* before = loaded_.payout(payout_->merchant, payout_->id);
    payout_->version = before == nullptr ? 1 : before->version + 1;
    changes_.payouts.push_back(*payout_);
  }
  if (balances_) changes_.balances.push_back(*balances_);
  if (fund_account_) changes_.fund_accounts.push_back(*fund_account_);
  // The reply shows the rows as they will be stored.
  if (reply && std::holds_alternative<LinkView>(*reply)) reply = Reply{view()};
  return Decision{std::move(changes_), std::move(reply)};
}

Code refusal_of(LinkState state) {
  switch (state) {
    case LinkState::none:
      return Code::link_not_found;
    case LinkState::pending:
      return Code::link_pending;
    case LinkState::scheduled:
      return Code::link_scheduled;
    case LinkState::issued:
      return Code::link_not_issued;
    case LinkState::processing:
      return Code::link_processing;
    case LinkState::processed:
      return Code::link_processed;
    case LinkState::cancelled:
      return Code::link_cancelled;
    case LinkState::rejected:
      return Code::link_rejected;
    case LinkState::expired:
      return Code::link_expired;
  }
  return Code::link_not_found;
}

Result<const Link*> find(const Loaded& loaded, MerchantId merchant, const LinkRef& ref) {
  const Link* link =
      ref.id ? loaded.link(merchant, ref.id) : loaded.link_by_reference(merchant, ref.reference);
  if (link == nullptr) return fail(Code::link_not_found);
  return link;
}

Result<void> take_link(Draft& draft, const Link& link) {
  const Contact* contact = draft.loaded().contact(link.merchant, link.contact);
  if (contact == nullptr) return fail(Code::internal_error, {}, "a link without its contact");
  draft.take(link, *contact);
  return {};
}

Duration back_off(std::uint32_t tries, Duration first, Duration last) {
  Duration wait = first;
  for (std::uint32_t i = 0; i < tries && wait < last; ++i) wait *= 2;
  return std::min(wait, last);
}

std::string counter_key(const KeyedHash& hash, std::string_view what, std::string_view by) {
  const KeyedHash::Hash sum = hash("counter|" + std::string(what) + "|" + std::string(by));
  return std::string(sum.begin(), sum.begin() + 16);
}

}  // namespace disburse::core
