// A merchant's webhook endpoints, and what they are sent again.
#include <algorithm>
#include <utility>

#include "core/draft.hpp"

namespace disburse::core {
namespace {

Delivery replay_of(const Delivery& before, const Means& means) {
  Delivery again = before;
  again.id = means.ids.make<DeliveryId>(means.now);
  again.state = DeliveryState::due;
  again.tries = 0;
  again.created_at = means.now;
  again.due_at = means.now;
  again.replay_of = before.id;
  return again;
}

void send_again(const Delivery& again, const Means& means, Changes& changes) {
  changes.tasks.push_back(deliver_task(again, means.now, means));
  changes.deliveries.push_back(again);
}

const Endpoint* endpoint_of(const Loaded& loaded, MerchantId merchant, EndpointId id) {
  for (const Endpoint* endpoint : loaded.endpoints(merchant)) {
    if (endpoint->id == id) return endpoint;
  }
  return nullptr;
}

}  // namespace

bool fits(const Delivery& delivery, const ListDeliveries& wanted) {
  return (wanted.event.empty() || delivery.event == wanted.event) &&
         (wanted.event_id.empty() || delivery.event_id == wanted.event_id) &&
         (!wanted.from || delivery.created_at >= *wanted.from) &&
         (!wanted.to || delivery.created_at <= *wanted.to) &&
         (wanted.replays || !delivery.replay_of);
}

Result<Decision> decide_replay(const ReplayDelivery& command, const Loaded& loaded,
                               const Means& means) {
  const Delivery* before = loaded.delivery(command.merchant, command.delivery);
  const bool found =
      before != nullptr && (!command.endpoint || before->endpoint == command.endpoint);
  if (!found) return fail(Code::delivery_not_found);
  Delivery again = replay_of(*before, means);
  Decision decision;
  send_again(again, means, decision.changes);
  decision.reply = Reply{std::move(again)};
  return decision;
}

Result<Decision> decide_replays(const ReplayDeliveries& command, const Loaded& loaded,
                                const Means& means) {
  if (endpoint_of(loaded, command.merchant, command.endpoint) == nullptr)
    return fail(Code::endpoint_not_found);
  Decision decision;
  DeliveryList list;
  // The oldest first, as they were sent.
  for (auto id = command.found.rbegin(); id != command.found.rend(); ++id) {
    const Delivery* before = loaded.delivery(command.merchant, *id);
    if (before == nullptr || before->endpoint != command.endpoint) continue;
    const Delivery again = replay_of(*before, means);
    send_again(again, means, decision.changes);
    list.deliveries.insert(list.deliveries.begin(), DeliveryRecord{again, {}});
  }
  decision.reply = Reply{std::move(list)};
  return decision;
}

namespace {

// "https://host/path": a scheme that we send to, a host, nothing that could split a request line.
bool is_webhook_url(std::string_view url) {
  const bool scheme = url.starts_with("https://") || url.starts_with("http://");
  if (!scheme || url.size() > limits::kWebhookUrlLength) return false;
  const std::string_view rest = url.substr(url.find("://") + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const bool printable =
      std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return printable && !host.empty() && host.front() != ':' &&
         host.find('@') == std::string_view::npos;
}

// Takes the events away from the dialect's other endpoints; an endpoint left without any goes.
void take_events(const std::vector<std::string>& events, std::string_view dialect,
                 MerchantId merchant, const Loaded& loaded, Changes& changes) {
  for (const Endpoint* endpoint : loaded.endpoints(merchant)) {
    if (endpoint->dialect != dialect || endpoint->events.empty()) continue;
    Endpoint next = *endpoint;
    std::erase_if(next.events, [&](const std::string& event) {
      return std::find(events.begin(), events.end(), event) != events.end();
    });
    if (next.events.size() == endpoint->events.size()) continue;
    if (next.events.empty())
      changes.endpoints_removed.emplace_back(merchant, endpoint->id);
    else
      changes.endpoints.push_back(std::move(next));
  }
}

// Where the dialect gives each account a secret for its webhooks, endpoints without their own are
// signed with that.
SecretText account_secret(const AddEndpoint& command, const Loaded& loaded) {
  const Credential* credential =
      loaded.credential(command.dialect, kWebhookSecretKind, webhook_secret_name(command.merchant));
  return credential == nullptr || credential->revoked_at ? SecretText{}
                                                         : credential->readable_secret;
}

}  // namespace

namespace {

Endpoint new_endpoint(const AddEndpoint& command, const Loaded& loaded, const Means& means) {
  Endpoint endpoint;
  endpoint.merchant = command.merchant;
  endpoint.id = means.ids.make<EndpointId>(means.now);
  endpoint.dialect = command.dialect;
  endpoint.url = command.url;
  endpoint.secret = command.secret.empty() ? account_secret(command, loaded) : command.secret;
  endpoint.authorization = command.authorization;
  endpoint.events = command.events;
  endpoint.all_links = command.all_links;
  endpoint.created_at = means.now;
  return endpoint;
}

}  // namespace

Result<Decision> decide_add_endpoint(const AddEndpoint& command, const Loaded& loaded,
                                     const Means& means) {
  std::vector<const AddEndpoint*> wanted = {&command};
  for (const AddEndpoint& other : command.also) wanted.push_back(&other);
  std::vector<std::string> replaced;
  for (const AddEndpoint* one : wanted) {
    if (!is_webhook_url(one->url)) return fail(Code::webhook_url_invalid, "url");
    if (one->replace_same_events)
      replaced.insert(replaced.end(), one->events.begin(), one->events.end());
  }
  Decision decision;
  take_events(replaced, command.dialect, command.merchant, loaded, decision.changes);
  const std::size_t there =
      loaded.endpoints(command.merchant).size() - decision.changes.endpoints_removed.size();
  if (there + wanted.size() > limits::kEndpointsPerMerchant) return fail(Code::too_many_endpoints);
  decision.reply = Reply{new_endpoint(command, loaded, means)};
  decision.changes.endpoints.push_back(std::get<Endpoint>(*decision.reply));
  for (const AddEndpoint& other : command.also) {
    decision.changes.endpoints.push_back(new_endpoint(other, loaded, means));
  }
  return decision;
}

Result<Decision> decide_update_endpoint(const UpdateEndpoint& command, const Loaded& loaded,
                                        const Means& means) {
  const Endpoint* before = endpoint_of(loaded, command.merchant, command.endpoint);
  if (before == nullptr) return fail(Code::endpoint_not_found);
  if (command.url && !is_webhook_url(*command.url)) return fail(Code::webhook_url_invalid, "url");
  Endpoint next = *before;
  if (command.url) next.url = *command.url;
  if (command.secret) next.secret = *command.secret;
  if (command.authorization) next.authorization = *command.authorization;
  if (command.events) next.events = *command.events;
  if (command.enabled == true) next.disabled_at.reset();
  if (command.enabled == false && !next.disabled_at) next.disabled_at = means.now;
  Decision decision;
  decision.changes.endpoints.push_back(next);
  decision.reply = Reply{std::move(next)};
  return decision;
}

Result<Decision> decide_remove_endpoint(const RemoveEndpoint& command, const Loaded& loaded,
                                        const Means&) {
  Decision decision;
  if (!command.endpoint) {
    take_events(command.events, command.dialect, command.merchant, loaded, decision.changes);
    return decision;
  }
  for (const Endpoint* endpoint : loaded.endpoints(command.merchant)) {
    if (endpoint->id == command.endpoint) {
      decision.changes.endpoints_removed.emplace_back(command.merchant, command.endpoint);
      return decision;
    }
  }
  return fail(Code::endpoint_not_found);
}

}  // namespace disburse::core
