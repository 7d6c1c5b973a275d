#include "webhook/sender.hpp"

#include <algorithm>
#include <utility>

#include "webhook/sign.hpp"
#include "wire/url.hpp"

namespace disburse::webhook {
namespace {

wire::Method method_of(std::string_view name) {
  if (name == "GET") return wire::Method::get;
  if (name == "PUT") return wire::Method::put;
  return wire::Method::post;
}

// A value that could begin another header is not sent.
bool is_header_value(std::string_view text) {
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return false;
  }
  return true;
}

std::string cut(std::string text, std::size_t size) {
  if (text.size() <= size) return text;
  // Not in the middle of a character of UTF-8, so that what is kept can be shown as JSON.
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  text.resize(size);
  return text;
}

bool is_acknowledged(const core::Delivery& delivery, const dialects::WebhookRules& rules,
                     const wire::OutgoingAnswer& answer) {
  if (answer.status == 0) return false;
  if (rules.acknowledged == nullptr) return answer.status >= 200 && answer.status < 300;
  return rules.acknowledged(delivery, answer.status, answer.body);
}

std::string error_of(const wire::OutgoingAnswer& answer) {
  if (answer.failure == wire::Failure::none) return {};
  std::string error(wire::name(answer.failure));
  if (!answer.error.empty()) error += ": " + answer.error;
  return error;
}

}  // namespace

std::string url_for(const core::Endpoint& endpoint, const dialects::Event& event) {
  return event.query.empty() ? endpoint.url : wire::with_query(endpoint.url, event.query);
}

wire::OutgoingRequest request_for(const core::Delivery& delivery,
                                  const dialects::WebhookRules& rules,
                                  wire::AddressRule addresses) {
  wire::OutgoingRequest request;
  request.method = method_of(delivery.method);
  request.url = delivery.url;
  request.timeout =
      rules.time_limit > core::Duration::zero() ? rules.time_limit : kDefaultTimeLimit;
  request.connect_timeout = std::min(request.connect_timeout, request.timeout);
  request.max_answer_bytes = kAnswerRead;
  request.addresses = addresses;
  request.headers.emplace_back("user-agent", kUserAgent);
  if (request.method != wire::Method::get) {
    request.body = delivery.body;
    request.headers.emplace_back("content-type", "application/json");
  }
  for (const auto& [name, value] : delivery.headers) {
    if (is_header_value(name) && is_header_value(value)) request.headers.emplace_back(name, value);
  }
  if (!rules.signature_header.empty() && !delivery.secret.empty()) {
    request.headers.emplace_back(rules.signature_header, sign(delivery.secret, request.body));
  }
  const std::string& authorization = delivery.authorization.expose();
  if (!rules.authorization_header.empty() && !authorization.empty() &&
      is_header_value(authorization)) {
    request.headers.emplace_back(rules.authorization_header, authorization);
  }
  return request;
}

core::Attempt attempt_of(const core::Delivery& delivery, const dialects::WebhookRules& rules,
                         core::Instant at, const wire::OutgoingAnswer& answer) {
  core::Attempt attempt;
  attempt.merchant = delivery.merchant;
  attempt.delivery = delivery.id;
  attempt.number = delivery.tries + 1;
  attempt.at = at;
  attempt.took = answer.took;
  attempt.status = answer.status;
  attempt.answer = cut(answer.body, kAnswerKept);
  attempt.error = cut(error_of(answer), kErrorKept);
  attempt.acknowledged = is_acknowledged(delivery, rules, answer);
  return attempt;
}

Sender::Sender(HttpSend http, wire::AddressRule addresses)
    : http_(std::move(http)), addresses_(addresses) {}

void Sender::send(const core::Delivery& delivery, const dialects::WebhookRules& rules,
                  core::Instant now, std::function<void(core::Attempt)> done) const {
  http_(request_for(delivery, rules, addresses_),
        [delivery, rules, now, done = std::move(done)](const wire::OutgoingAnswer& answer) {
          done(attempt_of(delivery, rules, now, answer));
        });
}

}  // namespace disburse::webhook
