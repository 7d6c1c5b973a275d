// Where answers of banks, gateways, receivers and the engine wait for the relay's next poll.
//
// Threads: put() from any; take() from the relay's. Its size is limited by the calls that are open,
// and for words that nobody asked for by `unasked_limit`.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/command.hpp"
#include "notify/notifier.hpp"
#include "rails/rail.hpp"

namespace disburse::outbox {

// One carrying of one task; never used twice, so that an answer that comes late is known as one.
using Run = std::uint64_t;
inline constexpr Run kUnasked = 0;

struct BankWord {
  Run run = kUnasked;
  core::MerchantId merchant;
  core::PayoutId payout;
  rails::RailReply reply;
};
struct HolderWord {
  Run run;
  rails::HolderReply reply;
};
struct NoticeWord {
  Run run;
  notify::NotifyResult result;
};
struct AttemptWord {
  Run run;
  core::Attempt attempt;
};
// The engine's answer to a command.
struct EngineWord {
  Run run;
  std::optional<core::Code> refused;
};
using Word = std::variant<BankWord, HolderWord, NoticeWord, AttemptWord, EngineWord>;

class Mailbox {
 public:
  Mailbox(std::function<void()> wake, std::size_t unasked_limit)
      : wake_(std::move(wake)), unasked_limit_(unasked_limit) {}

  void put(Word word);
  // What a bank says by itself. Dropped beyond the limit: what matters is asked for again.
  void put_unasked(BankWord word);
  std::vector<Word> take();
  bool empty() const;
  // The relay goes: nothing is kept, and after this nobody is woken any more.
  void shut();

 private:
  mutable std::mutex mutex_;
  std::mutex wake_mutex_;
  std::function<void()> wake_;  // under wake_mutex_
  const std::size_t unasked_limit_;
  std::size_t unasked_ = 0;
  bool shut_ = false;
  std::vector<Word> words_;
};

}  // namespace disburse::outbox
