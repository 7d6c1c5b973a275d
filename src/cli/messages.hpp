// The senders of SMS and e-mail that the options ask for.
#pragma once

#include <memory>
#include <vector>

#include "cli/options.hpp"
#include "notify/captured.hpp"
#include "notify/http_sms.hpp"
#include "notify/notifier.hpp"
#include "notify/smtp.hpp"
#include "notify/templates.hpp"
#include "wire/http_client.hpp"

namespace disburse::cli {

// In the sandbox, channels without a configured sender are captured in the inbox; outside it they
// fail, and say so.
struct Messages {
  notify::Inbox inbox;
  std::unique_ptr<notify::Smtp> smtp;
  std::unique_ptr<notify::HttpSms> sms;
  std::unique_ptr<notify::ByChannel> by_channel;
  notify::Dlt dlt;
};

core::Result<std::unique_ptr<Messages>> make_messages(const Options& options,
                                                      wire::HttpClient& http);

}  // namespace disburse::cli
