// A link's story: its states, its payouts and what was told of it. The allowed changes are written
// here a second time.
#include <algorithm>

#include "sim/auditor.hpp"
#include "sim/words.hpp"

namespace disburse::sim {
namespace {

using core::LinkEvent;
using core::LinkState;
using core::PayoutState;

struct Allowed {
  LinkState from;
  LinkEvent on;
  LinkState to;
  std::string_view observer;  // what the first observer hears; empty: nothing
  bool second;                // whether the second one does
};
constexpr Allowed kAllowed[] = {
    {LinkState::none, LinkEvent::create_for_approval, LinkState::pending, "pending", false},
    {LinkState::none, LinkEvent::create_for_later, LinkState::scheduled, "", false},
    {LinkState::none, LinkEvent::create, LinkState::issued, "issued", false},
    {LinkState::pending, LinkEvent::approve, LinkState::issued, "issued", false},
    {LinkState::pending, LinkEvent::approve_for_later, LinkState::scheduled, "", false},
    {LinkState::pending, LinkEvent::reject, LinkState::rejected, "rejected", true},
    {LinkState::scheduled, LinkEvent::activate, LinkState::issued, "issued", false},
    {LinkState::issued, LinkEvent::claim, LinkState::processing, "processing", true},
    {LinkState::pending, LinkEvent::cancel, LinkState::cancelled, "cancelled", true},
    {LinkState::scheduled, LinkEvent::cancel, LinkState::cancelled, "cancelled", true},
    {LinkState::issued, LinkEvent::cancel, LinkState::cancelled, "cancelled", true},
    {LinkState::pending, LinkEvent::expire, LinkState::expired, "expired", true},
    {LinkState::scheduled, LinkEvent::expire, LinkState::expired, "expired", true},
    {LinkState::issued, LinkEvent::expire, LinkState::expired, "expired", true},
    {LinkState::pending, LinkEvent::extend, LinkState::pending, "", false},
    {LinkState::scheduled, LinkEvent::extend, LinkState::scheduled, "", false},
    {LinkState::issued, LinkEvent::extend, LinkState::issued, "", false},
    {LinkState::processing, LinkEvent::payout_settled, LinkState::processed, "processed", true},
    {LinkState::processing, LinkEvent::payout_failed, LinkState::issued, "attempted", true},
    {LinkState::processed, LinkEvent::payout_reversed, LinkState::processed, "", true},
};

// One step of a payout; several may lie between two audits.
constexpr std::pair<PayoutState, PayoutState> kPayoutSteps[] = {
    {PayoutState::none, PayoutState::created},    {PayoutState::created, PayoutState::queued},
    {PayoutState::created, PayoutState::sent},    {PayoutState::created, PayoutState::refused},
    {PayoutState::queued, PayoutState::created},  {PayoutState::queued, PayoutState::sent},
    {PayoutState::sent, PayoutState::unknown},    {PayoutState::sent, PayoutState::settled},
    {PayoutState::sent, PayoutState::refused},    {PayoutState::unknown, PayoutState::settled},
    {PayoutState::unknown, PayoutState::refused}, {PayoutState::settled, PayoutState::reversed},
};

bool reaches(PayoutState from, PayoutState to, int steps = 8) {
  if (from == to) return true;
  if (steps == 0) return false;
  return std::any_of(std::begin(kPayoutSteps), std::end(kPayoutSteps), [&](const auto& step) {
    return step.first == from && reaches(step.second, to, steps - 1);
  });
}

bool is_under_way(PayoutState state) {
  return state == PayoutState::created || state == PayoutState::queued ||
         state == PayoutState::sent || state == PayoutState::unknown;
}

std::string told_of(const core::History& row) {
  return std::string(core::name(row.from)) + " on " + std::string(core::name(row.event)) + " to " +
         std::string(core::name(row.to));
}

}  // namespace

Auditor::Reading Auditor::read(const KnownLink& link, const core::Story& story) {
  Reading reading;
  std::uint32_t number = 0;
  core::Instant last;
  for (const core::History& row : story.history) {
    if (row.number != ++number)
      model_.blame(3, link.reference + " has a gap in its history at " + std::to_string(number));
    // Only as far as somebody has set the clock back.
    if (row.at < last - model_.set_back)
      model_.blame(3, link.reference + " has a history that goes back in time");
    last = std::max(last, row.at);
    read_row(link, story, row, reading);
  }
  if (reading.late_claim) model_.blame(3, link.reference + " was claimed after its end");
  if (story.view.link.history != number)
    model_.blame(3, link.reference + " counts another length of its history");
  return reading;
}

void Auditor::read_row(const KnownLink& link, const core::Story& story,
                       const core::History& history, Reading& reading) {
  const std::string_view broken = read_otp_row(history, reading.otp);
  if (!broken.empty()) model_.blame(2, link.reference + " " + std::string(broken));
  switch (history.kind) {
    case core::HistoryKind::changed:
      return read_change(link, story.view.link, history, reading);
    case core::HistoryKind::otp_sent:
      ++reading.otps;
      return;
    case core::HistoryKind::otp_verified:
      ++reading.proofs;
      return;
    case core::HistoryKind::otp_wrong:
    case core::HistoryKind::otp_locked:
      ++reading.wrong_otps;
      return;
    case core::HistoryKind::beneficiary_verified:
      reading.verified = true;
      return read_verified(link, story, history);
    case core::HistoryKind::payout_sent:
      if (story.view.link.verify_beneficiary && !reading.verified)
        model_.blame(2, link.reference + " was sent to an account that nobody has verified");
      return;
    case core::HistoryKind::bank_contradicted:
    case core::HistoryKind::notified:
    case core::HistoryKind::details_submitted:
    case core::HistoryKind::beneficiary_refused:
    case core::HistoryKind::payout_queued:
    case core::HistoryKind::payout_unknown:
      return;
  }
}

// Two accounts of the sandbox must never pass: one that is not there, and a stranger's.
void Auditor::read_verified(const KnownLink& link, const core::Story& story,
                            const core::History& history) {
  for (const core::FundAccount& account : story.fund_accounts) {
    const std::string& number = account.account_number.expose();
    const bool wrong = number == "91234567890" || number == "81234567890";
    if (account.id == history.fund_account && wrong)
      model_.blame(2, link.reference + " has verified an account that is not the recipient's");
  }
}

void Auditor::read_change(const KnownLink& link, const core::Link& row,
                          const core::History& history, Reading& reading) {
  const auto* const rule =
      std::find_if(std::begin(kAllowed), std::end(kAllowed), [&](const Allowed& allowed) {
        return allowed.from == reading.state && allowed.on == history.event;
      });
  const bool allowed =
      rule != std::end(kAllowed) && rule->to == history.to && history.from == reading.state;
  if (!allowed) return model_.blame(3, link.reference + " went from " + told_of(history));
  reading.state = history.to;
  if (!rule->observer.empty()) reading.told.push_back("payout_link." + std::string(rule->observer));
  if (rule->second) ++reading.told_second;
  const auto late = [&] { return row.expires_at && history.at >= *row.expires_at; };
  if (history.event == LinkEvent::claim) {
    ++reading.claims;
    reading.verified = false;
    const bool proven =
        reading.otp.proven_at && history.at - *reading.otp.proven_at < kProofLifetime;
    if (row.otp_required && !proven)
      model_.blame(2, link.reference + " was claimed without a proof");
    reading.late_claim |= late();
  }
  // With a clock that was set back, a link may be given an end that lies before an earlier claim.
  if (history.event == LinkEvent::extend && model_.set_back > core::Duration::zero())
    reading.late_claim = false;
  if (history.event == LinkEvent::cancel) ++reading.cancels;
  if (history.event == LinkEvent::reject) ++reading.rejections;
  if (history.event == LinkEvent::payout_reversed) {
    if (reading.reversed) model_.blame(2, link.reference + " was reversed twice");
    reading.reversed = true;
  }
  if (history.event == LinkEvent::expire && !late())
    model_.blame(3, link.reference + " expired before its end");
  if (history.event == LinkEvent::activate && row.activates_at && history.at < *row.activates_at)
    model_.blame(3, link.reference + " was active too early");
}

// What was in the history stays in it.
void Auditor::check_history_kept(KnownLink& link, const core::Story& story) {
  const bool kept = story.history.size() >= link.history.size() &&
                    std::equal(link.history.begin(), link.history.end(), story.history.begin());
  if (!kept) model_.blame(3, link.reference + " had another history before");
  for (std::size_t i = link.history.size(); i < story.history.size(); ++i) {
    check_words(model_, story.history[i].note, "a history note");
    check_words(model_, story.history[i].actor, "a history row");
  }
  link.history = story.history;
}

void Auditor::check_payouts(KnownLink& link, const core::Story& story, const Reading& reading) {
  if (story.payouts.size() != reading.claims)
    model_.blame(2, link.reference + " has not one payout for each claim");
  int settled = 0;
  int open = 0;
  for (const core::Payout& payout : story.payouts) {
    const auto [at, is_new] = link.payouts.try_emplace(payout.id);
    core::Payout& before = at->second;
    if (!is_new && before.key != payout.key)
      model_.blame(2, link.reference + " has another key for the same payout");
    if (!reaches(before.state, payout.state))
      model_.blame(3, link.reference + " has a payout that went from " +
                          std::string(core::name(before.state)) + " to " +
                          std::string(core::name(payout.state)));
    if (payout.amount.paise() != link.paise)
      model_.blame(2, link.reference + " has a payout of another sum");
    check_words(model_, payout.reason_text + " " + payout.reason, "a payout's reason");
    if (payout.state == PayoutState::settled) ++settled;
    if (is_under_way(payout.state)) ++open;
    before = payout;
  }
  if (link.payouts.size() != story.payouts.size())
    model_.blame(3, link.reference + " has lost a payout");
  if (settled > 1) model_.blame(2, link.reference + " was paid twice");
  if (open > 1) model_.blame(2, link.reference + " has two payouts under way");
  if ((open == 1) != (reading.state == LinkState::processing))
    model_.blame(3, link.reference + " is " + std::string(core::name(reading.state)) + " with " +
                        std::to_string(open) + " payouts under way");
  const bool paid = reading.state == LinkState::processed;
  if ((settled == 1) != (paid && !reading.reversed))
    model_.blame(2, link.reference + " is " + std::string(core::name(reading.state)) + " with " +
                        std::to_string(settled) + " payouts settled");
}

}  // namespace disburse::sim
