// What the relay reports: messages handed over, events turned into deliveries, deliveries tried.
#include <algorithm>
#include <utility>

#include "core/draft.hpp"

namespace disburse::core {
namespace {

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

}  // namespace disburse::core
