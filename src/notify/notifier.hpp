// Sending an SMS or an e-mail: the message, and what takes it.
//
// Threads: send() from the relay's thread; the answer comes exactly once, on any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/link.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "core/time.hpp"

namespace disburse::notify {

struct Message {
  std::string id;  // the same on every try
  core::Notice notice = core::Notice::none;
  core::Channel channel = core::Channel::sms;
  std::string to;         // as the merchant wrote it
  std::string subject;    // e-mail only
  core::SecretText text;  // may hold an OTP
  core::SecretText otp;   // empty when the text holds none
  std::string url;        // empty when the text holds none
  std::string merchant_name;
  // What an Indian operator wants to know of an SMS (TRAI's DLT registry); empty for e-mail.
  std::string dlt_header;
  std::string dlt_entity_id;
  std::string dlt_template_id;
  // What was filled into the text, by name: merchant, amount, url, otp, minutes, support.
  std::vector<std::pair<std::string, core::SecretText>> variables;
  core::Instant at;
};

struct NotifyResult {
  bool sent = false;
  bool worth_retrying = true;  // of no meaning when sent
  std::string error;           // never holds the text
};

class Notifier {
 public:
  using Answer = std::function<void(NotifyResult)>;
  virtual ~Notifier() = default;
  virtual void send(const Message& message, Answer answer) = 0;
};

// SMS one way, e-mail another. A channel without a sender refuses for good.
class ByChannel final : public Notifier {
 public:
  // nullptr: there is none. Both must outlive this.
  ByChannel(Notifier* sms, Notifier* email) : sms_(sms), email_(email) {}
  void send(const Message& message, Answer answer) override;

 private:
  Notifier* const sms_;
  Notifier* const email_;
};

}  // namespace disburse::notify
