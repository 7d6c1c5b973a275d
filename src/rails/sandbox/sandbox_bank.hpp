// The simulated bank of the sandbox, the tests and the simulator. What it does is told by the
// account it is to pay (docs: the sandbox's table), or programmed for the next new orders.
//
// Promise: one key is paid once, and gets the same UTR however often it is asked. What an account's
// number says is computed from Order::first_sent_at and the clock alone, so it survives a restart;
// programmed outcomes and the ledger are of this object and do not.
// Threads: any; answers and the listener are called without a lock held, on the caller's thread or
// the scheduler's.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rails/rail.hpp"
#include "sys/clock.hpp"

namespace disburse::rails {

class SandboxBank final : public Rail {
 public:
  enum class Outcome : std::uint8_t { settle, refuse, unknown, reverse, time_out, answer_twice };
  // Runs the function once, after the duration, on any thread.
  using Schedule = std::function<void(core::Duration, std::function<void()>)>;

  static constexpr std::string_view kName = "sandbox";
  static constexpr core::Duration kPendingFor = std::chrono::hours(1);  // then it settles
  static constexpr core::Duration kReversedAfter = std::chrono::hours(1);
  static constexpr core::Duration kSecondWordAfter = std::chrono::seconds(1);
  static constexpr std::size_t kKeysRemembered = 200'000;  // the oldest are forgotten

  // Is told of each payment when it is made, before anybody else is; for tests that kill the
  // program, and with it what this bank remembers.
  struct Paid;
  using Book = std::function<void(const Paid&)>;

  SandboxBank(const sys::Clock& clock, Schedule schedule, Book book = {});

  std::string_view name() const override { return kName; }
  void submit(const Order& order, std::function<void(RailReply)> answer) override;
  void verify(const Order& order, std::function<void(HolderReply)> answer) override;
  void listen(Listener listener) override;

  // What happens to the next `times` new keys, whatever their account. Takes the place of what was
  // programmed before; 0 times only takes that away.
  void program(Outcome outcome, core::Duration delay, std::uint32_t times);

  // The bank's books: an entry for each time that money went out.
  struct Paid {
    std::string key;
    core::MerchantId merchant;
    core::PayoutId payout;
    core::Money amount;
    bool reversed = false;
  };
  std::uint64_t paid_count(std::string_view key) const;
  std::vector<Paid> paid() const;  // oldest first

 private:
  struct Programmed {
    Outcome outcome = Outcome::settle;
    core::Duration delay{0};
  };
  // What is known of a key: at most one of `fate` and the account decides.
  struct Entry {
    std::optional<Programmed> programmed;
    bool second_word_given = false;
    std::vector<Paid> paid;
  };

  Entry& entry_for(const Order& order);
  RailReply decide(const Order& order, Entry& entry, core::Instant now);
  RailReply settled(const Order& order, Entry& entry);
  RailReply settled_then_reversed(const Order& order, Entry& entry, core::Instant now);
  RailReply settled_when_old_enough(const Order& order, Entry& entry, core::Instant now);
  void speak_later(core::Duration delay, const Order& order);

  const sys::Clock& clock_;
  const Schedule schedule_;
  const Book book_;
  mutable std::mutex mutex_;
  Listener listener_;
  Programmed program_;
  std::uint32_t program_left_ = 0;
  std::unordered_map<std::string, Entry> entries_;
  std::deque<std::string> oldest_first_;
};

// "settle", "refuse", "unknown", "reverse", "time_out", "answer_twice"; none otherwise.
std::optional<SandboxBank::Outcome> parse_sandbox_outcome(std::string_view text);

// The bank's reference for a key: RRN (IMPS, UPI: 12 digits), NEFT (16 characters), RTGS (22).
std::string sandbox_utr(std::string_view key, std::string_view mode, core::Instant first_sent_at);

}  // namespace disburse::rails
