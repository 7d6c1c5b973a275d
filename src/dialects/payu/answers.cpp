#include "dialects/payu/answers.hpp"

#include "core/calendar.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::payu {
namespace {

// Every answer with an envelope is HTTP 200: clients read `status` of the body, and at least one
// takes any other HTTP status for a failure of the transport.
constexpr int kEnvelopeStatus = 200;

void code_field(wire::JsonWriter& json, int code) {
  if (code == 0) {
    json.field("code", nullptr);
  } else {
    json.field("code", code);
  }
}

wire::Response envelope(int status, std::string_view msg, int code, std::string_view data_json) {
  wire::Response response{.status = kEnvelopeStatus, .body = {}};
  response.body.reserve(64 + msg.size() + data_json.size());
  wire::JsonWriter json(response.body);
  json.begin_object().field("status", status).field("msg", msg);
  code_field(json, code);
  json.key("data").raw(data_json).end_object();
  return response;
}

std::string_view reason(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Payload Too Large";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

}  // namespace

wire::Response success(std::string_view msg, std::string_view data_json) {
  return envelope(0, msg, 0, data_json);
}

wire::Response refusal(const Problem& problem) {
  return envelope(1, problem.message, problem.code, "null");
}

wire::Response refusals(std::span<const Problem> problems) {
  std::string list;
  wire::JsonWriter json(list);
  json.begin_array();
  for (const Problem& problem : problems) {
    json.begin_object();
    code_field(json, problem.code);
    json.field("message", problem.message).end_object();
  }
  json.end_array();
  return envelope(1, "Fail", 0, list);
}

wire::Response spring_error(int status, std::string_view message, const wire::Request& request,
                            core::Instant now) {
  wire::Response response{.status = status, .body = {}};
  wire::JsonWriter(response.body)
      .begin_object()
      .field("timestamp", timestamp(now))
      .field("status", status)
      .field("error", reason(status))
      .field("message", message)
      .field("path", request.path)
      .end_object();
  return response;
}

std::string java_double(core::Money amount) {
  constexpr std::size_t kMostPlainDigits = 7;  // from 10^7 on Java writes an exponent
  std::string whole = std::to_string(amount.paise() / 100);
  const std::int64_t paise = amount.paise() % 100;
  std::string part = {static_cast<char>('0' + paise / 10), static_cast<char>('0' + paise % 10)};
  if (part[1] == '0') part.pop_back();
  if (whole.size() <= kMostPlainDigits) return whole + "." + part;

  std::string digits = whole.substr(1) + part;
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  return whole.substr(0, 1) + "." + digits + "E" + std::to_string(whole.size() - 1);
}

std::string timestamp(core::Instant at) {
  return core::format_time(at, core::kUtc, "%Y-%m-%dT%H:%M:%S.%L+0000");
}

}  // namespace disburse::dialects::payu
