#include "outbox/announcement.hpp"

#include <map>

#include "webhook/sender.hpp"

namespace disburse::outbox {
namespace {

using EndpointsByDialect = std::map<std::string, std::vector<core::Endpoint>>;

EndpointsByDialect enabled_by_dialect(std::span<const core::Endpoint> endpoints) {
  EndpointsByDialect groups;
  for (const core::Endpoint& endpoint : endpoints) {
    if (!endpoint.disabled_at) groups[endpoint.dialect].push_back(endpoint);
  }
  return groups;
}

core::Delivery delivery_of(const core::Task& announcement, const core::Endpoint& endpoint,
                           const dialects::Dialect& dialect, const dialects::Event& event) {
  core::Delivery delivery;
  delivery.merchant = announcement.merchant;
  delivery.link = announcement.link;
  delivery.endpoint = endpoint.id;
  delivery.event = event.name;
  delivery.event_id = event.event_id;
  delivery.method = dialect.webhook.method;
  delivery.url = webhook::url_for(endpoint, event);
  delivery.headers = event.headers;
  delivery.body = event.body;
  delivery.secret = endpoint.secret;
  delivery.authorization = endpoint.authorization;
  delivery.created_at = announcement.at;
  delivery.due_at = announcement.at;
  return delivery;
}

}  // namespace

std::vector<core::Delivery> deliveries_of(
    const core::Task& announcement, const core::LinkView& view, const core::Merchant& merchant,
    std::span<const core::Endpoint> endpoints,
    const std::function<const dialects::Dialect*(std::string_view)>& find_dialect,
    const dialects::Context& context) {
  std::vector<core::Delivery> deliveries;
  for (const auto& [name, group] : enabled_by_dialect(endpoints)) {
    const dialects::Dialect* dialect = find_dialect(name);
    if (dialect == nullptr || dialect->events == nullptr) continue;
    const auto hears = [&view, &name = name](const core::Endpoint& endpoint) {
      return endpoint.all_links || view.link.dialect == name;
    };
    bool any = false;
    for (const core::Endpoint& endpoint : group) any = any || hears(endpoint);
    if (!any) continue;
    for (const dialects::Event& event : dialect->events(announcement, view, merchant, context)) {
      for (const core::Endpoint& endpoint : group) {
        if (!hears(endpoint) || !dialect->wants(endpoint, group, event.name)) continue;
        deliveries.push_back(delivery_of(announcement, endpoint, *dialect, event));
      }
    }
  }
  return deliveries;
}

}  // namespace disburse::outbox
