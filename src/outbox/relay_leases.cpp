// What the relay does about leases, where several nodes work on one store: it renews them while it
// works on a task, gives up what it lost, and gives back what it will not carry.
#include "outbox/relay.hpp"

#include <utility>

namespace disburse::outbox {

void Relay::drain() {
  if (std::exchange(draining_, true)) return;
  give_back(false);
}

void Relay::let_go() { give_back(true); }

void Relay::keep_leases(sys::Moment now) {
  if (!leased_ || now.elapsed < keep_at_) return;
  const core::Duration before = std::exchange(kept_at_, now.elapsed);
  keep_at_ = now.elapsed + parts_.limits.keep_leases;
  if (known_.empty()) return;
  std::vector<store::TaskName> names;
  names.reserve(known_.size());
  for (const auto& [task, merchant] : known_) names.emplace_back(merchant, task);
  const auto lost = parts_.reader.keep_tasks(names);
  if (lost) return lose({lost->begin(), lost->end()});
  // Nobody knows: they are ours until the leases end.
  ++counters_.read_errors;
  kept_at_ = before;
  keep_at_ = now.elapsed + parts_.limits.after_read_error;
  if (now.elapsed - kept_at_ < store::kTaskLease) return;
  std::unordered_set<core::TaskId> all;
  for (const auto& [task, merchant] : known_) all.insert(task);
  lose(std::move(all));
}

// What is open stays known, so that it is not begun a second time beside its own call.
void Relay::lose(std::unordered_set<core::TaskId> tasks) {
  if (tasks.empty()) return;
  for (const core::TaskId task : open_tasks()) tasks.erase(task);
  counters_.leases_lost += tasks.size();
  lanes_.drop(tasks);
  std::erase_if(resting_, [&](const auto& rest) { return tasks.contains(rest.second); });
  for (const core::TaskId task : tasks) known_.erase(task);
}

void Relay::give_back(bool also_open) {
  if (!leased_) return;
  const std::unordered_set<core::TaskId> open = open_tasks();
  std::vector<store::TaskName> names;
  std::unordered_set<core::TaskId> given;
  for (const auto& [task, merchant] : known_) {
    if (!also_open && open.contains(task)) continue;
    names.emplace_back(merchant, task);
    given.insert(task);
  }
  if (names.empty()) return;
  // What cannot be given back is free when its lease ends.
  if (!parts_.reader.give_back(names)) ++counters_.read_errors;
  lose(std::move(given));
}

std::unordered_set<core::TaskId> Relay::open_tasks() const {
  std::unordered_set<core::TaskId> tasks;
  for (const auto& [run, open] : open_) tasks.insert(open.task.id);
  return tasks;
}

}  // namespace disburse::outbox
