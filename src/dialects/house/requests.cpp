// Bearer tokens and JSON bodies.
#include "dialects/house/requests.hpp"

#include <string>

namespace disburse::dialects::house {

using core::Code;

core::SecretText bearer_token(const wire::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  std::string_view value = request.header("authorization");
  if (value.size() <= kScheme.size()) return {};
  if (!wire::equal_ignoring_case(value.substr(0, kScheme.size()), kScheme)) return {};
  value.remove_prefix(kScheme.size());
  return core::SecretText(std::string(value));
}

core::Result<wire::JsonDocument> json_object(const wire::Request& request) {
  core::Result<wire::JsonDocument> body = wire::parse_json(request.body);
  if (body && !body->root().is_object()) return core::fail(Code::malformed_request);
  return body;
}

core::Result<std::string_view> text_member(const wire::JsonDocument& body, std::string_view name) {
  const wire::JsonValue* value = body.find(name);
  if (value == nullptr || value->is_null()) return std::string_view();
  if (!value->is_string()) return core::fail(Code::field_invalid, name);
  return value->text();
}

core::Result<std::string_view> required_text(const wire::JsonDocument& body,
                                             std::string_view name) {
  const std::string_view text = TRY(text_member(body, name));
  if (text.empty()) return core::fail(Code::field_required, name);
  return text;
}

}  // namespace disburse::dialects::house
