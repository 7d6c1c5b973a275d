// What a call must come to.
#include "sim/expect.hpp"

namespace disburse::sim {
namespace {

using core::HistoryKind;
using core::LinkState;

constexpr std::int64_t kMostByUpi = 1'00'000'00;

bool is_before_claim(LinkState state) {
  return state == LinkState::pending || state == LinkState::scheduled || state == LinkState::issued;
}

std::string_view read_sent(const core::History& row, OtpReading& reading) {
  const bool too_soon = reading.sends > 0 && row.at - reading.sent_at < kOtpPause;
  const bool locked = row.at < reading.locked_until;
  // A lock that has run out is over for good, whatever the clock says later.
  if (!locked) reading.locked_until = core::Instant{};
  ++reading.sends;
  reading.open = true;
  reading.sent_at = row.at;
  if (locked) return "was sent a one-time password while it was locked";
  return too_soon ? "was sent two one-time passwords within half a minute" : "";
}

std::string_view read_verified(const core::History& row, OtpReading& reading) {
  const bool was_open = std::exchange(reading.open, false);
  reading.wrong = 0;
  reading.proven_at = row.at;
  if (!was_open) return "took a one-time password twice";
  if (row.at < reading.locked_until) return "took a one-time password while it was locked";
  return row.at - reading.sent_at >= kOtpLifetime ? "took a one-time password that was too old"
                                                  : "";
}

std::string_view read_wrong(const core::History& row, OtpReading& reading) {
  if (!reading.open) return "counts a wrong try though no one-time password is open";
  ++reading.wrong;
  if (row.kind == HistoryKind::otp_wrong)
    return reading.wrong < kWrongTries ? ""
                                       : "took a fifth wrong one-time password and is not locked";
  const bool early = reading.wrong != kWrongTries;
  reading.wrong = 0;
  reading.open = false;
  reading.locked_until = row.at + kLockedFor;
  return early ? "was locked before the fifth wrong try" : "";
}

}  // namespace

std::string_view read_otp_row(const core::History& row, OtpReading& reading) {
  switch (row.kind) {
    case HistoryKind::otp_sent:
      return read_sent(row, reading);
    case HistoryKind::otp_verified:
      return read_verified(row, reading);
    case HistoryKind::otp_wrong:
    case HistoryKind::otp_locked:
      return read_wrong(row, reading);
    case HistoryKind::changed:
      if (row.event == core::LinkEvent::payout_failed) reading.proven_at.reset();
      return "";
    default:
      return "";
  }
}

OtpReading read_otps(const core::Story& story) {
  OtpReading reading;
  for (const core::History& row : story.history) read_otp_row(row, reading);
  return reading;
}

LinkState told_state(const core::Link& link, core::Instant now) {
  if (is_before_claim(link.state) && link.expires_at && now >= *link.expires_at)
    return LinkState::expired;
  const bool begun = link.activates_at && now >= *link.activates_at;
  return link.state == LinkState::scheduled && begun ? LinkState::issued : link.state;
}

bool may_cancel(std::string_view dialect, const core::Link& link, core::Instant now) {
  const LinkState state = told_state(link, now);
  return dialect == "razorpay" ? state == LinkState::issued : is_before_claim(state);
}

bool may_extend(const core::Link& link, core::Instant to, core::Instant now) {
  const bool later = !link.expires_at || to > *link.expires_at;
  return is_before_claim(told_state(link, now)) && to > now && later;
}

bool may_send_otp(const core::Story& story, core::Instant now) {
  const OtpReading otps = read_otps(story);
  const bool paused = otps.sends == 0 || now - otps.sent_at >= kOtpPause;
  return told_state(story.view.link, now) == LinkState::issued && story.view.link.otp_required &&
         now >= otps.locked_until && paused;
}

bool may_verify(const core::Story& story, core::Instant now) {
  const OtpReading otps = read_otps(story);
  return told_state(story.view.link, now) == LinkState::issued && story.view.link.otp_required &&
         otps.open && now >= otps.locked_until && now - otps.sent_at < kOtpLifetime;
}

bool may_submit(const KnownLink& known, const core::Story& story, const std::string& token,
                bool upi, core::Instant now) {
  const core::Link& link = story.view.link;
  if (told_state(link, now) != LinkState::issued) return false;
  if (upi && link.amount.paise() > kMostByUpi) return false;
  if (!link.otp_required) return true;
  const OtpReading otps = read_otps(story);
  if (known.tokens.empty() || known.tokens.back().token != token || !otps.proven_at) return false;
  // A later proof, of which nobody heard, has taken the place of the last that was heard of.
  const Proof& last = known.tokens.back();
  const bool is_last = last.at == *otps.proven_at || last.asked_at == *otps.proven_at;
  return is_last && now - *otps.proven_at < kProofLifetime;
}

std::string_view status_word(std::string_view dialect, LinkState state) {
  struct Row {
    LinkState state;
    std::string_view payu;  // the code; none while the link waits for its recipient
    std::string_view razorpay;
    std::string_view instantpay;
  };
  static constexpr Row kWords[] = {
      {LinkState::pending, "1127", "pending", "ISSUED"},
      {LinkState::scheduled, "", "pending", "ISSUED"},
      {LinkState::issued, "", "issued", "ISSUED"},
      {LinkState::processing, "1118", "processing", "PROCESSING"},
      {LinkState::processed, "1118", "processed", "CLAIMED"},
      {LinkState::cancelled, "1122", "cancelled", "CANCELLED"},
      {LinkState::rejected, "1123", "rejected", "CANCELLED"},
      {LinkState::expired, "1111", "expired", "EXPIRED"},
  };
  for (const Row& row : kWords) {
    if (row.state != state) continue;
    if (dialect == "payu") return row.payu;
    return dialect == "razorpay" ? row.razorpay : row.instantpay;
  }
  return "";
}

std::string_view claim_word(LinkState state) {
  static constexpr std::pair<LinkState, std::string_view> kWords[] = {
      {LinkState::pending, "approval"},  {LinkState::scheduled, "scheduled"},
      {LinkState::issued, "open"},       {LinkState::processing, "submitted"},
      {LinkState::processed, "paid"},    {LinkState::cancelled, "cancelled"},
      {LinkState::rejected, "rejected"}, {LinkState::expired, "expired"},
  };
  for (const auto& [of, word] : kWords) {
    if (of == state) return word;
  }
  return "";
}

}  // namespace disburse::sim
