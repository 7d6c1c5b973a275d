#include "notify/notifier.hpp"

namespace disburse::notify {

void ByChannel::send(const Message& message, Answer answer) {
  Notifier* const notifier = message.channel == core::Channel::sms ? sms_ : email_;
  if (notifier != nullptr) return notifier->send(message, std::move(answer));
  const std::string_view what = message.channel == core::Channel::sms ? "SMS" : "e-mail";
  answer({.sent = false,
          .worth_retrying = false,
          .error = "no sender of " + std::string(what) + " is configured"});
}

}  // namespace disburse::notify
