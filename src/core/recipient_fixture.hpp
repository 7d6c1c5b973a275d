// A merchant with money and a recipient who knows what to do, for tests of decisions.
#pragma once

#include "core/otp.hpp"
#include "core/world_fixture.hpp"

namespace disburse::core {

// A World with merchant 1, which has 10,000 rupees, and the steps of a link's usual life.
class Scene {
 public:
  static constexpr MerchantId kMerchant{1};
  static constexpr std::int64_t kDeposited = 1'000'000;

  World world;

  Scene() {
    EXPECT_TRUE(world.run(CreateMerchant{
        .name = "Shop", .account_number = {}, .settings = {}, .allowed_addresses = {}}));
    EXPECT_TRUE(world.run(Deposit{kMerchant, *Money::from_paise(kDeposited), "operator:test"}));
  }

  static CreateLink request(Money amount = 10'000_paise) {
    CreateLink create;
    create.merchant = kMerchant;
    create.dialect = "house";
    create.amount = amount;
    create.contact_name = "Rahul Kumar";
    create.phone = "+919876543210";
    create.email = "rahul@example.com";
    create.description = "Refund";
    return create;
  }

  LinkId create(const CreateLink& create) {
    const Result<Reply> reply = world.run(create);
    EXPECT_TRUE(reply) << "create was refused: " << name(reply.error().code);
    return reply ? std::get<LinkView>(*reply).link.id : LinkId{};
  }
  LinkId issue(Money amount = 10'000_paise) { return create(request(amount)); }

  const Link& link(LinkId id) const { return world.links.at(id); }
  LinkState state(LinkId id) const { return link(id).state; }
  const Payout& payout(LinkId id) const { return world.payouts.at(link(id).payout); }

  static SendOtp send(LinkId id) { return {{kMerchant, id}, Channel::sms, "203.0.113.9"}; }
  std::string digits(LinkId id) const {
    return otp_digits(world.hash, id, link(id).otp.nonce).expose();
  }
  VerifyOtp verify(LinkId id) const {
    return {{kMerchant, id}, SecretText(digits(id)), "203.0.113.9"};
  }
  VerifyOtp wrong(LinkId id) const {
    std::string other = digits(id);
    other[0] = other[0] == '9' ? '0' : static_cast<char>(other[0] + 1);
    return {{kMerchant, id}, SecretText(other), "203.0.113.9"};
  }

  // Gets an OTP and proves it: the claim token.
  SecretText prove(LinkId id) {
    world.now = world.now + limits::kOtpSendGap;
    EXPECT_TRUE(world.run(send(id)));
    const Result<Reply> reply = world.run(verify(id));
    EXPECT_TRUE(reply);
    return reply ? std::get<OtpVerified>(*reply).claim_token : SecretText{};
  }

  static SubmitClaim to_bank(LinkId id, SecretText token) {
    SubmitClaim submit;
    submit.claim = {kMerchant, id};
    submit.claim_token = std::move(token);
    submit.method = PayMethod::bank;
    submit.holder_name = "Rahul Kumar";
    submit.account_number = SecretText(std::string("123456789012"));
    submit.ifsc = "HDFC0000001";
    return submit;
  }
  static SubmitClaim to_upi(LinkId id, SecretText token) {
    SubmitClaim submit;
    submit.claim = {kMerchant, id};
    submit.claim_token = std::move(token);
    submit.method = PayMethod::upi;
    submit.vpa = SecretText(std::string("Rahul@OkAxis"));
    return submit;
  }

  // From issued to processing.
  PayoutId claim(LinkId id) {
    EXPECT_EQ(world.refusal(to_bank(id, prove(id))), "taken");
    return link(id).payout;
  }

  // What the bank says of the link's last payout, to the task that asks.
  BankSaid said(LinkId id, BankOutcome outcome) const {
    BankSaid said;
    said.merchant = kMerchant;
    said.payout = link(id).payout;
    said.outcome = outcome;
    for (const Task& task : world.tasks_of(TaskKind::pay)) {
      if (task.payout == said.payout) said.task = task.id;
    }
    if (outcome == BankOutcome::settled) said.utr = "UTR000000001";
    if (outcome == BankOutcome::refused) {
      said.reason = "account_closed";
      said.reason_text = "The account is closed.";
    }
    return said;
  }
  std::string_view bank(LinkId id, BankOutcome outcome) { return world.refusal(said(id, outcome)); }

  LinkId paid(Money amount = 10'000_paise) {
    const LinkId id = issue(amount);
    claim(id);
    EXPECT_EQ(bank(id, BankOutcome::settled), "taken");
    return id;
  }

  std::string_view fire(const Task& task) {
    return world.refusal(TimerFired{task.merchant, task.id, task.kind, task.link, task.payout});
  }
  // Moves the clock to when the only timer of the kind is due, and runs it.
  std::string_view fire_due(TaskKind kind) {
    const Task task = world.the(kind);
    world.now = std::max(world.now, task.due_at);
    return fire(task);
  }

  CancelLink cancel(LinkId id, CancelRule rule = CancelRule::before_claim) const {
    return {kMerchant, {id, {}}, rule, "house"};
  }
};

}  // namespace disburse::core
