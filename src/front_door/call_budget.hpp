// How many calls each credential may make in a second: a bucket for each, which holds one second's
// calls and fills at that pace. What is above it is refused with too_many_requests before it is
// parsed.
//
// Promise: bounded memory. When more credentials than kBuckets call, all begin with a full bucket
// again. Threads: one (the socket thread).
#pragma once

#include <cstdint>
#include <unordered_map>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace disburse::front_door {

inline constexpr std::size_t kBuckets = 10'000;

class CallBudget {
 public:
  // 0: no limit.
  explicit CallBudget(std::uint32_t calls_per_second) : per_second_(calls_per_second) {}

  // False when the bucket is empty. `elapsed` is the time that has really passed, since whatever.
  bool take(core::CredentialId caller, core::Duration elapsed);

 private:
  struct Bucket {
    std::int64_t thousandths = 0;  // of a call
    core::Duration filled_at{0};
  };

  std::int64_t per_second_;
  std::unordered_map<core::CredentialId, Bucket> buckets_;
};

}  // namespace disburse::front_door
