// What recipients read, in one table: a text for each Notice and Channel.
//
// The SMS texts follow the rule of the DLT registry: they are registered word for word with {#var#}
// holes, and name the business. templates_for_registration() prints them so. E-mails may say more.
// Threads: pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.hpp"
#include "notify/notifier.hpp"

namespace disburse::notify {

// The sender's registration with the operators; empty in the sandbox.
struct Dlt {
  std::string header;  // six letters
  std::string entity_id;
  std::array<std::string, 4> template_ids = {};  // by Notice, from link_issued on
  std::string_view template_id(core::Notice notice) const;
};

// What a text may be filled with.
struct Facts {
  core::Notice notice = core::Notice::none;
  core::Channel channel = core::Channel::sms;
  std::string id;
  std::string to;
  std::string merchant_name;
  core::Money amount;
  std::string url;  // of the link
  core::SecretText otp;
  core::Duration otp_life{0};
  std::string support;  // whom to ask; may be empty
  core::Instant at;
};

Message render(const Facts& facts, const Dlt& dlt);

struct Registration {
  core::Notice notice;
  std::string text;  // with {#var#}
};
std::vector<Registration> templates_for_registration();

}  // namespace disburse::notify
