// Sends a delivery once, by its dialect's rules, and keeps what came back.
//
// Promise: the body that is sent is the delivery's, byte for byte; it is signed under the secret
// that the delivery was made with; each send gives one attempt.
// Threads: send() from any; `done` is called on the HTTP client's thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/task.hpp"
#include "dialects/dialect.hpp"
#include "wire/http_client.hpp"

namespace disburse::webhook {

using HttpSend =
    std::function<void(wire::OutgoingRequest, std::function<void(wire::OutgoingAnswer)>)>;

inline constexpr std::size_t kAnswerKept = 4 * 1024;   // bytes of an answer that an attempt keeps
inline constexpr std::size_t kAnswerRead = 64 * 1024;  // bytes of an answer that are looked at
inline constexpr std::size_t kErrorKept = 500;
inline constexpr core::Duration kDefaultTimeLimit = std::chrono::seconds(10);  // rules without one
inline constexpr std::string_view kUserAgent = "Disburse-Webhook/1";

// Where an event goes: the endpoint's URL, with the event's query where its dialect has one.
std::string url_for(const core::Endpoint& endpoint, const dialects::Event& event);
wire::OutgoingRequest request_for(const core::Delivery& delivery,
                                  const dialects::WebhookRules& rules, wire::AddressRule addresses);
// What became of a try that began at `at`.
core::Attempt attempt_of(const core::Delivery& delivery, const dialects::WebhookRules& rules,
                         core::Instant at, const wire::OutgoingAnswer& answer);

class Sender {
 public:
  // public_only wherever merchants choose URLs; any in the sandbox, where receivers are on
  // loopback.
  Sender(HttpSend http, wire::AddressRule addresses);
  void send(const core::Delivery& delivery, const dialects::WebhookRules& rules, core::Instant now,
            std::function<void(core::Attempt)> done) const;

 private:
  const HttpSend http_;
  const wire::AddressRule addresses_;
};

}  // namespace disburse::webhook
