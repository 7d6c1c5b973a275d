#include "dialects/payu/requests.hpp"

#include "dialects/payu/identifiers.hpp"

namespace disburse::dialects::payu {

using core::Code;
using core::fail;
using core::Result;

namespace {

constexpr std::string_view kScheme = "Bearer";

std::string_view without_scheme(std::string_view value) {
  const std::string_view scheme = value.substr(0, kScheme.size());
  const bool bearer = value.size() > kScheme.size() && value[kScheme.size()] == ' ' &&
                      wire::equal_ignoring_case(scheme, kScheme);
  return bearer ? trimmed(value.substr(kScheme.size())) : value;
}

// The first of the documented places that is not empty.
std::string_view named_merchant(const wire::Request& request, const wire::Form& parameters) {
  for (const std::string_view name : {"pid", "payoutMerchantId"}) {
    const std::string_view value = trimmed(request.header(name));
    if (!value.empty()) return value;
  }
  for (const std::string_view name : {"pid", "payoutMerchantId"}) {
    const std::string_view value = trimmed(parameters.get(name));
    if (!value.empty()) return value;
  }
  return {};
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Presented credentials(const wire::Request& request) {
  std::string_view value = trimmed(request.header("Authorization"));
  if (value.empty()) value = trimmed(request.header("Authentication"));
  return {.kind = {}, .name = {}, .secret = core::SecretText(std::string(without_scheme(value)))};
}

Result<wire::Form> query_only(const wire::Request& request) {
  return wire::Form::parse(request.query);
}

Result<wire::Form> query_and_form(const wire::Request& request) {
  wire::Form parameters = TRY(query_only(request));
  const wire::Form body = TRY(wire::Form::parse(request.body));
  for (const wire::FormPair& pair : body.pairs()) parameters.add(pair.name, pair.value);
  return parameters;
}

Result<void> check_merchant(const wire::Request& request, const wire::Form& parameters,
                            const Caller& caller) {
  if (caller.merchant == nullptr) return fail(Code::credentials_missing);
  if (named_merchant(request, parameters) != payout_merchant_id(caller.merchant->id)) {
    return fail(Code::not_permitted);
  }
  return {};
}

Field text_field(const wire::JsonValue& object, std::string_view name) {
  const wire::JsonValue* value = object.find(name);
  if (value == nullptr || value->is_null()) return {};
  if (!value->is_string() && !value->is_number()) return {.given = true, .readable = false};
  if (trimmed(value->text()).empty()) return {};
  return {.given = true, .text = value->text()};
}

Result<std::optional<bool>> flag_field(const wire::JsonValue& object, std::string_view name) {
  const wire::JsonValue* value = object.find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_boolean()) return value->boolean();
  if (value->is_string()) {
    const std::string_view text = trimmed(value->text());
    if (text.empty()) return std::nullopt;
    if (wire::equal_ignoring_case(text, "true")) return true;
    if (wire::equal_ignoring_case(text, "false")) return false;
  }
  return fail(Code::field_invalid, "otp_required");
}

}  // namespace disburse::dialects::payu
