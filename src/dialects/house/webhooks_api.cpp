// /api/v1/webhooks. Secrets go in and never come out: an answer says only whether there is one.
#include "dialects/house/webhooks_api.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "dialects/house/answers.hpp"
#include "dialects/house/requests.hpp"
#include "wire/form.hpp"
#include "wire/json.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;
using core::IdKind;

constexpr std::size_t kIdDigits = 14;  // what seal83 needs in base62
constexpr std::string_view kEndpointPrefix = "whep_";
constexpr std::string_view kDeliveryPrefix = "whdl_";
constexpr std::size_t kSecretLength = 1'000;

// ---- ids
// ------------------------------------------------------------------------------------------------------

std::string sealed(const core::PublicIds& ids, IdKind kind, core::MerchantId merchant,
                   std::uint64_t id) {
  const std::string_view prefix = kind == IdKind::endpoint ? kEndpointPrefix : kDeliveryPrefix;
  return std::string(prefix) + core::base62(ids.seal83(kind, merchant, id), kIdDigits);
}

std::optional<std::uint64_t> opened(const core::PublicIds& ids, IdKind kind,
                                    core::MerchantId merchant, std::string_view text) {
  const std::string_view prefix = kind == IdKind::endpoint ? kEndpointPrefix : kDeliveryPrefix;
  if (!text.starts_with(prefix)) return std::nullopt;
  const auto digits = core::parse_base62(text.substr(prefix.size()), kIdDigits);
  return digits ? ids.open83(kind, merchant, *digits) : std::nullopt;
}

core::Result<core::EndpointId> endpoint_id(const Context& context, const Caller& caller,
                                           std::string_view text) {
  const auto id = opened(context.ids, IdKind::endpoint, caller.merchant->id, text);
  if (!id) return core::fail(Code::endpoint_not_found);
  return core::EndpointId{*id};
}

core::Result<core::DeliveryId> delivery_id(const Context& context, const Caller& caller,
                                           std::string_view text) {
  const auto id = opened(context.ids, IdKind::delivery, caller.merchant->id, text);
  if (!id) return core::fail(Code::delivery_not_found);
  return core::DeliveryId{*id};
}

// ---- requests
// -------------------------------------------------------------------------------------------------

// Whether the URL's host may be called is decided where it is called, after its name was resolved.
core::Result<std::string> checked_url(std::string_view url) {
  if (url.size() > core::limits::kWebhookUrlLength || !wire::parse_url(url)) {
    return core::fail(Code::webhook_url_invalid, "url");
  }
  return std::string(url);
}

// A value that goes into a header of ours must not be able to end it.
core::Result<core::SecretText> secret_member(const wire::JsonDocument& body,
                                             std::string_view name) {
  const std::string_view text = TRY(text_member(body, name));
  if (text.size() > kSecretLength) return core::fail(Code::field_too_long, name);
  const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (!clean) return core::fail(Code::field_invalid, name);
  return core::SecretText(std::string(text));
}

bool is_event_of(std::span<const Dialect* const> dialects, std::string_view event) {
  return std::any_of(dialects.begin(), dialects.end(), [event](const Dialect* dialect) {
    const auto& known = dialect->event_names;
    return std::find(known.begin(), known.end(), event) != known.end();
  });
}

core::Result<std::vector<std::string>> read_events(const wire::JsonDocument& body,
                                                   std::span<const Dialect* const> dialects) {
  std::vector<std::string> events;
  const wire::JsonValue* list = body.find("events");
  if (list == nullptr || list->is_null()) return events;
  if (!list->is_array()) return core::fail(Code::field_invalid, "events");
  for (const wire::JsonValue& event : *list) {
    const bool good = event.is_string() && is_event_of(dialects, event.text());
    if (!good) return core::fail(Code::event_unknown, "events");
    const bool named = std::find(events.begin(), events.end(), event.text()) != events.end();
    if (!named) events.emplace_back(event.text());
  }
  // An empty list would be read as "all" and is surely not meant so.
  if (events.empty()) return core::fail(Code::field_invalid, "events");
  return events;
}

core::Result<bool> read_links(const wire::JsonDocument& body) {
  const std::string_view links = TRY(text_member(body, "links"));
  if (links != "" && links != "own" && links != "all")
    return core::fail(Code::field_invalid, "links");
  return links == "all";
}

core::Result<Call> parse_add(const wire::Request& request, const PathArguments&,
                             const Caller& caller, const Context&) {
  const wire::JsonDocument body = TRY(json_object(request));
  const std::string_view word = TRY(required_text(body, "dialect"));
  const Dialect* dialect = find(word);
  // Only a provider's language has events; ours has none.
  if (dialect == nullptr || dialect->event_names.empty())
    return core::fail(Code::field_invalid, "dialect");

  core::AddEndpoint command;
  command.merchant = caller.merchant->id;
  command.dialect = dialect->name;
  const std::string_view url = TRY(required_text(body, "url"));
  command.url = TRY(checked_url(url));
  command.secret = TRY(secret_member(body, "secret"));
  command.authorization = TRY(secret_member(body, "authorization"));
  command.events = TRY(read_events(body, {&dialect, 1}));
  command.all_links = TRY(read_links(body));
  return Call{core::Command(std::move(command))};
}

core::Result<Call> parse_list(const wire::Request&, const PathArguments&, const Caller& caller,
                              const Context&) {
  return Call{core::Query(core::ListEndpoints{caller.merchant->id})};
}

core::Result<Call> parse_remove(const wire::Request&, const PathArguments& arguments,
                                const Caller& caller, const Context& context) {
  core::RemoveEndpoint command;
  command.merchant = caller.merchant->id;
  command.endpoint = TRY(endpoint_id(context, caller, arguments["id"]));
  return Call{core::Command(std::move(command))};
}

core::Result<std::optional<core::Instant>> read_time(std::string_view text,
                                                     std::string_view field) {
  if (text.empty()) return std::optional<core::Instant>();
  const auto at = core::parse_rfc3339(text);
  if (!at) return core::fail(Code::field_invalid, field);
  return at;
}

core::Result<std::uint32_t> read_limit(std::string_view query) {
  const wire::Form form = TRY(wire::Form::parse(query));
  const std::string_view text = form.get("limit");
  if (text.empty()) return core::limits::kDeliveriesPage;
  std::uint32_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool good = error == std::errc() && end == text.data() + text.size() && limit > 0;
  if (!good) return core::fail(Code::field_invalid, "limit");
  return std::min(limit, core::limits::kDeliveriesPage);
}

core::Result<Call> parse_deliveries(const wire::Request& request, const PathArguments& arguments,
                                    const Caller& caller, const Context& context) {
  const wire::Form form = TRY(wire::Form::parse(request.query));
  core::ListDeliveries query;
  query.merchant = caller.merchant->id;
  query.endpoint = TRY(endpoint_id(context, caller, arguments["id"]));
  query.limit = TRY(read_limit(request.query));
  query.event = form.get("event");
  query.event_id = form.get("event_id");
  query.from = TRY(read_time(form.get("from"), "from"));
  query.to = TRY(read_time(form.get("to"), "to"));
  return Call{core::Query(query)};
}

core::Result<Call> parse_replays(const wire::Request& request, const PathArguments& arguments,
                                 const Caller& caller, const Context& context) {
  core::ReplayDeliveries command;
  command.merchant = caller.merchant->id;
  command.endpoint = TRY(endpoint_id(context, caller, arguments["id"]));
  const wire::JsonDocument body = TRY(json_object(request));
  command.event = TRY(text_member(body, "event"));
  command.event_id = TRY(text_member(body, "event_id"));
  const std::string_view from = TRY(text_member(body, "from"));
  const std::string_view to = TRY(text_member(body, "to"));
  command.from = TRY(read_time(from, "from"));
  command.to = TRY(read_time(to, "to"));
  // Everything that was ever sent is never meant.
  const bool chosen = !command.event.empty() || !command.event_id.empty() || command.from;
  if (!chosen) return core::fail(Code::field_required, "from");
  return Call{core::Command(std::move(command))};
}

core::Result<std::optional<bool>> flag_member(const wire::JsonDocument& body,
                                              std::string_view name) {
  const wire::JsonValue* value = body.find(name);
  if (value == nullptr) return std::optional<bool>();
  if (!value->is_boolean()) return core::fail(Code::field_invalid, name);
  return std::optional(value->boolean());
}

// A member that is missing stays as it is; `events` null means all.
core::Result<Call> parse_update(const wire::Request& request, const PathArguments& arguments,
                                const Caller& caller, const Context& context) {
  core::UpdateEndpoint command;
  command.merchant = caller.merchant->id;
  command.endpoint = TRY(endpoint_id(context, caller, arguments["id"]));
  const wire::JsonDocument body = TRY(json_object(request));
  if (body.find("url") != nullptr) {
    const std::string_view url = TRY(required_text(body, "url"));
    command.url = TRY(checked_url(url));
  }
  if (body.find("secret") != nullptr) command.secret = TRY(secret_member(body, "secret"));
  if (body.find("authorization") != nullptr)
    command.authorization = TRY(secret_member(body, "authorization"));
  if (body.find("events") != nullptr) command.events = TRY(read_events(body, all()));
  command.enabled = TRY(flag_member(body, "enabled"));
  return Call{core::Command(std::move(command))};
}

core::Result<Call> parse_replay(const wire::Request&, const PathArguments& arguments,
                                const Caller& caller, const Context& context) {
  core::ReplayDelivery command;
  command.merchant = caller.merchant->id;
  command.endpoint = TRY(endpoint_id(context, caller, arguments["id"]));
  command.delivery = TRY(delivery_id(context, caller, arguments["delivery"]));
  return Call{core::Command(command)};
}

// ---- answers
// --------------------------------------------------------------------------------------------------

void write_endpoint(wire::JsonWriter& json, const core::PublicIds& ids,
                    const core::Endpoint& endpoint) {
  json.begin_object();
  json.field("id", sealed(ids, IdKind::endpoint, endpoint.merchant, endpoint.id.value));
  json.field("dialect", endpoint.dialect).field("url", endpoint.url);
  json.key("events");
  if (endpoint.events.empty()) {
    json.null();
  } else {
    json.begin_array();
    for (const std::string& event : endpoint.events) json.string(event);
    json.end_array();
  }
  json.field("links", endpoint.all_links ? "all" : "own");
  json.field("has_secret", !endpoint.secret.empty());
  json.field("has_authorization", !endpoint.authorization.empty());
  write_time(json, "created_at", endpoint.created_at);
  write_time(json, "disabled_at", endpoint.disabled_at);
  json.end_object();
}

void write_request(wire::JsonWriter& json, const core::Delivery& delivery) {
  json.key("request").begin_object();
  json.field("method", delivery.method).field("url", delivery.url);
  json.key("headers").begin_object();
  for (const auto& [header, value] : delivery.headers) json.field(header, value);
  json.end_object();
  json.field("body", delivery.body);
  json.end_object();
}

void write_attempt(wire::JsonWriter& json, const core::Attempt& attempt) {
  json.begin_object();
  json.field("number", static_cast<std::uint64_t>(attempt.number));
  json.field("at", core::rfc3339(attempt.at));
  json.field("took_ms", static_cast<std::int64_t>(attempt.took.count()));
  json.key("status");
  attempt.status == 0 ? json.null() : json.number(attempt.status);
  json.key("answer");
  attempt.status == 0 ? json.null() : json.string(attempt.answer);
  json.key("error");
  attempt.error.empty() ? json.null() : json.string(attempt.error);
  json.field("acknowledged", attempt.acknowledged);
  json.end_object();
}

void write_delivery(wire::JsonWriter& json, const core::PublicIds& ids,
                    const core::DeliveryRecord& record) {
  const core::Delivery& delivery = record.delivery;
  const bool open =
      delivery.state == core::DeliveryState::waiting || delivery.state == core::DeliveryState::due;
  json.begin_object();
  json.field("id", sealed(ids, IdKind::delivery, delivery.merchant, delivery.id.value));
  json.field("event", delivery.event).field("event_id", delivery.event_id);
  json.field("state", core::name(delivery.state));
  json.field("tries", static_cast<std::uint64_t>(delivery.tries));
  write_time(json, "created_at", delivery.created_at);
  write_time(json, "due_at", open ? std::optional(delivery.due_at) : std::nullopt);
  json.key("replay_of");
  if (delivery.replay_of) {
    json.string(sealed(ids, IdKind::delivery, delivery.merchant, delivery.replay_of.value));
  } else {
    json.null();
  }
  write_request(json, delivery);
  json.key("attempts").begin_array();
  for (const core::Attempt& attempt : record.attempts) write_attempt(json, attempt);
  json.end_array();
  json.end_object();
}

wire::Response render_added(const core::Result<Answer>& result, const wire::Request&,
                            const PathArguments&, const Caller&, const Context& context) {
  const auto* endpoint = reply_of<core::Endpoint>(result);
  if (endpoint == nullptr) return problem(error_of(result));
  wire::Response response{.status = 201};
  wire::JsonWriter json(response.body);
  write_endpoint(json, context.ids, *endpoint);
  return response;
}

wire::Response render_list(const core::Result<Answer>& result, const wire::Request&,
                           const PathArguments&, const Caller&, const Context& context) {
  const auto* list = reply_of<core::EndpointList>(result);
  if (list == nullptr) return problem(error_of(result));
  wire::Response response;
  wire::JsonWriter json(response.body);
  json.begin_object().key("webhooks").begin_array();
  for (const core::Endpoint& endpoint : list->endpoints)
    write_endpoint(json, context.ids, endpoint);
  json.end_array().end_object();
  return response;
}

wire::Response render_removed(const core::Result<Answer>& result, const wire::Request&,
                              const PathArguments&, const Caller&, const Context&) {
  if (!result) return problem(error_of(result));
  return {.status = 204, .content_type = ""};
}

wire::Response render_deliveries(const core::Result<Answer>& result, const wire::Request&,
                                 const PathArguments&, const Caller&, const Context& context) {
  const auto* list = reply_of<core::DeliveryList>(result);
  if (list == nullptr) return problem(error_of(result));
  wire::Response response;
  wire::JsonWriter json(response.body);
  json.begin_object().key("deliveries").begin_array();
  for (const core::DeliveryRecord& record : list->deliveries)
    write_delivery(json, context.ids, record);
  json.end_array().end_object();
  return response;
}

wire::Response render_replays(const core::Result<Answer>& result, const wire::Request& request,
                              const PathArguments& arguments, const Caller& caller,
                              const Context& context) {
  wire::Response response = render_deliveries(result, request, arguments, caller, context);
  if (response.status == 200) response.status = 202;
  return response;
}

wire::Response render_updated(const core::Result<Answer>& result, const wire::Request& request,
                              const PathArguments& arguments, const Caller& caller,
                              const Context& context) {
  wire::Response response = render_added(result, request, arguments, caller, context);
  if (response.status == 201) response.status = 200;
  return response;
}

wire::Response render_replayed(const core::Result<Answer>& result, const wire::Request&,
                               const PathArguments&, const Caller&, const Context& context) {
  const auto* delivery = reply_of<core::Delivery>(result);
  if (delivery == nullptr) return problem(error_of(result));
  wire::Response response{.status = 202};
  wire::JsonWriter json(response.body);
  write_delivery(json, context.ids, core::DeliveryRecord{*delivery, {}});
  return response;
}

}  // namespace

constinit const std::array<Route, 7> kWebhooksApi = {{
    {wire::Method::post, "/api/v1/webhooks", Access::merchant, parse_add, render_added, 65536},
    {wire::Method::get, "/api/v1/webhooks", Access::merchant, parse_list, render_list},
    {wire::Method::patch, "/api/v1/webhooks/{id}", Access::merchant, parse_update, render_updated,
     65536},
    {wire::Method::post, "/api/v1/webhooks/{id}/replays", Access::merchant, parse_replays,
     render_replays, 65536},
    {wire::Method::delete_, "/api/v1/webhooks/{id}", Access::merchant, parse_remove,
     render_removed},
    {wire::Method::get, "/api/v1/webhooks/{id}/deliveries", Access::merchant, parse_deliveries,
     render_deliveries},
    {wire::Method::post, "/api/v1/webhooks/{id}/deliveries/{delivery}/replay", Access::merchant,
     parse_replay, render_replayed},
}};

}  // namespace disburse::dialects::house
