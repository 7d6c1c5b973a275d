// The world outside: time, the bank, the SMS gateway, and receivers that come and go.
#include <utility>

#include "sim/life.hpp"
#include "sim/words.hpp"

namespace disburse::sim {

using rails::SandboxBank;

void Life::pass(core::Duration time) { world_.advance(time); }

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
    model_.keep_secret(Secret::signing, add.authorization.expose());
  }
  add.all_links = dice_.chance(70);
  model_.keep_secret(Secret::signing, add.secret.expose());
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

// ---- the lines to the bank and to the SMS gateway

void Life::do_break_lines() {
  (dice_.chance(50) ? bank_breaks_ : gateway_breaks_) = 1 + dice_.below(5);
}

void Life::hook_lines() {
  world_.bank_line().on_submit = [this](const rails::Order& order, auto answer) {
    ask_bank_to_pay(order, std::move(answer));
  };
  world_.bank_line().on_verify = [this](const rails::Order& order, auto answer) {
    ask_bank_who_holds(order, std::move(answer));
  };
  world_.gateway().on_send = [this](const notify::Message& message, auto answer) {
    take_message(message, std::move(answer));
  };
}

// The intent is stored before anything leaves, and a key means one order for ever.
void Life::check_order(const rails::Order& order) {
  const auto [at, is_new] = orders_.try_emplace(order.key, order);
  const rails::Order& first = at->second;
  if (first.payout != order.payout || first.amount != order.amount ||
      first.account_number != order.account_number || first.vpa != order.vpa ||
      first.first_sent_at != order.first_sent_at)
    model_.blame(2, "the bank got another order under the key " + order.key);
  for (const KnownLink& link : model_.links) {
    if (model_.shops[link.shop].id != order.merchant) continue;
    const auto story = story_of(link);
    if (!story) continue;
    for (const core::Payout& payout : story->payouts) {
      if (payout.id != order.payout) continue;
      const bool stored = payout.key == order.key && payout.sent_at &&
                          payout.state != core::PayoutState::created &&
                          payout.state != core::PayoutState::queued;
      if (!stored) model_.blame(2, link.reference + " left for the bank before that was stored");
      return;
    }
  }
}

void Life::ask_bank_to_pay(const rails::Order& order, world::BankLine::Answer answer) {
  model_.count("payouts asked for");
  check_order(order);
  pass_by("before the bank");
  if (bank_breaks_ == 0) {
    world_.bank().submit(order, std::move(answer));
    return pass_by("after the bank");
  }
  --bank_breaks_;
  const std::uint64_t way = dice_.below(3);
  say("the line to the bank breaks, " + std::to_string(way));
  if (way == 0) return;  // the bank never hears of it
  if (way == 1) return world_.bank().submit(order, [](const auto&) {});  // nobody hears the bank
  // What the bank says comes long after everybody has stopped waiting for it.
  world_.bank().submit(order, [this, answer, later = dice_.seconds(31, 7'200)](const auto& reply) {
    world_.run_after(later, [answer, reply] { answer(reply); });
  });
}

void Life::ask_bank_who_holds(const rails::Order& order, world::BankLine::Holder answer) {
  pass_by("before the bank is asked who holds an account");
  if (bank_breaks_ == 0) return world_.bank().verify(order, std::move(answer));
  --bank_breaks_;
  if (dice_.chance(50)) return;
  world_.bank().verify(order, [this, answer, later = dice_.seconds(1, 600)](const auto& reply) {
    world_.run_after(later, [answer, reply] { answer(reply); });
  });
}

// Recipients read what comes; a gateway may lose it, refuse it, or say nothing.
void Life::take_message(const notify::Message& message, notify::Notifier::Answer answer) {
  pass_by("before the SMS gateway");
  model_.count("messages");
  const auto [told, is_new] = told_.try_emplace(message.id, message.text.expose());
  if (!is_new && told->second != message.text.expose())
    model_.blame(4, "message " + message.id + " has another text on another try");
  check_words(model_, message.text.expose(), "a message",
              {Secret::account, Secret::claim_token, Secret::signing, Secret::credential});
  const auto arrives = [this, &message] {
    if (message.otp.empty()) return;
    model_.keep_secret(Secret::otp, message.otp.expose());
    heard_otps_[message.to] = message;
  };
  const std::uint64_t way = gateway_breaks_ == 0 ? 9 : dice_.below(5);
  if (gateway_breaks_ > 0) --gateway_breaks_;
  if (way == 0) return answer({.sent = false, .worth_retrying = true, .error = "busy"});
  if (way == 1) return answer({.sent = false, .worth_retrying = false, .error = "no such number"});
  if (way == 2) return;
  arrives();
  if (way == 3) return;  // it has arrived, and the gateway never says so
  if (way == 4) {
    return world_.run_after(dice_.seconds(1, 90), [answer] {
      answer({.sent = true, .worth_retrying = false, .error = {}});
    });
  }
  answer({.sent = true, .worth_retrying = false, .error = {}});
  pass_by("after the SMS gateway");
}

void Life::calm() {
  calm_ = true;
  waits_ = false;
  store_fails_ = 0;
  loads_fail_ = 0;
  dies_after_ = 0;
  bank_breaks_ = 0;
  gateway_breaks_ = 0;
  if (world_.disk() != nullptr) world_.disk()->forget_accidents();
  step_ = 999'999;
  dice_ = Dice(seed_, step_);
  world_.bank().program(SandboxBank::Outcome::settle, core::Duration::zero(), 0);
  // What was put off while the clock was fast is due by the clock: it gets there again.
  if (fast_ < furthest_) jump(furthest_ - fast_);
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
