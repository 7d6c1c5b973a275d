// The rail of a business without a bank's API.
#include "rails/manual/manual_rail.hpp"

#include <gtest/gtest.h>

namespace disburse::rails {
namespace {

TEST(ManualRail, knows_nothing_until_the_operator_has_said_it) {
  ManualRail rail;
  EXPECT_EQ(rail.name(), "manual");
  int answers = 0;
  rail.submit(Order{}, [&answers](const RailReply& reply) {
    ++answers;
    EXPECT_EQ(reply.outcome, core::BankOutcome::unknown);
    EXPECT_FALSE(reply.ask_again_at);
  });
  rail.verify(Order{}, [&answers](const HolderReply& reply) {
    ++answers;
    EXPECT_EQ(reply.answer, core::AccountVerified::Answer::unknown);
  });
  rail.listen([](core::MerchantId, core::PayoutId, const RailReply&) { FAIL() << "unasked"; });
  EXPECT_EQ(answers, 2) << "each is answered at once";
}

}  // namespace
}  // namespace disburse::rails
