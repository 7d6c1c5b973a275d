// SMS by a gateway's HTTP interface, described by templates, so that a gateway needs no code.
//
// Placeholders: {to} "+919876543210", {to_digits} "919876543210", {to_national} "9876543210",
// {text}, {otp}, {url}, {merchant}, {amount}, {minutes}, {id}, {dlt_header}, {dlt_entity_id},
// {dlt_template_id}. They are percent-encoded in the URL, escaped for the body's kind in the body.
// Other braces stay as they are, so JSON can be written as it is.
// Threads: send() from any; answers come on the HTTP client's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "notify/notifier.hpp"
#include "wire/http_client.hpp"

namespace disburse::notify {

enum class BodyKind : std::uint8_t { none, form, json };

struct HttpSmsOptions {
  wire::Method method = wire::Method::post;
  std::string url;
  BodyKind body_kind = BodyKind::none;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // as they are; keys of gateways
  std::string success_text;  // must be in the answer's body; empty: any 2xx is success
  core::Duration time_limit = std::chrono::seconds(15);
  wire::AddressRule addresses = wire::AddressRule::public_only;
};

// Refuses unknown placeholders and URLs that are none: configuration_invalid with the field.
core::Result<void> check(const HttpSmsOptions& options);

class HttpSms final : public Notifier {
 public:
  using HttpSend =
      std::function<void(wire::OutgoingRequest, std::function<void(wire::OutgoingAnswer)>)>;
  HttpSms(HttpSmsOptions options, HttpSend http);
  void send(const Message& message, Answer answer) override;

 private:
  const HttpSmsOptions options_;
  const HttpSend http_;
};

// The request for a message; phone_invalid when `to` is no phone number.
core::Result<wire::OutgoingRequest> sms_request(const HttpSmsOptions& options,
                                                const Message& message);
NotifyResult sms_result(const HttpSmsOptions& options, const wire::OutgoingAnswer& answer);

}  // namespace disburse::notify
