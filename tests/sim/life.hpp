// Random lives: merchants, recipients, banks, receivers and accidents, one step after the other.
// Each step has dice of its own. What callers are told goes into the model.
//
// Threads: one.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sim/dice.hpp"
#include "sim/model.hpp"
#include "sim/shapes.hpp"
#include "sim/trace.hpp"
#include "world/world.hpp"

namespace disburse::sim {

class Life {
 public:
  Life(std::uint64_t seed, Model& model, Trace& trace);

  void begin();
  void step(std::uint64_t number);
  // No more accidents: receivers answer well, the store takes everything, money comes in.
  void calm();
  void pass(core::Duration time);

  world::World& world() { return world_; }

 private:
  using Handler = std::function<void(const wire::Response&)>;
  using Act = void (Life::*)();
  struct Kind {
    unsigned weight;
    std::string_view name;
    Act act;
  };
  static const Kind kKinds[];

  // life.cpp: merchants
  void add_shop();
  void do_create();
  void do_repeat();
  void do_look_up();
  void do_look_at_foreign();
  void do_cancel();
  void create(std::size_t shop, std::string_view dialect, CreateWish wish);
  void create_with_key(std::size_t shop, const Ask& ask, const CreateWish& wish);
  void take_created(std::size_t shop, std::string_view dialect, const CreateWish& wish, bool held,
                    core::LinkId id);
  void cancel(std::size_t link, std::string_view dialect);
  CreateWish wish();
  void sign_in(Shop& shop);

  // life_operators.cpp
  void do_decide();
  void do_extend();
  void do_notify();
  void do_deposit();
  void do_change_settings();

  // life_claims.cpp: recipients
  void do_send_otp();
  void do_verify_otp();
  void do_submit();
  void do_claim_whole();
  void do_race();
  void send_otp(std::size_t link);
  void verify_otp(std::size_t link, bool right);
  void submit(std::size_t link, std::string token, std::string account, bool upi);
  void submit_any(std::size_t link);
  std::string newest_otp(const KnownLink& link) const;
  std::pair<std::string, bool> account();
  std::string name_of_holder();

  // life_faults.cpp: the world outside, and accidents
  void do_wait_seconds();
  void do_wait_minutes();
  void do_wait_days();
  void do_program_bank();
  void do_contradict();
  void do_crash();
  void do_crash_in_call();
  void do_fail_store();
  void do_endpoint();
  void do_replay();
  void do_small_steps();
  void hook_store();
  void begin_calls(std::uint64_t count);
  void receive(const wire::OutgoingRequest& request,
               std::function<void(wire::OutgoingAnswer)> answer);
  void cancel_from_webhook(const std::string& body);
  void hear_secrets();

  // What a caller does: with `waits_` the answer comes in a later step.
  void send(const Ask& ask, std::string what, Handler handler);
  void command(std::string what, core::Command command,
               std::function<void(const core::Result<core::Reply>&)> handler);
  void say(const std::string& line);
  void rest();
  // Some link; most often one that was made lately. None before there is one.
  std::optional<std::size_t> some_link();
  std::optional<std::size_t> some_link_in(core::LinkState state);
  std::optional<core::LinkView> view_of(const KnownLink& link);
  std::size_t some_shop();
  std::string_view some_dialect();

  std::uint64_t seed_;
  Model& model_;
  Trace& trace_;
  world::World world_;
  Shapes shapes_;
  Dice dice_;
  std::uint64_t step_ = 0;
  std::uint64_t references_ = 0;
  bool waits_ = false;
  bool calm_ = false;
  bool in_webhook_ = false;
  // The store refuses: so many of the next commits, each with this chance.
  std::uint64_t store_fails_ = 0;
  unsigned store_fails_percent_ = 100;
  core::Code store_code_ = core::Code::store_unavailable;
  struct Repeatable {
    std::size_t shop;
    CreateWish wish;
  };
  std::vector<Repeatable> repeatables_;
};

}  // namespace disburse::sim
