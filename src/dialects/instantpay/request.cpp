#include "dialects/instantpay/request.hpp"

#include <arpa/inet.h>

#include <array>

#include "dialects/instantpay/errors.hpp"
#include "dialects/instantpay/words.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Code;
using core::fail;
using core::Result;
using wire::JsonDocument;
using wire::JsonValue;

// inet_pton is text to bytes; no name is looked up.
bool is_address(std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const std::string copy(text);
  return inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1;
}

}  // namespace

Presented credentials(const wire::Request& request) {
  return {.kind = "client",
          .name = std::string(trimmed(request.header("X-Ipay-Client-Id"))),
          .secret = core::SecretText(std::string(trimmed(request.header("X-Ipay-Client-Secret"))))};
}

Result<void> check_headers(const wire::Request& request, EndpointIp endpoint_ip) {
  const std::string_view code = trimmed(request.header(field::kAuthCode));
  // The pages say 1; a public client sends 01 and works.
  if (code != "1" && code != "01") return fail(Code::credentials_invalid, field::kAuthCode);
  const std::string_view address = trimmed(request.header(field::kEndpointIp));
  if (address.empty()) {
    if (endpoint_ip == EndpointIp::required) return fail(Code::field_required, field::kEndpointIp);
    return {};
  }
  if (!is_address(address)) return fail(Code::field_invalid, field::kEndpointIp);
  return {};
}

Result<JsonDocument> read_body(const wire::Request& request, Body body) {
  const std::string_view text = trimmed(request.body);
  const bool empty = text.empty() || text == "[]";
  if (empty && body == Body::optional) return wire::parse_json("{}");
  JsonDocument document = TRY(wire::parse_json(text == "[]" ? "{}" : text));
  if (!document.root().is_object()) return fail(Code::malformed_request);
  return document;
}

const JsonValue* present(const JsonValue& object, std::string_view key) {
  const JsonValue* member = object.find(key);
  return member == nullptr || member->is_null() ? nullptr : member;
}

Result<Text> read_text(const JsonValue& object, std::string_view key, std::string_view field,
                       Digits digits) {
  const JsonValue* member = present(object, key);
  if (member == nullptr) return Text();
  const bool readable = member->is_string() || (digits == Digits::taken && member->is_number());
  if (!readable) return fail(Code::field_invalid, field);
  const std::string_view text = trimmed(member->text());
  return text.empty() ? Text() : Text(std::string(text));
}

Result<std::optional<bool>> read_flag(const JsonValue& object, std::string_view key,
                                      std::string_view field) {
  const JsonValue* member = present(object, key);
  if (member == nullptr) return std::optional<bool>();
  if (member->is_boolean()) return std::optional<bool>(member->boolean());
  if (!member->is_string()) return fail(Code::field_invalid, field);
  const std::string_view text = trimmed(member->text());
  if (text.empty()) return std::optional<bool>();
  if (text != "true" && text != "false") return fail(Code::field_invalid, field);
  return std::optional<bool>(text == "true");
}

Result<const JsonValue*> read_object(const JsonValue& object, std::string_view key,
                                     std::string_view field) {
  const JsonValue* member = present(object, key);
  if (member == nullptr || (member->is_array() && member->size() == 0)) return nullptr;
  if (!member->is_object()) return fail(Code::field_invalid, field);
  return member;
}

}  // namespace disburse::dialects::instantpay
