// The sandbox's inbox: takes every message and sends none. The only place that shows an OTP.
//
// Threads: any.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "notify/notifier.hpp"

namespace disburse::notify {

class Inbox final : public Notifier {
 public:
  static constexpr std::size_t kMessagesKept = 1'000;  // the oldest go

  void send(const Message& message, Answer answer) override;

  // Newest first. A filter is a phone number (its last ten digits count) or an e-mail address in
  // any case; empty: all.
  std::deque<Message> list(std::string_view to) const;
  // {"messages":[{"id","channel","to","subject","text","otp","url","at"}]}
  std::string json(std::string_view to) const;

 private:
  mutable std::mutex mutex_;
  std::deque<Message> newest_first_;
};

}  // namespace disburse::notify
