#include "rails/all.hpp"

#include "rails/manual/manual_rail.hpp"

namespace disburse::rails {
namespace {

std::unique_ptr<Rail> make_sandbox(const RailMeans& means) {
  return std::make_unique<SandboxBank>(means.clock, means.schedule, means.book);
}

std::unique_ptr<Rail> make_manual(const RailMeans&) { return std::make_unique<ManualRail>(); }

// One line for each rail.
constexpr RailKind kRails[] = {
    {.name = SandboxBank::kName, .sandbox_only = true, .make = make_sandbox},
    {.name = ManualRail::kName, .make = make_manual},
};

}  // namespace

std::span<const RailKind> all() { return kRails; }

const RailKind* find(std::string_view name) {
  for (const RailKind& rail : kRails) {
    if (rail.name == name) return &rail;
  }
  return nullptr;
}

}  // namespace disburse::rails
