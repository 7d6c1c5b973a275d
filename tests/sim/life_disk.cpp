// Accidents of the simulated disk: it stands still at any call, fails to sync, and is full.
#include "sim/life.hpp"

namespace disburse::sim {
namespace {

// The disk's dice are its own, so that a life goes the same way over memory.
constexpr std::uint64_t kDiskDice = 5'000'000;

}  // namespace

void Life::meet_disk_accident() {
  store::SimulatedDisk* const disk = world_.disk();
  if (disk == nullptr) return;
  Dice dice(seed_, step_ + kDiskDice);
  if (dice.chance(20)) {
    disk->crash_at = 1 + dice.below(dice.chance(60) ? 10 : 200);
    say("the machine will stand still at write " + std::to_string(disk->crash_at));
  }
  if (dice.chance(6)) {
    disk->fail_sync_at = 1 + dice.below(4);
    say("a sync will fail, number " + std::to_string(disk->fail_sync_at));
  }
  if (dice.chance(6)) {
    disk->full = true;
    full_steps_ = 1 + dice.below(4);
    say("the disk is full for " + std::to_string(full_steps_) + " steps");
  }
}

bool Life::disk_is_full() { return world_.disk() != nullptr && world_.disk()->full; }

bool Life::disk_is_bad() {
  const store::SimulatedDisk* const disk = world_.disk();
  return disk != nullptr && (disk->full || disk->crash_at > 0 || disk->fail_sync_at > 0);
}

// Somebody makes room, and starts a program again that takes no calls any more.
void Life::mend_disk() {
  if (world_.disk() == nullptr) return;
  if (full_steps_ > 0 && --full_steps_ == 0) world_.disk()->full = false;
  if (!world_.store_is_lost()) return;
  model_.count("lost stores");
  crash("restart over a lost store");
}

}  // namespace disburse::sim
