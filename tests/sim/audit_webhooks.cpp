// What merchants are told: one announcement for each change that names a topic, one delivery of it
// for each receiver, in order, in the same bytes on every try, and no secret in any of them.
#include <algorithm>

#include "sim/auditor.hpp"
#include "sim/words.hpp"

namespace disburse::sim {

// One announcement for each row that names a topic: still a task, or turned into deliveries.
void Auditor::check_announcements(const KnownLink& link, const core::Story& story,
                                  const Reading& reading) {
  const Shop& shop = model_.shops[link.shop];
  std::vector<const core::Delivery*> heard;
  std::uint64_t second = 0;
  for (const core::Delivery& delivery : story.deliveries) {
    if (delivery.replay_of) continue;
    if (delivery.endpoint == shop.observer) heard.push_back(&delivery);
    if (delivery.endpoint == shop.second_observer) ++second;
  }
  std::sort(heard.begin(), heard.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  std::size_t waiting = 0;
  std::size_t second_waiting = 0;
  for (const core::Task& task : outbox_) {
    if (task.kind != core::TaskKind::announce || task.link != link.id || task.merchant != shop.id)
      continue;
    using enum core::Topic;
    if (task.topic != link_scheduled && task.topic != payout_reversed) ++waiting;
    if (task.topic != link_scheduled && task.topic != link_pending && task.topic != link_issued)
      ++second_waiting;
  }
  std::string events;
  for (const core::Delivery* delivery : heard) events += " " + delivery->event;
  if (heard.size() + waiting != reading.told.size() ||
      second + second_waiting != reading.told_second)
    return model_.blame(4, link.reference + " was told of" + events + "; and " +
                               std::to_string(waiting) + " more wait, where " +
                               std::to_string(reading.told.size()) + " were due (and " +
                               std::to_string(second) + " + " + std::to_string(second_waiting) +
                               " of " + std::to_string(reading.told_second) + ")");
  for (std::size_t i = 0; i < heard.size(); ++i) {
    if (heard[i]->event != reading.told[i])
      return model_.blame(4, link.reference + " was told of out of order:" + events);
  }
}

// What is kept of webhooks, whoever gets them.
void Auditor::check_deliveries(const KnownLink& link, const core::Story& story) {
  for (const core::Delivery& delivery : story.deliveries) {
    if (!seen_.insert(delivery.id).second) continue;
    check_words(model_, delivery.body, "a kept webhook");
    check_words(model_, delivery.url, "a kept webhook's URL");
    for (const auto& [name, value] : delivery.headers)
      check_words(model_, value, "a kept webhook's header");
    if (delivery.link != link.id) model_.blame(4, link.reference + " has somebody else's webhook");
  }
}

void Auditor::check_webhooks() {
  for (const world::World::Sent& sent : world_.webhooks()) {
    const wire::OutgoingRequest& request = sent.request;
    check_words(model_, request.url, "a webhook's URL");
    check_words(model_, request.body, "a webhook");
    for (const auto& [name, value] : request.headers) {
      // What a receiver asked to be greeted with is a secret between it and us.
      if (wire::equal_ignoring_case(name, "authorization"))
        check_words(model_, value, "a webhook's authorization",
                    {Secret::otp, Secret::claim_token, Secret::account, Secret::credential});
      else
        check_words(model_, value, "a webhook's header");
      if (!wire::equal_ignoring_case(name, "x-razorpay-event-id")) continue;
      const auto [body, is_new] = bodies_.try_emplace(value + " " + request.url, request.body);
      if (!is_new && body->second != request.body)
        model_.blame(4, "event " + value + " was told in other bytes on another try");
    }
    trace_.hash_in(request.url + request.body);
  }
  world_.webhooks().clear();
}

}  // namespace disburse::sim
