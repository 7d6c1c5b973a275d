#include "cli/node_seat.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "sys/threads.hpp"

namespace disburse::cli {
namespace {

constexpr core::Duration kRenewEvery = store::kNodeLease / 3;
constexpr core::Duration kTryAgain = std::chrono::seconds(1);
// What was begun under the lease is committed before it ends, however slow the store is.
constexpr core::Duration kMargin = store::kNodeLease / 4;

}  // namespace

core::Result<std::unique_ptr<NodeSeat>> NodeSeat::take(store::Store& store, const sys::Clock& clock,
                                                       unsigned loops) {
  auto seat = std::make_unique<NodeSeat>(store, clock, loops);
  CHECK(seat->lease());
  return seat;
}

NodeSeat::~NodeSeat() {
  if (thread_.joinable()) {
    {
      const std::lock_guard guard(lock_);
      stopping_ = true;
      stop_.notify_one();
    }
    thread_.join();
  }
  // What cannot be given back is free when the lease ends.
  if (!lease_.nodes.empty()) (void)store_.give_back_nodes(lease_);
}

std::optional<unsigned> NodeSeat::number(unsigned loop) const {
  if (clock_.elapsed().count() >= good_until_ms_) return std::nullopt;
  return numbers_[loop].load();
}

void NodeSeat::start() {
  thread_ = std::thread([this] {
    sys::name_this_thread("node lease");
    run();
  });
}

core::Result<void> NodeSeat::lease() {
  const core::Duration asked = clock_.elapsed();
  lease_ = TRY(store_.lease_nodes(loops_));
  for (unsigned loop = 0; loop < loops_; ++loop) numbers_[loop] = lease_.nodes.at(loop);
  good_since(asked);
  return {};
}

core::Result<void> NodeSeat::keep() {
  const core::Duration asked = clock_.elapsed();
  CHECK(store_.keep_nodes(lease_));
  good_since(asked);
  return {};
}

void NodeSeat::good_since(core::Duration asked) {
  good_until_ms_ = (asked + store::kNodeLease - kMargin).count();
}

void NodeSeat::run() {
  core::Duration wait = kRenewEvery;
  while (true) {
    {
      std::unique_lock guard(lock_);
      if (stop_.wait_for(guard, wait, [this] { return stopping_; })) return;
    }
    core::Result<void> kept = keep();
    if (!kept && kept.error().code == core::Code::version_conflict) {
      spdlog::warn("the node's lease had ended; it goes on under other numbers");
      good_until_ms_ = 0;
      lease_ = {};
      kept = lease();
    }
    if (!kept) spdlog::warn("the node's lease cannot be renewed: {}", kept.error().detail);
    wait = kept ? kRenewEvery : kTryAgain;
  }
}

}  // namespace disburse::cli
