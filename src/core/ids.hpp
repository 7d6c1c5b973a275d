// Identifiers. Inside, an id is a time-ordered integer, so that rows are inserted at the end of
// their tree; what the world sees is that integer sealed under a key (core/public_id.hpp).
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

#include "core/time.hpp"

namespace disburse::core {

template <class Tag>
struct Id {
  std::uint64_t value = 0;  // 0 is nobody's id
  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

// Merchants come from a small reference table, so that every sealed id has room for one.
struct MerchantId {
  std::uint32_t value = 0;
  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(MerchantId, MerchantId) = default;
};

using LinkId = Id<struct LinkTag>;
using ContactId = Id<struct ContactTag>;
using FundAccountId = Id<struct FundAccountTag>;
using PayoutId = Id<struct PayoutTag>;
using TaskId = Id<struct TaskTag>;
using EndpointId = Id<struct EndpointTag>;
using DeliveryId = Id<struct DeliveryTag>;
using CredentialId = Id<struct CredentialTag>;

// Makes ids of 56 bits: 40 of milliseconds since 2024, 6 of node, 10 of sequence. Strictly rising,
// also when the clock goes back: it then counts on from the last id. 1,024 ids a millisecond; more
// borrow from the next one. Threads: one.
class IdMaker {
 public:
  static constexpr std::uint64_t kEpochMs = 1'704'067'200'000;  // 2024-01-01T00:00:00Z
  static constexpr unsigned kNodeBits = 6;
  static constexpr unsigned kSequenceBits = 10;
  static constexpr unsigned kIdBits = 56;

  explicit IdMaker(unsigned node = 0) : node_(node) {}

  // After a restart no id may be made again: start above everything that the store has seen.
  void start_above(std::uint64_t last_id);

  template <class AnyId>
  AnyId make(Instant now) {
    return AnyId{next(now)};
  }

 private:
  std::uint64_t next(Instant now);

  unsigned node_;
  std::uint64_t last_slot_ = 0;  // milliseconds and sequence, without the node
};

// The millisecond in which an id was made (to within what a burst borrowed).
Instant made_at(std::uint64_t id);

}  // namespace disburse::core

template <class Tag>
struct std::hash<disburse::core::Id<Tag>> {
  std::size_t operator()(disburse::core::Id<Tag> id) const noexcept {
    return static_cast<std::size_t>((id.value * 0x9E3779B97F4A7C15ULL) >> 16);
  }
};
template <>
struct std::hash<disburse::core::MerchantId> {
  std::size_t operator()(disburse::core::MerchantId id) const noexcept { return id.value; }
};
