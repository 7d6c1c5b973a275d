#include "cli/relay_thread.hpp"

#include <algorithm>

#include "sys/threads.hpp"

namespace disburse::cli {
namespace {

constexpr std::chrono::milliseconds kRelayGrace{5'000};
constexpr core::Duration kRelayIdle = std::chrono::seconds(1);
constexpr core::Duration kLookWhileStopping = std::chrono::milliseconds(20);

}  // namespace

void RelayThread::start(std::unique_ptr<outbox::Relay> relay) {
  relay_ = std::move(relay);
  thread_ = std::thread([this] { run(); });
}

void RelayThread::wake() {
  const std::lock_guard guard(lock_);
  woken_ = true;
  arrived_.notify_one();
}

void RelayThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
    woken_ = true;
    arrived_.notify_one();
  }
  thread_.join();
  // While wake() may still be called: after this nobody calls it.
  relay_.reset();
}

front_door::RelayCounts RelayThread::counts() const {
  return {carried_.load(), timed_out_.load(), refused_.load(), leases_lost_.load(),
          in_flight_.load()};
}

void RelayThread::run() {
  sys::name_this_thread("relay");
  do {
    relay_->poll(clock_.moment());
    note_counts();
  } while (rest());
  relay_->let_go();
}

bool RelayThread::rest() {
  std::unique_lock guard(lock_);
  if (stopping_ && !end_) {
    end_ = clock_.elapsed() + kRelayGrace;
    // Without the lock: it speaks to the store, and who wakes waits for nobody.
    guard.unlock();
    relay_->drain();
    guard.lock();
  }
  if (stopping_ && (relay_->in_flight() == 0 || clock_.elapsed() >= *end_)) return false;
  arrived_.wait_for(guard, stopping_ ? kLookWhileStopping : wait_time(), [this] { return woken_; });
  woken_ = false;
  return true;
}

core::Duration RelayThread::wait_time() const {
  const std::optional<core::Duration> next = relay_->next_wake();
  return next ? std::clamp(*next - clock_.elapsed(), core::Duration(1), kRelayIdle) : kRelayIdle;
}

void RelayThread::note_counts() {
  carried_ = relay_->counters().carried;
  timed_out_ = relay_->counters().timed_out;
  refused_ = relay_->counters().refused;
  leases_lost_ = relay_->counters().leases_lost;
  in_flight_ = relay_->in_flight();
}

}  // namespace disburse::cli
