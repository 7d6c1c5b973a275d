#include "dialects/payu/webhook_setup.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "dialects/payu/errors.hpp"
#include "dialects/payu/events.hpp"
#include "dialects/payu/requests.hpp"
#include "wire/json.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::payu {

using core::Code;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kAuthorizationLength = 2'000;

Result<std::string> parse_target(const wire::JsonValue* values) {
  if (values == nullptr) return fail(Code::webhook_url_invalid, "url");
  const Field url = text_field(*values, "url");
  const std::string_view text = trimmed(url.text);
  const bool good = url.given && url.readable && text.size() <= core::limits::kWebhookUrlLength &&
                    wire::parse_url(text).has_value();
  if (!good) return fail(Code::webhook_url_invalid, "url");
  return std::string(text);
}

// It becomes a header's value: a line end in it would be another header.
Result<core::SecretText> parse_authorization(const wire::JsonValue* values) {
  if (values == nullptr) return core::SecretText();
  const Field field = text_field(*values, "authorization");
  const bool clean = std::all_of(field.text.begin(), field.text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
  });
  if (!field.readable || !clean || field.text.size() > kAuthorizationLength) {
    return fail(Code::field_invalid, "authorization");
  }
  return core::SecretText(std::string(field.text));
}

Result<std::string> parse_key(const wire::JsonValue* key) {
  if (key == nullptr || !key->is_string()) return fail(Code::event_unknown, "events");
  std::string canonical = canonical_key(key->text());
  if (!is_event_key(canonical)) return fail(Code::event_unknown, "events");
  return canonical;
}

Result<core::AddEndpoint> parse_setting(const wire::JsonValue& setting, core::MerchantId merchant) {
  if (!setting.is_object()) return fail(Code::malformed_request);
  core::AddEndpoint endpoint;
  endpoint.merchant = merchant;
  endpoint.dialect = "payu";
  const wire::JsonValue* values = setting.find("values");
  endpoint.url = TRY(parse_target(values));
  endpoint.authorization = TRY(parse_authorization(values));
  std::string key = TRY(parse_key(setting.find("webhook")));
  endpoint.events.push_back(std::move(key));
  endpoint.replace_same_events = true;
  return endpoint;
}

// Of one key set twice in a request the later counts, as it would in two requests.
void put(std::vector<core::AddEndpoint>& endpoints, core::AddEndpoint endpoint) {
  std::erase_if(endpoints, [&endpoint](const core::AddEndpoint& other) {
    return other.events == endpoint.events;
  });
  endpoints.push_back(std::move(endpoint));
}

Result<std::vector<core::AddEndpoint>> parse_settings(const wire::JsonValue& root,
                                                      core::MerchantId merchant) {
  std::vector<core::AddEndpoint> endpoints;
  if (root.is_object()) {
    endpoints.push_back(TRY(parse_setting(root, merchant)));
    return endpoints;
  }
  if (!root.is_array()) return fail(Code::malformed_request);
  for (const wire::JsonValue& setting : root) {
    put(endpoints, TRY(parse_setting(setting, merchant)));
  }
  if (endpoints.empty()) return fail(Code::field_required, "events");
  return endpoints;
}

Result<void> check_caller(const wire::Request& request, const Caller& caller) {
  const wire::Form parameters = TRY(query_only(request));
  return check_merchant(request, parameters, caller);
}

// The authorization value is a secret: it is taken and never shown.
void append_setting(wire::JsonWriter& json, std::string_view key, const core::Endpoint& endpoint) {
  json.begin_object().field("webhook", key).key("values");
  json.begin_object().field("url", endpoint.url).field("authorization", "").end_object();
  json.end_object();
}

wire::Response done_or_refused(const Result<Answer>& answer, std::string_view done,
                               const wire::Request& request, const Context& context) {
  return answer ? success(done) : render_error(answer.error(), request, context);
}

}  // namespace

Result<Call> parse_set_webhook(const wire::Request& request, const PathArguments&,
                               const Caller& caller, const Context&) {
  CHECK(check_caller(request, caller));
  const wire::JsonDocument body = TRY(wire::parse_json(request.body));
  std::vector<core::AddEndpoint> endpoints = TRY(parse_settings(body.root(), caller.merchant->id));

  core::AddEndpoint first = std::move(endpoints.front());
  endpoints.erase(endpoints.begin());
  first.also = std::move(endpoints);
  return Call{core::Command(std::move(first))};
}

wire::Response render_set_webhook(const Result<Answer>& answer, const wire::Request& request,
                                  const PathArguments&, const Caller&, const Context& context) {
  return done_or_refused(answer, "Webhook saved successfully", request, context);
}

Result<Call> parse_list_webhooks(const wire::Request& request, const PathArguments&,
                                 const Caller& caller, const Context&) {
  CHECK(check_caller(request, caller));
  return Call{core::Query(core::ListEndpoints{caller.merchant->id})};
}

wire::Response render_list_webhooks(const Result<Answer>& answer, const wire::Request& request,
                                    const PathArguments&, const Caller&, const Context& context) {
  if (!answer) return render_error(answer.error(), request, context);
  const auto* reply = std::get_if<core::Reply>(&*answer);
  const auto* list = reply == nullptr ? nullptr : std::get_if<core::EndpointList>(reply);
  if (list == nullptr) return render_error({Code::internal_error}, request, context);

  std::string settings;
  wire::JsonWriter json(settings);
  json.begin_array();
  for (const core::Endpoint& endpoint : list->endpoints) {
    if (endpoint.dialect != "payu") continue;
    for (const std::string& key : endpoint.events) append_setting(json, key, endpoint);
  }
  json.end_array();
  return success("Success", settings);
}

Result<Call> parse_delete_webhooks(const wire::Request& request, const PathArguments&,
                                   const Caller& caller, const Context&) {
  CHECK(check_caller(request, caller));
  const wire::JsonDocument body = TRY(wire::parse_json(request.body));
  const wire::JsonValue* keys = body.find("webhook");
  core::RemoveEndpoint command{
      .merchant = caller.merchant->id, .endpoint = {}, .dialect = "payu", .events = {}};
  if (keys == nullptr || !keys->is_array()) {
    command.events.push_back(TRY(parse_key(keys)));
    return Call{core::Command(std::move(command))};
  }
  for (const wire::JsonValue& key : *keys) {
    // The documented list ends in an empty key.
    if (key.is_string() && trimmed(key.text()).empty()) continue;
    command.events.push_back(TRY(parse_key(&key)));
  }
  if (command.events.empty()) return fail(Code::event_unknown, "events");
  return Call{core::Command(std::move(command))};
}

wire::Response render_delete_webhooks(const Result<Answer>& answer, const wire::Request& request,
                                      const PathArguments&, const Caller&, const Context& context) {
  return done_or_refused(answer, "Webhook deleted successfully", request, context);
}

}  // namespace disburse::dialects::payu
