// The sandbox's controls: messages, clock, deposits, merchants and the simulated bank, under
// /sandbox/. For loopback callers only, and only there when the program runs with --sandbox.
// Threads: the routes run on the socket thread; what waits for the engine is the account maker's.
#pragma once

#include <functional>
#include <string>

#include "engine/door.hpp"
#include "front_door/front_door.hpp"
#include "notify/captured.hpp"
#include "rails/sandbox/sandbox_bank.hpp"
#include "sandbox/account_maker.hpp"
#include "sys/clock.hpp"
#include "sys/files.hpp"

namespace disburse::sandbox {

struct Parts {
  engine::Door& engine;
  store::Reader& reader;  // of the socket thread
  sys::SandboxClock& clock;
  sys::Files& files;
  sys::Path folder;  // where the clock's offset is kept
  AccountMaker& accounts;
  notify::Inbox& inbox;
  rails::SandboxBank& bank;
  std::function<void()> wake_relay;
  std::function<void(core::Duration, std::function<void()>)> run_after;  // on the socket thread
  core::MerchantId merchant;  // whose account deposits go to
};

// Adds the routes. `parts` are kept by what is added.
void add_controls(front_door::FrontDoor& door, Parts parts);

// How far an earlier run had moved the clock, so that a restart does not go back in time. Zero when
// it never was.
core::Duration saved_offset(const sys::Files& files, const sys::Path& folder);

}  // namespace disburse::sandbox
