// Lanes: an endpoint, a rail or a channel is a lane with room for so many calls, and a link is one
// with room for one announcement. What finds its lane full waits in it, in the order in which it
// fell due, so that no lane delays another.
//
// Threads: the relay's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/task.hpp"

namespace disburse::outbox {

enum class LaneKind : std::uint8_t { endpoint, rail, channel, link };

struct LaneKey {
  LaneKind kind = LaneKind::endpoint;
  std::uint64_t number =
      0;  // the id of endpoint or link, the rail's place in the list, the channel
  friend auto operator<=>(const LaneKey&, const LaneKey&) = default;
};

class Lanes {
 public:
  std::size_t in_flight(const LaneKey& key) const;
  void enter(const LaneKey& key);
  void leave(const LaneKey& key);

  void wait(const LaneKey& key, const core::Task& task);
  // The tasks at the head of a lane for which it has room, taken out of it.
  std::vector<core::Task> next(const LaneKey& key, std::size_t room);
  std::vector<LaneKey> with_waiting() const;
  std::size_t waiting() const { return waiting_; }
  std::size_t waiting_in(const LaneKey& key) const;
  // Takes them out, wherever they wait.
  void drop(const std::unordered_set<core::TaskId>& tasks);

 private:
  struct Lane {
    std::size_t in_flight = 0;
    std::deque<core::Task> waiting;
  };
  void drop_if_unused(std::map<LaneKey, Lane>::iterator at);

  std::map<LaneKey, Lane> lanes_;
  std::size_t waiting_ = 0;
};

}  // namespace disburse::outbox
