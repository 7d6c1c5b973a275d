// Time-ordered ids.
#include "core/ids.hpp"

#include <algorithm>
#include <cassert>

namespace disburse::core {
namespace {

constexpr std::uint64_t kSequenceMask = (1ULL << IdMaker::kSequenceBits) - 1;
constexpr std::uint64_t kNodeMask = (1ULL << IdMaker::kNodeBits) - 1;

// The id without its node: milliseconds and sequence.
std::uint64_t slot_of(std::uint64_t id) {
  const std::uint64_t ms = id >> (IdMaker::kNodeBits + IdMaker::kSequenceBits);
  return (ms << IdMaker::kSequenceBits) | (id & kSequenceMask);
}

}  // namespace

void IdMaker::start_above(std::uint64_t last_id) {
  const std::uint64_t last_node = (last_id >> kSequenceBits) & kNodeMask;
  std::uint64_t slot = slot_of(last_id);
  // Whatever our sequence, an id of the same millisecond would be below that of a higher node.
  if (last_node > (node_ & kNodeMask)) slot |= kSequenceMask;
  last_slot_ = std::max(last_slot_, slot);
}

std::uint64_t IdMaker::next(Instant now) {
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(now.ms(), 0));
  const std::uint64_t slot = (ms > kEpochMs ? ms - kEpochMs : 0) << kSequenceBits;
  last_slot_ = std::max(last_slot_ + 1, slot);
  const std::uint64_t id = ((last_slot_ >> kSequenceBits) << (kNodeBits + kSequenceBits)) |
                           ((node_ & kNodeMask) << kSequenceBits) | (last_slot_ & kSequenceMask);
  assert(id < (1ULL << kIdBits));
  return id;
}

Instant made_at(std::uint64_t id) {
  const std::uint64_t ms = id >> (IdMaker::kNodeBits + IdMaker::kSequenceBits);
  return Instant::from_ms(static_cast<std::int64_t>(ms + IdMaker::kEpochMs));
}

}  // namespace disburse::core
