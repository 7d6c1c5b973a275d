#include "rails/sandbox/sandbox_bank.hpp"

#include <array>
#include <cassert>
#include <utility>

#include "core/calendar.hpp"
#include "core/recipient.hpp"
#include "sys/crash_point.hpp"
#include "sys/crypto.hpp"

namespace disburse::rails {
namespace {

using core::BankOutcome;
using core::Duration;
using core::Instant;
using enum SandboxBank::Outcome;

enum class Fate : std::uint8_t { settle, refuse, pending, settle_then_reverse };

struct AccountRow {
  std::string_view account;  // an account number, or a UPI id in lower case
  Fate fate;
};
// The sandbox's table. What is not in it settles.
constexpr AccountRow kAccounts[] = {
    {"41234567890", Fate::refuse},      {"failure@sandbox", Fate::refuse},
    {"61234567890", Fate::pending},     {"0000000000", Fate::pending},
    {"pending@sandbox", Fate::pending}, {"71234567890", Fate::settle_then_reverse},
};

constexpr std::string_view kHeldBySomebodyElse = "81234567890";
constexpr std::string_view kNoSuchAccount = "91234567890";
constexpr std::string_view kSomebody = "Another Account Holder";
constexpr std::string_view kSomebodyElse = "Some Other Person";  // to one who is called the former

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Fate fate_of(const Order& order) {
  const std::string account = order.method == core::PayMethod::upi ? lower_case(order.vpa.expose())
                                                                   : order.account_number.expose();
  for (const AccountRow& row : kAccounts) {
    if (row.account == account) return row.fate;
  }
  return Fate::settle;
}

bool is_payable(const Order& order) {
  if (order.amount.is_zero()) return false;
  if (order.method == core::PayMethod::upi) return core::parse_vpa(order.vpa.expose()).has_value();
  return core::parse_account_number(order.account_number.expose()).has_value();
}

RailReply refused(std::string_view reason, std::string_view text) {
  return {.outcome = BankOutcome::refused,
          .utr = {},
          .reason = std::string(reason),
          .reason_text = std::string(text),
          .ask_again_at = {}};
}

RailReply refused_by_account(const Order& order) {
  if (order.method == core::PayMethod::upi) {
    return refused("vpa_not_found", "there is no such UPI id");
  }
  return refused("account_closed", "the beneficiary's account is closed");
}

RailReply unknown_reply(std::string_view text) {
  RailReply reply;
  reply.reason = "awaiting_bank";
  reply.reason_text = std::string(text);
  return reply;
}

std::string digits_of(std::string_view key, std::size_t count) {
  const sys::Digest digest = sys::sha256(key);
  std::string digits;
  for (std::size_t i = 0; i < count; ++i) digits += static_cast<char>('0' + digest[i] % 10);
  return digits;
}

std::string padded(int value, std::size_t width) {
  std::string digits = std::to_string(value);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

int day_of_year(const core::Civil& day) {
  const core::Civil first{.year = day.year};
  const core::Civil midnight{.year = day.year, .month = day.month, .day = day.day};
  const auto from = core::instant(first, core::kUtc);
  const auto to = core::instant(midnight, core::kUtc);
  assert(from && to);
  return static_cast<int>((*to - *from) / std::chrono::hours(24)) + 1;
}

}  // namespace

SandboxBank::SandboxBank(const sys::Clock& clock, Schedule schedule, Book book)
    : clock_(clock), schedule_(std::move(schedule)), book_(std::move(book)) {}

void SandboxBank::submit(const Order& order, std::function<void(RailReply)> answer) {
  RailReply reply;
  Duration delay{0};
  bool speaks_twice = false;
  Duration until_late_word{0};
  {
    const std::lock_guard lock(mutex_);
    const bool is_new = !entries_.contains(order.key);
    Entry& entry = entry_for(order);
    const Instant now = clock_.now();
    reply = decide(order, entry, now);
    if (is_new && entry.programmed) {
      delay = entry.programmed->delay;
      speaks_twice = entry.programmed->outcome == answer_twice;
      if (entry.programmed->outcome == time_out) {
        until_late_word = order.first_sent_at + kPendingFor - now;
      }
    }
  }
  if (speaks_twice) speak_later(delay + kSecondWordAfter, order);
  if (until_late_word > Duration::zero()) speak_later(until_late_word, order);
  if (delay <= Duration::zero()) return answer(std::move(reply));
  schedule_(delay, [answer = std::move(answer), reply = std::move(reply)] { answer(reply); });
}

void SandboxBank::verify(const Order& order, std::function<void(HolderReply)> answer) {
  using Answer = core::AccountVerified::Answer;
  const std::string& account = order.account_number.expose();
  if (order.method == core::PayMethod::bank && account == kNoSuchAccount) {
    return answer({.answer = Answer::missing, .name = {}});
  }
  if (order.method == core::PayMethod::bank && account == kHeldBySomebodyElse) {
    const bool alike = core::name_match(order.holder_name, kSomebody) >= core::kNamesMatch;
    return answer(
        {.answer = Answer::exists, .name = std::string(alike ? kSomebodyElse : kSomebody)});
  }
  answer({.answer = Answer::exists, .name = order.holder_name});
}

void SandboxBank::listen(Listener listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
}

void SandboxBank::program(Outcome outcome, Duration delay, std::uint32_t times) {
  const std::lock_guard lock(mutex_);
  program_ = {.outcome = outcome, .delay = delay};
  program_left_ = times;
}

std::uint64_t SandboxBank::paid_count(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(std::string(key));
  return at == entries_.end() ? 0 : at->second.paid.size();
}

std::vector<SandboxBank::Paid> SandboxBank::paid() const {
  const std::lock_guard lock(mutex_);
  std::vector<Paid> all;
  for (const std::string& key : oldest_first_) {
    const std::vector<Paid>& entry = entries_.at(key).paid;
    all.insert(all.end(), entry.begin(), entry.end());
  }
  return all;
}

SandboxBank::Entry& SandboxBank::entry_for(const Order& order) {
  const auto [at, is_new] = entries_.try_emplace(order.key);
  if (!is_new) return at->second;
  if (program_left_ > 0) {
    --program_left_;
    at->second.programmed = program_;
  }
  oldest_first_.push_back(order.key);
  if (oldest_first_.size() > kKeysRemembered) {
    entries_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  return at->second;
}

RailReply SandboxBank::decide(const Order& order, Entry& entry, Instant now) {
  if (!is_payable(order)) return refused("account_invalid", "the account is not a valid one");
  if (entry.programmed) {
    switch (entry.programmed->outcome) {
      case settle:
      case answer_twice:
        return settled(order, entry);
      case refuse:
        return refused("bank_declined", "the beneficiary's bank declined the payment");
      case unknown:
      case time_out:
        return settled_when_old_enough(order, entry, now);
      case reverse:
        return settled_then_reversed(order, entry, now);
    }
  }
  switch (fate_of(order)) {
    case Fate::settle:
      return settled(order, entry);
    case Fate::refuse:
      return refused_by_account(order);
    case Fate::pending:
      return settled_when_old_enough(order, entry, now);
    case Fate::settle_then_reverse:
      return settled_then_reversed(order, entry, now);
  }
  return unknown_reply("the bank has not answered yet");
}

RailReply SandboxBank::settled(const Order& order, Entry& entry) {
  if (entry.paid.empty()) {
    entry.paid.push_back({.key = order.key,
                          .merchant = order.merchant,
                          .payout = order.payout,
                          .amount = order.amount});
    if (book_) book_(entry.paid.back());
    sys::crash_point(sys::CrashPoint::bank_has_paid);
  }
  RailReply reply;
  reply.outcome = BankOutcome::settled;
  reply.utr = sandbox_utr(order.key, order.mode, order.first_sent_at);
  return reply;
}

RailReply SandboxBank::settled_then_reversed(const Order& order, Entry& entry, Instant now) {
  RailReply reply = settled(order, entry);
  const Instant turns_at = order.first_sent_at + kReversedAfter;
  if (now < turns_at) {
    reply.ask_again_at = turns_at;
    return reply;
  }
  for (Paid& paid : entry.paid) paid.reversed = true;
  reply.outcome = BankOutcome::reversed;
  reply.reason = "returned_by_beneficiary_bank";
  reply.reason_text = "the beneficiary's bank sent the money back";
  return reply;
}

RailReply SandboxBank::settled_when_old_enough(const Order& order, Entry& entry, Instant now) {
  if (now >= order.first_sent_at + kPendingFor) return settled(order, entry);
  return unknown_reply("the beneficiary's bank has not answered yet");
}

// Speaks up by itself, with what it would say if it were asked then.
void SandboxBank::speak_later(Duration delay, const Order& order) {
  schedule_(delay, [this, order] {
    RailReply reply;
    Listener listener;
    {
      const std::lock_guard lock(mutex_);
      reply = decide(order, entry_for(order), clock_.now());
      listener = listener_;
    }
    if (listener) listener(order.merchant, order.payout, std::move(reply));
  });
}

std::optional<SandboxBank::Outcome> parse_sandbox_outcome(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, SandboxBank::Outcome>, 6> kNames{{
      {"settle", settle},
      {"refuse", refuse},
      {"unknown", unknown},
      {"reverse", reverse},
      {"time_out", time_out},
      {"answer_twice", answer_twice},
  }};
  for (const auto& [name, outcome] : kNames) {
    if (name == text) return outcome;
  }
  return std::nullopt;
}

// The shapes are those of the public reference pages: RRN is the year's last digit, the day of the
// year, the hour and six digits; NEFT is bank code, N, year, day and six digits; RTGS is bank code,
// R, channel, date and eight digits. The digits come from the key, so two keys of the same hour can
// share a reference, as they cannot at a real bank.
std::string sandbox_utr(std::string_view key, std::string_view mode, Instant first_sent_at) {
  const core::Civil day = core::civil(first_sent_at, core::kIndia);
  const std::string ordinal = padded(day_of_year(day), 3);
  if (mode == "NEFT") {
    return "SNDBN" + padded(day.year % 100, 2) + ordinal + digits_of(key, 6);
  }
  if (mode == "RTGS") {
    return "SNDBR5" + padded(day.year, 4) + padded(day.month, 2) + padded(day.day, 2) +
           digits_of(key, 8);
  }
  return padded(day.year % 10, 1) + ordinal + padded(day.hour, 2) + digits_of(key, 6);
}

}  // namespace disburse::rails
