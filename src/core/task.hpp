// Work that is due at a time: timers (which the engine runs itself) and outbox rows (which the
// relay takes to a bank, a gateway or a receiver). A row is written with the change that causes it;
// back-off and giving up are rows too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/link.hpp"
#include "core/secret.hpp"

namespace disburse::core {

enum class TaskKind : std::uint8_t {
  // timers
  expire_link,
  activate_link,
  retry_queued,  // a payout that waits for balance
  // outbox
  announce,  // a topic: to be turned into one delivery for each endpoint that wants it
  notify,    // an SMS or e-mail
  verify,    // ask the rail who owns an account
  pay,       // give a payout to the rail, or ask again with the same key
  deliver,   // send a webhook
};
constexpr bool is_timer(TaskKind kind) { return kind <= TaskKind::retry_queued; }
std::string_view name(TaskKind kind);

// What to say in an SMS or e-mail.
enum class Notice : std::uint8_t { none, link_issued, otp, link_paid, link_failed };
std::string_view name(Notice notice);

struct Task {
  MerchantId merchant;
  TaskId id;
  TaskKind kind = TaskKind::announce;
  Instant due_at;
  std::uint32_t tries = 0;
  LinkId link;
  PayoutId payout;
  DeliveryId delivery;
  // announce: the link's changing fields as they were, so that an event says what was true when it
  // happened.
  Topic topic = Topic::none;
  Instant at;
  LinkState state = LinkState::none;
  std::uint32_t attempts = 0;
  FundAccountId fund_account;
  // notify
  Notice notice = Notice::none;
  Channel channel = Channel::sms;
  std::uint64_t otp_nonce = 0;

  friend bool operator==(const Task&, const Task&) = default;
};

// A merchant's webhook receiver.
struct Endpoint {
  MerchantId merchant;
  EndpointId id;
  std::string dialect;
  std::string url;
  SecretText secret;                // signs, where the dialect signs
  SecretText authorization;         // sent as a header, where the dialect does
  std::vector<std::string> events;  // the provider's names; empty: all
  bool all_links = false;           // also of links that other dialects made
  Instant created_at;
  std::optional<Instant> disabled_at;  // after a day of failures, where the dialect does that

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

enum class DeliveryState : std::uint8_t { waiting, due, delivered, given_up };
std::string_view name(DeliveryState state);

// One event for one endpoint. Deliveries of one link to one endpoint go in order: only the first
// that is not done is `due`, the rest wait.
struct Delivery {
  MerchantId merchant;
  LinkId link;
  EndpointId endpoint;
  DeliveryId id;
  DeliveryState state = DeliveryState::waiting;
  std::string event;     // the provider's name
  std::string event_id;  // the same on every try
  std::string method = "POST";
  std::string url;  // with query, where the dialect puts the event there
  std::vector<std::pair<std::string, std::string>> headers;  // without the secret ones
  std::string body;                                          // the exact bytes
  SecretText secret;  // the endpoint's when the event was made: later tries are signed with it too
  SecretText authorization;
  std::uint32_t tries = 0;
  Instant created_at;
  Instant due_at;
  DeliveryId replay_of;

  friend bool operator==(const Delivery&, const Delivery&) = default;
};

// One try of a delivery, with the answer.
struct Attempt {
  MerchantId merchant;
  DeliveryId delivery;
  std::uint32_t number = 0;  // 1, 2, 3 …
  Instant at;
  Duration took{0};
  int status = 0;      // 0: no answer
  std::string answer;  // the first 4 KiB
  std::string error;   // why there was no answer
  bool acknowledged = false;

  friend bool operator==(const Attempt&, const Attempt&) = default;
};

}  // namespace disburse::core
