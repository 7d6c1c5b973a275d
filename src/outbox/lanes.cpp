#include "outbox/lanes.hpp"

#include <cassert>

namespace disburse::outbox {

std::size_t Lanes::in_flight(const LaneKey& key) const {
  const auto at = lanes_.find(key);
  return at == lanes_.end() ? 0 : at->second.in_flight;
}

void Lanes::enter(const LaneKey& key) { ++lanes_[key].in_flight; }

void Lanes::leave(const LaneKey& key) {
  const auto at = lanes_.find(key);
  assert(at != lanes_.end() && at->second.in_flight > 0);
  --at->second.in_flight;
  drop_if_unused(at);
}

void Lanes::wait(const LaneKey& key, const core::Task& task) {
  lanes_[key].waiting.push_back(task);
  ++waiting_;
}

std::vector<core::Task> Lanes::next(const LaneKey& key, std::size_t room) {
  std::vector<core::Task> tasks;
  const auto at = lanes_.find(key);
  if (at == lanes_.end()) return tasks;
  Lane& lane = at->second;
  while (!lane.waiting.empty() && lane.in_flight + tasks.size() < room) {
    tasks.push_back(lane.waiting.front());
    lane.waiting.pop_front();
    --waiting_;
  }
  drop_if_unused(at);
  return tasks;
}

std::vector<LaneKey> Lanes::with_waiting() const {
  std::vector<LaneKey> keys;
  if (waiting_ == 0) return keys;
  for (const auto& [key, lane] : lanes_) {
    if (!lane.waiting.empty()) keys.push_back(key);
  }
  return keys;
}

std::size_t Lanes::waiting_in(const LaneKey& key) const {
  const auto at = lanes_.find(key);
  return at == lanes_.end() ? 0 : at->second.waiting.size();
}

void Lanes::drop(const std::unordered_set<core::TaskId>& tasks) {
  for (const LaneKey& key : with_waiting()) {
    const auto at = lanes_.find(key);
    waiting_ -= std::erase_if(at->second.waiting,
                              [&](const core::Task& task) { return tasks.contains(task.id); });
    drop_if_unused(at);
  }
}

void Lanes::drop_if_unused(std::map<LaneKey, Lane>::iterator at) {
  if (at->second.in_flight == 0 && at->second.waiting.empty()) lanes_.erase(at);
}

}  // namespace disburse::outbox
