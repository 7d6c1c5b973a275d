// E-mail by SMTP, through libcurl.
//
// Promise: every message is answered once, with whether another try could help: a 5xx answer about
// the recipient or the message is final, all else is not. A full queue refuses at once.
// Threads: send() from any; one thread of its own sends and answers. The destructor waits for the
// message that is being sent (at most Options::time_limit) and answers the others.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/secret.hpp"
#include "core/time.hpp"
#include "notify/mail.hpp"
#include "notify/notifier.hpp"

namespace disburse::notify {

enum class StartTls : std::uint8_t { off, when_offered, required };

struct SmtpOptions {
  std::string url;                          // "smtp://mail.example.com:587", "smtps://…:465"
  StartTls start_tls = StartTls::required;  // of no meaning for smtps
  std::string username;                     // empty: no authentication
  core::SecretText password;
  MailFrom from;
  std::string ca_file;  // PEM; instead of the system's store
  core::Duration time_limit = std::chrono::seconds(30);
  core::Duration connect_time_limit = std::chrono::seconds(10);
  std::size_t queue = 1'000;  // messages that wait
};

// Refuses options that cannot work: configuration_invalid with the field.
core::Result<void> check(const SmtpOptions& options);

class Smtp final : public Notifier {
 public:
  explicit Smtp(SmtpOptions options);
  ~Smtp() override;
  Smtp(const Smtp&) = delete;
  Smtp& operator=(const Smtp&) = delete;

  void send(const Message& message, Answer answer) override;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace disburse::notify
