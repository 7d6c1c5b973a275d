// What a recipient does: prove who they are, give an account.
#include <algorithm>

#include "core/draft.hpp"
#include "core/otp.hpp"
#include "core/recipient.hpp"

namespace disburse::core {
namespace {

// A draft on the link of the claim, which must be open. A link whose time to start has come counts
// as issued.
Result<Draft> start(const Claim& claim, const Loaded& loaded, const Means& means) {
  const Link* link = loaded.link(claim.merchant, claim.link);
  if (link == nullptr) return fail(Code::link_not_found);
  const LinkState state = state_at(*link, means.now);
  if (state != LinkState::issued) return fail(refusal_of(state));
  Draft draft(loaded, means);
  CHECK(take_link(draft, *link));
  if (draft.link().state == LinkState::scheduled) CHECK(draft.move(LinkEvent::activate, "timer"));
  return draft;
}

// One more in the counter's window; the limit is refused with `code`.
Result<void> count(Draft& draft, MerchantId merchant, const std::string& key, std::uint32_t limit,
                   Code code) {
  const Instant now = draft.means().now;
  const Counter* before = draft.loaded().counter(merchant, key);
  Counter counter = before != nullptr ? *before : Counter{merchant, key, now, 0};
  if (now - counter.window_start >= limits::kOtpWindow) counter = Counter{merchant, key, now, 0};
  if (counter.count >= limit) return fail(code);
  ++counter.count;
  draft.changes().counters.push_back(std::move(counter));
  return {};
}

struct CounterNames {
  std::string_view contact;
  std::string_view address;
};
constexpr CounterNames kSends{"otp-sends-contact", "otp-sends-address"};
constexpr CounterNames kTries{"otp-tries-contact", "otp-tries-address"};

std::string contact_of(const Contact& contact) {
  return contact_key(contact.phone.empty() ? contact.email : contact.phone);
}

Result<void> count_both(Draft& draft, const CounterNames& names, std::string_view address,
                        std::uint32_t by_contact, std::uint32_t by_address, Code code) {
  const KeyedHash& hash = draft.means().hash;
  const MerchantId merchant = draft.link().merchant;
  CHECK(count(draft, merchant, counter_key(hash, names.contact, contact_of(draft.contact())),
              by_contact, code));
  if (!draft.means().limit_addresses || address.empty()) return {};
  return count(draft, MerchantId{}, counter_key(hash, names.address, address), by_address, code);
}

}  // namespace

void add_late_keys(const Command& command, const Loaded& loaded, const KeyedHash& hash,
                   Keys& keys) {
  const auto add = [&](const Claim& claim, const std::string& address, const CounterNames& names) {
    if (!address.empty())
      keys.counters.push_back({MerchantId{}, counter_key(hash, names.address, address)});
    const Link* link = loaded.link(claim.merchant, claim.link);
    const Contact* contact =
        link != nullptr ? loaded.contact(link->merchant, link->contact) : nullptr;
    if (contact == nullptr) return;
    keys.counters.push_back(
        {claim.merchant, counter_key(hash, names.contact, contact_of(*contact))});
  };
  if (const auto* send = std::get_if<SendOtp>(&command)) add(send->claim, send->address, kSends);
  if (const auto* verify = std::get_if<VerifyOtp>(&command))
    add(verify->claim, verify->address, kTries);
}

Result<Decision> decide_send_otp(const SendOtp& command, const Loaded& loaded, const Means& means) {
  Draft draft = TRY(start(command.claim, loaded, means));
  OtpState& otp = draft.link().otp;
  if (!draft.link().otp_required) return fail(Code::otp_not_needed);
  if (!draft.contact().has(command.channel)) return fail(Code::otp_channel_unknown, "channel");
  if (means.now < otp.locked_until) return fail(Code::otp_locked);
  if (otp.sends > 0 && means.now - otp.sent_at < limits::kOtpSendGap)
    return fail(Code::otp_too_soon);
  if (otp.sends > 0 && means.now - otp.window_start >= limits::kOtpWindow) otp.sends = 0;
  if (otp.sends >= limits::kOtpSendsPerLink) return fail(Code::otp_too_many_sends);
  CHECK(count_both(draft, kSends, command.address, limits::kOtpSendsPerContact,
                   limits::kOtpSendsPerAddress, Code::otp_too_many_sends));

  if (otp.sends == 0) otp.window_start = means.now;
  ++otp.sends;
  otp.nonce = means.random | 1;  // 0 means that none is open
  otp.channel = command.channel;
  otp.sent_at = means.now;
  // Wrong tries are forgotten when the lock has run out (one that has not was refused above), not
  // when another OTP is sent: else resending would unlock.
  if (otp.locked_until > Instant{}) {
    otp.wrong_tries = 0;
    otp.locked_until = Instant{};
  }
  const Contact& contact = draft.contact();
  const std::string masks =
      command.channel == Channel::sms ? masked(contact.phone) : masked_email(contact.email);
  draft.record(HistoryKind::otp_sent, "recipient", masks);
  Task& task = draft.add_task(TaskKind::notify, means.now);
  task.notice = Notice::otp;
  task.channel = command.channel;
  task.otp_nonce = otp.nonce;
  return draft.finish(Reply{OtpSent{command.channel, means.now + limits::kOtpLife}});
}

namespace {

// A wrong try is remembered: the refusal has changes.
Decision wrong_otp(Draft& draft) {
  OtpState& otp = draft.link().otp;
  const Instant now = draft.means().now;
  ++otp.wrong_tries;
  if (otp.wrong_tries < limits::kOtpWrongTries) {
    draft.record(HistoryKind::otp_wrong, "recipient");
    return draft.finish(fail(Code::otp_wrong, "otp"));
  }
  otp.nonce = 0;
  otp.locked_until = now + limits::kOtpLock;
  draft.record(HistoryKind::otp_locked, "recipient");
  return draft.finish(fail(Code::otp_locked, "otp"));
}

}  // namespace

Result<Decision> decide_verify_otp(const VerifyOtp& command, const Loaded& loaded,
                                   const Means& means) {
  Draft draft = TRY(start(command.claim, loaded, means));
  Link& link = draft.link();
  OtpState& otp = link.otp;
  if (!link.otp_required) return fail(Code::otp_not_needed);
  if (means.now < otp.locked_until) return fail(Code::otp_locked, "otp");
  if (otp.nonce == 0) return fail(Code::otp_not_sent, "otp");
  if (means.now - otp.sent_at >= limits::kOtpLife) return fail(Code::otp_expired, "otp");
  CHECK(count_both(draft, kTries, command.address, limits::kOtpTriesPerContact,
                   limits::kOtpTriesPerAddress, Code::otp_locked));
  const SecretText expected = otp_digits(means.hash, link.id, otp.nonce);
  if (!equal_in_constant_time(expected.expose(), command.otp.expose())) return wrong_otp(draft);

  // Used once: the same digits open nothing again.
  otp.proven = std::exchange(otp.nonce, 0);
  otp.proven_at = means.now;
  otp.wrong_tries = 0;
  draft.record(HistoryKind::otp_verified, "recipient");
  const Instant expires_at = means.now + limits::kClaimTokenLife;
  return draft.finish(
      Reply{OtpVerified{claim_token(means.hash, link.id, otp.proven, expires_at), expires_at}});
}

namespace {

Result<FundAccount> fund_account_of(const SubmitClaim& command, const Link& link,
                                    const Means& means) {
  const bool offered = has(link.methods, command.method) &&
                       (command.method == PayMethod::bank || command.method == PayMethod::upi);
  if (!offered) return fail(Code::method_not_offered, "method");
  FundAccount account;
  account.merchant = link.merchant;
  account.contact = link.contact;
  account.method = command.method;
  account.created_at = means.now;
  if (command.method == PayMethod::upi) {
    if (link.amount.paise() > limits::kLargestUpiPaise)
      return fail(Code::method_not_offered, "method");
    account.vpa = SecretText(TRY(parse_vpa(command.vpa.expose())));
    if (!command.holder_name.empty())
      account.holder_name = TRY(parse_holder_name(command.holder_name));
  } else {
    account.holder_name = TRY(parse_holder_name(command.holder_name));
    account.account_number = SecretText(TRY(parse_account_number(command.account_number.expose())));
    account.ifsc = TRY(parse_ifsc(command.ifsc));
  }
  account.id = means.ids.make<FundAccountId>(means.now);
  return account;
}

std::string mode_for(const FundAccount& account, Money amount) {
  if (account.method == PayMethod::upi) return "UPI";
  return amount.paise() <= limits::kLargestImpsPaise ? "IMPS" : "NEFT";
}

// What the bank knows the payout by, whatever happens to us: made once, stored before anything
// leaves.
std::string rail_key(PayoutId id) { return "DSB" + base62(id.value, 11); }

Payout new_payout(const Link& link, const FundAccount& account, const Means& means) {
  Payout payout;
  payout.merchant = link.merchant;
  payout.id = means.ids.make<PayoutId>(means.now);
  payout.link = link.id;
  payout.fund_account = account.id;
  payout.amount = link.amount;
  payout.mode = mode_for(account, link.amount);
  payout.rail = means.rail;
  payout.key = rail_key(payout.id);
  payout.created_at = means.now;
  return payout;
}

bool can_hold(const Draft& draft, const Link& link) {
  const Balances* balances = draft.loaded().balances(link.merchant);
  return link.held || (balances != nullptr && balances->available >= link.amount.paise());
}

}  // namespace

Result<Decision> decide_submit(const SubmitClaim& command, const Loaded& loaded,
                               const Means& means) {
  Draft draft = TRY(start(command.claim, loaded, means));
  Link& link = draft.link();
  if (link.otp_required && !is_claim_token(means.hash, link, command.claim_token, means.now)) {
    return fail(Code::otp_required);
  }
  const FundAccount account = TRY(fund_account_of(command, link, means));
  draft.take(account);
  draft.take(new_payout(link, account, means));
  link.fund_account = account.id;
  link.payout = draft.payout().id;
  ++link.attempts;
  draft.record(HistoryKind::details_submitted, "recipient", draft.payout().mode);

  // Short of balance the claim is taken all the same, and the payout waits for money.
  const bool funded = can_hold(draft, link);
  CHECK(draft.move(LinkEvent::claim, "recipient", {},
                   funded ? Draft::WithMoney::yes : Draft::WithMoney::no));
  draft.move_payout(PayoutEvent::create);
  if (!funded) {
    draft.move_payout(PayoutEvent::queue);
    draft.record(HistoryKind::payout_queued, "system");
    draft.add_task(TaskKind::retry_queued, means.now + limits::kQueuedRecheck).payout = link.payout;
  } else if (link.verify_beneficiary) {
    draft.add_task(TaskKind::verify, means.now).payout = link.payout;
  } else {
    send_payout(draft, "system");
  }
  return draft.finish_with_view();
}

}  // namespace disburse::core
