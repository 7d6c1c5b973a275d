// What can be asked about webhook endpoints that are there. Part of command.hpp, which names them
// all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/task.hpp"

namespace disburse::core {

// Sends again what an endpoint was sent before, replays left out: the newest
// limits::kDeliveriesPage that fit. The engine finds them.
struct ReplayDeliveries {
  MerchantId merchant;
  EndpointId endpoint;
  std::string event = {};     // the provider's name; empty: any
  std::string event_id = {};  // empty: any
  std::optional<Instant> from = {};
  std::optional<Instant> to = {};
  std::vector<DeliveryId> found = {};
};

// What is not given stays as it is.
struct UpdateEndpoint {
  MerchantId merchant;
  EndpointId endpoint;
  std::optional<std::string> url = {};
  std::optional<SecretText> secret = {};  // deliveries that are waiting keep theirs
  std::optional<SecretText> authorization = {};
  std::optional<std::vector<std::string>> events = {};
  std::optional<bool> enabled = {};
};

}  // namespace disburse::core
