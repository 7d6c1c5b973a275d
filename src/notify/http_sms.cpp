#include "notify/http_sms.hpp"

#include <array>
#include <utility>

#include "core/recipient.hpp"
#include "wire/json.hpp"
#include "wire/url.hpp"

namespace disburse::notify {
namespace {

constexpr std::size_t kAnswerRead = 16 * 1024;
constexpr std::array<std::string_view, 13> kPlaceholders = {
    "to",         "to_digits",     "to_national",    "text",    "otp",
    "url",        "merchant",      "amount",         "minutes", "id",
    "dlt_header", "dlt_entity_id", "dlt_template_id"};

enum class Escape : std::uint8_t { percent, json, none };

Escape escape_for(BodyKind kind) {
  switch (kind) {
    case BodyKind::none:
      return Escape::none;
    case BodyKind::form:
      return Escape::percent;
    case BodyKind::json:
      return Escape::json;
  }
  return Escape::none;
}

std::string escaped(std::string_view value, Escape escape) {
  switch (escape) {
    case Escape::percent:
      return wire::percent_encode(value);
    case Escape::none:
      return std::string(value);
    case Escape::json:
      break;
  }
  std::string quoted;
  wire::append_json_string(quoted, value);
  return quoted.substr(1, quoted.size() - 2);
}

// Whether it has the shape of a placeholder's name; anything else in braces is the body's own.
bool is_name(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || c == '_')) return false;
  }
  return true;
}

// Calls `plain` with what stands between placeholders, and `placeholder` with their names.
template <class Plain, class Placeholder>
void walk(std::string_view text, const Plain& plain, const Placeholder& placeholder) {
  std::size_t from = 0;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == text.npos) break;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (!is_name(name)) continue;
    plain(text.substr(from, open - from));
    placeholder(name);
    from = close + 1;
  }
  plain(text.substr(from));
}

struct Phone {
  std::string e164;
  std::string digits;
  std::string national;
};

core::Result<Phone> phone_of(std::string_view text) {
  if (const auto indian = core::parse_indian_mobile(text)) {
    return Phone{*indian, indian->substr(1), indian->substr(3)};
  }
  const std::string any = TRY(core::parse_phone(text));
  std::string digits;
  for (const char c : any) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return Phone{"+" + digits, digits, digits};
}

std::string value_of(std::string_view name, const Message& message, const Phone& phone) {
  if (name == "to") return phone.e164;
  if (name == "to_digits") return phone.digits;
  if (name == "to_national") return phone.national;
  if (name == "text") return message.text.expose();
  if (name == "id") return message.id;
  if (name == "dlt_header") return message.dlt_header;
  if (name == "dlt_entity_id") return message.dlt_entity_id;
  if (name == "dlt_template_id") return message.dlt_template_id;
  for (const auto& [variable, value] : message.variables) {
    if (variable == name) return value.expose();
  }
  return {};
}

std::string filled(std::string_view text, Escape escape, const Message& message,
                   const Phone& phone) {
  std::string out;
  walk(
      text, [&out](std::string_view plain) { out += plain; },
      [&](std::string_view name) { out += escaped(value_of(name, message, phone), escape); });
  return out;
}

core::Result<void> check_names(std::string_view text, std::string_view field) {
  std::string unknown;
  walk(
      text, [](std::string_view) {},
      [&unknown](std::string_view name) {
        for (const std::string_view known : kPlaceholders) {
          if (known == name) return;
        }
        unknown = name;
      });
  if (unknown.empty()) return {};
  return core::fail(core::Code::configuration_invalid, field, "there is no {" + unknown + "}");
}

std::string_view content_type(BodyKind kind) {
  switch (kind) {
    case BodyKind::none:
      return {};
    case BodyKind::form:
      return "application/x-www-form-urlencoded";
    case BodyKind::json:
      return "application/json";
  }
  return {};
}

// What another try could mend: the gateway's trouble, too many at once, or a key that an operator
// is about to correct.
bool may_pass(int status) {
  return status >= 500 || status == 401 || status == 403 || status == 408 || status == 425 ||
         status == 429;
}

}  // namespace

core::Result<void> check(const HttpSmsOptions& options) {
  CHECK(check_names(options.url, "sms-url"));
  CHECK(check_names(options.body, "sms-body"));
  std::string example;
  walk(
      options.url, [&example](std::string_view plain) { example += plain; },
      [&example](std::string_view) { example += "0"; });
  if (!wire::parse_url(example)) {
    return core::fail(core::Code::configuration_invalid, "sms-url", "is not an http(s) URL");
  }
  return {};
}

core::Result<wire::OutgoingRequest> sms_request(const HttpSmsOptions& options,
                                                const Message& message) {
  const Phone phone = TRY(phone_of(message.to));
  wire::OutgoingRequest request;
  request.method = options.method;
  request.url = filled(options.url, Escape::percent, message, phone);
  request.headers = options.headers;
  request.timeout = options.time_limit;
  request.max_answer_bytes = kAnswerRead;
  request.addresses = options.addresses;
  if (options.body_kind == BodyKind::none) return request;
  request.body = filled(options.body, escape_for(options.body_kind), message, phone);
  request.headers.emplace_back("content-type", content_type(options.body_kind));
  return request;
}

NotifyResult sms_result(const HttpSmsOptions& options, const wire::OutgoingAnswer& answer) {
  if (answer.status == 0) {
    return {.sent = false,
            .worth_retrying = true,
            .error = "SMS gateway: " + std::string(wire::name(answer.failure))};
  }
  if (answer.status < 200 || answer.status > 299) {
    return {.sent = false,
            .worth_retrying = may_pass(answer.status),
            .error = "SMS gateway: status " + std::to_string(answer.status)};
  }
  if (answer.body.find(options.success_text) == std::string::npos) {
    // Its words are not kept: gateways repeat the text, and with it the OTP.
    return {.sent = false,
            .worth_retrying = true,
            .error = "SMS gateway: the answer does not say that it was sent"};
  }
  return {.sent = true, .worth_retrying = false, .error = {}};
}

HttpSms::HttpSms(HttpSmsOptions options, HttpSend http)
    : options_(std::move(options)), http_(std::move(http)) {}

void HttpSms::send(const Message& message, Answer answer) {
  core::Result<wire::OutgoingRequest> request = sms_request(options_, message);
  if (!request) {
    return answer(
        {.sent = false, .worth_retrying = false, .error = "the phone number cannot be written to"});
  }
  http_(std::move(*request),
        [options = options_, answer = std::move(answer)](const wire::OutgoingAnswer& from) {
          answer(sms_result(options, from));
        });
}

}  // namespace disburse::notify
