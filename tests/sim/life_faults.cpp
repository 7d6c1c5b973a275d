// The world outside, and accidents.
#include <utility>

#include "sim/life.hpp"

namespace disburse::sim {

using rails::SandboxBank;

void Life::pass(core::Duration time) {
  world_.advance(time);
  hear_secrets();
}

void Life::do_wait_seconds() { pass(dice_.seconds(1, 90)); }
void Life::do_wait_minutes() { pass(dice_.seconds(120, 4 * 3'600)); }
void Life::do_wait_days() { pass(dice_.seconds(5 * 3'600, 9 * 24 * 3'600)); }

void Life::do_program_bank() {
  using enum SandboxBank::Outcome;
  static constexpr SandboxBank::Outcome kOutcomes[] = {settle,  refuse,   unknown,
                                                       reverse, time_out, answer_twice};
  const SandboxBank::Outcome outcome = dice_.pick(kOutcomes);
  const core::Duration delay =
      dice_.chance(50) ? core::Duration::zero() : dice_.seconds(0, dice_.chance(30) ? 4'000 : 40);
  const auto times = static_cast<std::uint32_t>(1 + dice_.below(4));
  say("the bank will do " + std::to_string(static_cast<int>(outcome)) + " after " +
      std::to_string(delay.count()) + " ms, " + std::to_string(times) + " times");
  world_.bank().program(outcome, delay, times);
}

// The bank takes back, unasked, what it has said of a payout for good. Nothing may change.
void Life::do_contradict() {
  const auto number = some_link();
  if (!number) return;
  const KnownLink& link = model_.links[*number];
  const auto view = view_of(link);
  if (!view || !view->payout) return;
  using enum core::BankOutcome;
  core::BankSaid said;
  said.merchant = model_.shops[link.shop].id;
  said.payout = view->payout->id;
  said.reason = "changed_its_mind";
  if (view->payout->state == core::PayoutState::settled)
    said.outcome = dice_.chance(50) ? refused : unknown;
  else if (view->payout->state == core::PayoutState::refused)
    said.outcome = dice_.chance(50) ? settled : reversed;
  else if (view->payout->state == core::PayoutState::reversed)
    said.outcome = settled;
  else
    return;
  command("the bank contradicts itself on " + link.reference, said, [](const auto&) {});
}

void Life::hook_store() {
  world_.store().before_commit([this]() -> core::Result<void> {
    if (store_fails_ == 0 || !dice_.chance(store_fails_percent_)) return {};
    --store_fails_;
    model_.count("failed commits");
    return core::fail(store_code_);
  });
}

void Life::do_fail_store() {
  store_code_ = dice_.chance(50) ? core::Code::store_unavailable : core::Code::version_conflict;
  store_fails_ = dice_.chance(75) ? 1 + dice_.below(9) : 20 + dice_.below(40);
  store_fails_percent_ = dice_.chance(50) ? 100 : 40;
  say("the store fails " + std::to_string(store_fails_) + " times with " +
      std::string(core::name(store_code_)));
}

void Life::do_crash() {
  for (std::uint64_t i = dice_.below(5); i > 0; --i) world_.step();
  say("crash");
  world_.crash();
  hook_store();
}

void Life::begin_calls(std::uint64_t count) {
  waits_ = true;
  for (std::uint64_t i = 0; i < count; ++i) {
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
  say("crash in a call, " + std::to_string(when));
  world_.crash();
  hook_store();
}

void Life::do_endpoint() {
  const Shop& shop = dice_.pick(model_.shops);
  if (dice_.chance(25)) {
    const auto all = world_.reader().list_endpoints(shop.id);
    if (!all || all->empty()) return;
    const core::Endpoint& endpoint = (*all)[dice_.below(all->size())];
    if (endpoint.id == shop.observer || endpoint.id == shop.second_observer) return;
    command("remove an endpoint", core::RemoveEndpoint{shop.id, endpoint.id, "", {}},
            [](const auto&) {});
    return;
  }
  core::AddEndpoint add;
  add.merchant = shop.id;
  add.dialect = some_dialect();
  add.url = "http://receiver.example/" + dice_.digits(4);
  add.secret = core::SecretText("signing-secret-" + dice_.digits(10));
  if (add.dialect == "payu") {
    add.events = {"default"};
    add.authorization = core::SecretText("authorization-" + dice_.digits(10));
    model_.keep_secret(add.authorization.expose());
  }
  add.all_links = dice_.chance(70);
  model_.keep_secret(add.secret.expose());
  command("endpoint for " + add.dialect, add, [](const auto&) {});
}

void Life::do_replay() {
  const Shop& shop = dice_.pick(model_.shops);
  const auto list = world_.reader().list_deliveries({shop.id, {}, {}, 20});
  if (!list || list->deliveries.empty()) return;
  const core::Delivery& chosen = dice_.pick(list->deliveries).delivery;
  command("replay", core::ReplayDelivery{shop.id, chosen.endpoint, chosen.id}, [](const auto&) {});
}

void Life::do_small_steps() {
  for (std::uint64_t i = 1 + dice_.below(12); i > 0; --i) world_.step();
}

void Life::hear_secrets() {
  for (const notify::Message& message : world_.inbox().list("")) {
    if (!message.otp.empty()) model_.keep_secret(message.otp.expose());
  }
}

void Life::calm() {
  calm_ = true;
  store_fails_ = 0;
  step_ = 999'999;
  dice_ = Dice(seed_, step_);
  world_.bank().program(SandboxBank::Outcome::settle, core::Duration::zero(), 0);
  world_.settle();
  for (Shop& shop : model_.shops) {
    const std::int64_t plenty = 1'000'00'00'000'00;
    command("the last deposit", core::Deposit{shop.id, *core::Money::from_paise(plenty), "sim"},
            [this, &shop](const core::Result<core::Reply>& reply) {
              if (reply)
                shop.deposited += plenty;
              else
                model_.blame(7, "a deposit is refused though nothing is wrong");
            });
  }
  world_.settle();
}

}  // namespace disburse::sim
