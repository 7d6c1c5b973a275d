// Paying by hand: the rail of a business without a bank's API. It sends nothing; a payout stays
// unknown until an operator has made it in the bank's own portal and says so (`disburse payout
// settled ID --utr UTR`, `disburse payout refused ID`). Threads: any.
#pragma once

#include "rails/rail.hpp"

namespace disburse::rails {

class ManualRail final : public Rail {
 public:
  static constexpr std::string_view kName = "manual";
  std::string_view name() const override { return kName; }
  void submit(const Order&, std::function<void(RailReply)> answer) override { answer(RailReply{}); }
  // Nobody can be asked who holds an account.
  void verify(const Order&, std::function<void(HolderReply)> answer) override {
    answer(HolderReply{});
  }
  // The operator's word comes through the engine, not through here.
  void listen(Listener) override {}
};

}  // namespace disburse::rails
