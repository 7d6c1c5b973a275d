// What the relay reports: messages handed over, events turned into deliveries, deliveries tried;
// and the merchant's webhook endpoints.
#include <algorithm>
#include <utility>

#include "core/draft.hpp"

namespace disburse::core {
namespace {

Task deliver_task(const Delivery& delivery, Instant due_at, const Means& means) {
  Task task;
  task.merchant = delivery.merchant;
  task.id = means.ids.make<TaskId>(means.now);
  task.kind = TaskKind::deliver;
  task.due_at = due_at;
  task.link = delivery.link;
  task.delivery = delivery.id;
  return task;
}

// The next of the lane, now that the one before it is done.
void start_next(const Delivery& done, const Loaded& loaded, const Means& means, Changes& changes) {
  const Delivery* next = nullptr;
  for (const Delivery* waiting : loaded.lane(done.merchant, done.link, done.endpoint)) {
    if (waiting->state == DeliveryState::due && waiting->id != done.id && !waiting->replay_of)
      return;
    if (waiting->state != DeliveryState::waiting || waiting->id == done.id) continue;
    if (next == nullptr || waiting->id < next->id) next = waiting;
  }
  if (next == nullptr) return;
  Delivery started = *next;
  started.state = DeliveryState::due;
  started.due_at = means.now;
  changes.tasks.push_back(deliver_task(started, means.now, means));
  changes.deliveries.push_back(std::move(started));
}

}  // namespace

Result<Decision> decide_notice_tried(const NoticeTried& tried, const Loaded& loaded,
                                     const Means& means) {
  const Task* task = loaded.task(tried.merchant, tried.task);
  Decision decision;
  if (task == nullptr) return decision;
  if (tried.sent || !tried.worth_retrying || task->tries + 1 >= limits::kNoticeTries) {
    decision.changes.tasks_done.emplace_back(task->merchant, task->id);
    return decision;
  }
  Task again = *task;
  again.due_at = means.now + back_off(again.tries, limits::kFirstNoticeRetry, limits::kLastAsk);
  ++again.tries;
  decision.changes.tasks.push_back(again);
  return decision;
}

Result<Decision> decide_announced(const Announced& announced, const Loaded& loaded,
                                  const Means& means) {
  const Task* task = loaded.task(announced.merchant, announced.task);
  Decision decision;
  // Announced already: a second relay, or the same one after a lost answer.
  if (task == nullptr) return decision;
  decision.changes.tasks_done.emplace_back(task->merchant, task->id);
  std::vector<EndpointId> busy;
  for (Delivery delivery : announced.deliveries) {
    const bool in_use = std::find(busy.begin(), busy.end(), delivery.endpoint) != busy.end() ||
                        !loaded.lane(task->merchant, task->link, delivery.endpoint).empty();
    delivery.merchant = task->merchant;
    delivery.link = task->link;
    delivery.id = means.ids.make<DeliveryId>(means.now);
    delivery.state = in_use ? DeliveryState::waiting : DeliveryState::due;
    delivery.due_at = means.now;
    if (!in_use) decision.changes.tasks.push_back(deliver_task(delivery, means.now, means));
    busy.push_back(delivery.endpoint);
    decision.changes.deliveries.push_back(std::move(delivery));
  }
  return decision;
}

Result<Decision> decide_delivery_tried(const DeliveryTried& tried, const Loaded& loaded,
                                       const Means& means) {
  const Task* task = loaded.task(tried.merchant, tried.task);
  const Delivery* before = loaded.delivery(tried.merchant, tried.delivery);
  Decision decision;
  if (task == nullptr) return decision;
  if (before == nullptr) {
    decision.changes.tasks_done.emplace_back(task->merchant, task->id);
    return decision;
  }
  Delivery delivery = *before;
  ++delivery.tries;
  Attempt attempt = tried.attempt;
  attempt.merchant = delivery.merchant;
  attempt.delivery = delivery.id;
  attempt.number = delivery.tries;

  if (!attempt.acknowledged && tried.retry_at) {
    Task again = *task;
    again.due_at = *tried.retry_at;
    again.tries = delivery.tries;
    delivery.due_at = again.due_at;
    decision.changes.tasks.push_back(again);
  } else {
    delivery.state = attempt.acknowledged ? DeliveryState::delivered : DeliveryState::given_up;
    decision.changes.tasks_done.emplace_back(task->merchant, task->id);
    start_next(delivery, loaded, means, decision.changes);
  }
  if (tried.disable_endpoint) {
    for (const Endpoint* endpoint : loaded.endpoints(tried.merchant)) {
      if (endpoint->id != delivery.endpoint || endpoint->disabled_at) continue;
      decision.changes.endpoints.push_back(*endpoint);
      decision.changes.endpoints.back().disabled_at = means.now;
    }
  }
  decision.changes.attempts.push_back(std::move(attempt));
  decision.changes.deliveries.push_back(std::move(delivery));
  return decision;
}

Result<Decision> decide_replay(const ReplayDelivery& command, const Loaded& loaded,
                               const Means& means) {
  const Delivery* before = loaded.delivery(command.merchant, command.delivery);
  const bool found =
      before != nullptr && (!command.endpoint || before->endpoint == command.endpoint);
  if (!found) return fail(Code::delivery_not_found);
  Delivery again = *before;
  again.id = means.ids.make<DeliveryId>(means.now);
  again.state = DeliveryState::due;
  again.tries = 0;
  again.created_at = means.now;
  again.due_at = means.now;
  again.replay_of = before->id;
  Decision decision;
  decision.changes.tasks.push_back(deliver_task(again, means.now, means));
  decision.changes.deliveries.push_back(again);
  decision.reply = Reply{std::move(again)};
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
