// From a `notify` task to a message, or to the reason why nobody wants it any more.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <variant>

#include "core/command.hpp"
#include "core/decide.hpp"
#include "notify/templates.hpp"

namespace disburse::outbox {

// Why a message is not sent: it will not be tried again.
struct Pointless {
  std::string why;
};

std::variant<notify::Message, Pointless> message_of(const core::Task& task,
                                                    const core::LinkView& view,
                                                    const core::Merchant& merchant, std::string url,
                                                    const core::KeyedHash& hash,
                                                    const notify::Dlt& dlt, core::Instant now);

}  // namespace disburse::outbox
