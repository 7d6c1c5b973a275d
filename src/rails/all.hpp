// The rails that this program was built with, by name. A new one is a folder and a line in all.cpp.
//
// Threads: immutable.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "rails/rail.hpp"
#include "rails/sandbox/sandbox_bank.hpp"
#include "sys/clock.hpp"

namespace disburse::rails {

// What a rail may be made from.
struct RailMeans {
  const sys::Clock& clock;
  SandboxBank::Schedule schedule;
  SandboxBank::Book book = {};
};

struct RailKind {
  std::string_view name;
  bool sandbox_only = false;  // pays nobody: refused in live mode
  std::unique_ptr<Rail> (*make)(const RailMeans&) = nullptr;
};

std::span<const RailKind> all();
// nullptr when there is none of that name.
const RailKind* find(std::string_view name);

}  // namespace disburse::rails
