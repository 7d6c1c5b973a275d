// Buckets of calls; see the header.
#include "front_door/call_budget.hpp"

#include <algorithm>

namespace disburse::front_door {
namespace {
constexpr std::int64_t kOneCall = 1000;  // so that so many calls a second are as many a millisecond
}

bool CallBudget::take(core::CredentialId caller, core::Duration elapsed) {
  if (per_second_ == 0) return true;
  if (buckets_.size() >= kBuckets && buckets_.find(caller) == buckets_.end()) buckets_.clear();
  const std::int64_t full = per_second_ * kOneCall;
  Bucket& bucket = buckets_.try_emplace(caller, Bucket{full, elapsed}).first->second;
  // More than a second fills the bucket; a longer pause must not overflow the product.
  const core::Duration since =
      std::min<core::Duration>(elapsed - bucket.filled_at, std::chrono::seconds(1));
  bucket.thousandths = std::min(full, bucket.thousandths + since.count() * per_second_);
  bucket.filled_at = elapsed;
  if (bucket.thousandths < kOneCall) return false;
  bucket.thousandths -= kOneCall;
  return true;
}

}  // namespace disburse::front_door
