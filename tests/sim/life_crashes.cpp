// Accidents of the machine: crashes at any place, restarts, a store that fails, a clock that is
// set.
#include <algorithm>
#include <utility>

#include "sim/life.hpp"

namespace disburse::sim {

void Life::hook_store() {
  world::StoreLine& line = world_.store_line();
  line.refuse_commit = [this]() -> core::Result<void> {
    if (store_fails_ == 0 || !dice_.chance(store_fails_percent_)) return {};
    --store_fails_;
    ++faults_;
    model_.count("failed commits");
    return core::fail(store_code_);
  };
  line.store_refused = [this] {
    ++faults_;
    model_.count("commits that the disk refused");
  };
  line.before_load = [this]() -> core::Result<void> {
    if (loads_fail_ == 0) return {};
    --loads_fail_;
    ++faults_;
    model_.count("failed loads");
    return core::fail(core::Code::io_failed);
  };
  line.before_commit = [this] { pass_by("before a commit"); };
  line.after_commit = [this] {
    model_.count("commits");
    pass_by("after a commit");
  };
}

void Life::do_fail_store() {
  if (dice_.chance(20)) {
    loads_fail_ = 1 + dice_.below(5);
    return say("the store cannot be read " + std::to_string(loads_fail_) + " times");
  }
  store_code_ = dice_.chance(50) ? core::Code::store_unavailable : core::Code::version_conflict;
  store_fails_ = dice_.chance(75) ? 1 + dice_.below(9) : 20 + dice_.below(40);
  store_fails_percent_ = dice_.chance(50) ? 100 : 40;
  say("the store fails " + std::to_string(store_fails_) + " times with " +
      std::string(core::name(store_code_)));
}

// Places where it matters whether the program lived: around each write, and around each word to
// the world outside.
void Life::pass_by(std::string_view place) {
  if (dies_after_ == 0 || --dies_after_ > 0) return;
  ++faults_;
  model_.count("deaths " + std::string(place));
  say("dies " + std::string(place));
  throw world::Died{};
}

void Life::do_mark_for_death() {
  dies_after_ = 1 + dice_.below(dice_.chance(50) ? 4 : 25);
  say("will die at place " + std::to_string(dies_after_));
  begin_calls(1 + dice_.below(3));
}

void Life::crash(const std::string& why) {
  say(why);
  model_.count("crashes");
  open_ = 0;
  creating_.clear();
  waits_ = false;
  in_webhook_ = false;
  stopping_ = false;
  dies_after_ = 0;
  if (world_.disk() != nullptr && world_.disk()->crashed()) model_.count("crashes in a write");
  world_.crash();
  hook_store();
}

void Life::do_crash() {
  for (std::uint64_t i = dice_.below(5); i > 0; --i) world_.step();
  crash("crash");
}

void Life::begin_calls(std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    waits_ = true;
    const std::uint64_t what = dice_.below(10);
    if (what < 4)
      do_create();
    else if (what < 6)
      do_cancel();
    else
      do_submit();
  }
  waits_ = false;
}

// Before the commit, between commit and answer, or somewhere in what follows.
void Life::do_crash_in_call() {
  begin_calls(1 + dice_.below(3));
  const std::uint64_t when = dice_.below(3);
  if (when >= 1) world_.engine().run_batch();
  if (when == 2) {
    for (std::uint64_t i = dice_.below(8); i > 0; --i) world_.step();
  }
  crash("crash in a call, " + std::to_string(when));
}

void Life::do_restart() {
  begin_calls(dice_.below(4));
  say("restart");
  model_.count("restarts");
  stopping_ = true;
  if (!world_.restart()) model_.blame(7, "the program does not stop, or leaves a call unanswered");
  stopping_ = false;
  open_ = 0;
  creating_.clear();
  hook_store();
}

void Life::jump(core::Duration by) {
  say("the clock jumps by " + std::to_string(by.count() / 1000) + " s");
  model_.count(by < core::Duration::zero() ? "clock set back" : "clock set forward");
  fast_ += by;
  furthest_ = std::max(furthest_, fast_);
  if (by < core::Duration::zero()) model_.set_back -= by;
  world_.clock().jump(by);
}

void Life::do_jump_clock() {
  const std::int64_t reach = dice_.chance(60) ? 300 : 3 * 24 * 3'600;
  jump(dice_.seconds(-reach, reach));
}

}  // namespace disburse::sim
