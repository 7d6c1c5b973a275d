// Random lives: merchants, recipients, banks, receivers and accidents, one step after the other.
// Each step has dice of its own. What callers are told goes into the model.
//
// Threads: one.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sim/dice.hpp"
#include "sim/expect.hpp"
#include "sim/model.hpp"
#include "sim/shapes.hpp"
#include "sim/trace.hpp"
#include "world/world.hpp"

namespace disburse::sim {

class Life {
 public:
  // `on_disk`: over SQLite on a simulated disk, with the disk's own accidents.
  Life(std::uint64_t seed, bool on_disk, Model& model, Trace& trace);

  void begin();
  void step(std::uint64_t number);
  // No more accidents: receivers answer well, the store takes everything, money comes in.
  void calm();
  void pass(core::Duration time);

  world::World& world() { return world_; }

 private:
  using Handler = std::function<void(const wire::Response&)>;
  using Heard = std::function<void(const core::Result<core::Reply>&)>;
  using Act = void (Life::*)();
  struct Kind {
    unsigned weight;
    std::string_view name;
    Act act;
  };
  static const Kind kKinds[];

  // life_merchants.cpp
  void do_create();
  void do_repeat();
  void do_repeat_reference();
  void do_cancel();
  void create(std::size_t shop, std::string_view dialect, CreateWish wish);
  void create_with_key(std::size_t shop, const Ask& ask, const CreateWish& wish);
  void take_created(std::size_t shop, std::string_view dialect, const CreateWish& wish, bool held,
                    core::LinkId id);
  void take_kept(const std::string& key, const KeptAnswer& kept, const wire::Response& response);
  void repeat_reference(std::size_t shop, std::string_view dialect, const std::string& reference);
  void cancel(std::size_t link, std::string_view dialect);
  // The link that a cancel by reference means: the newest with it.
  KnownLink& newest_with_reference_of(KnownLink& link);
  CreateWish wish(std::size_t shop);
  void sign_in(Shop& shop);
  bool can_be_held(const Shop& shop, std::int64_t paise);

  // life_lookups.cpp
  void do_look_up();
  void do_look_at_foreign();
  void do_list();
  void do_recipient_looks();
  void check_looked_up(const KnownLink& link, std::string_view dialect, core::LinkState state,
                       const wire::Response& response);

  // life_operators.cpp
  void add_shop();
  std::uint64_t rows_of_acts();
  void watch_with_observers(Shop& shop);
  void do_add_shop();
  void do_decide();
  void do_extend();
  void do_notify();
  void do_deposit();
  void do_change_settings();
  void do_credential();
  void extend(std::size_t link, core::Instant to);

  // life_claims.cpp: recipients
  void do_send_otp();
  void do_verify_otp();
  void do_submit();
  void do_claim_whole();
  void do_race();
  void do_deadline();
  void send_otp(std::size_t link);
  void verify_otp(std::size_t link, bool right);
  void submit(std::size_t link, std::string token, std::string account, bool upi);
  void submit_any(std::size_t link);
  void prove(std::size_t link);
  void race(std::size_t link);
  const notify::Message* newest_otp(const KnownLink& link) const;
  std::pair<std::string, bool> account();
  std::string name_of_holder();

  // life_faults.cpp: the world outside
  void do_wait_seconds();
  void do_wait_minutes();
  void do_wait_days();
  void do_program_bank();
  void do_contradict();
  void do_endpoint();
  void do_replay();
  void do_small_steps();
  void do_break_lines();
  void hook_lines();
  void ask_bank_to_pay(const rails::Order& order, world::BankLine::Answer answer);
  void ask_bank_who_holds(const rails::Order& order, world::BankLine::Holder answer);
  void take_message(const notify::Message& message, notify::Notifier::Answer answer);
  void check_order(const rails::Order& order);

  // life_crashes.cpp: accidents of the machine
  void do_crash();
  void do_crash_in_call();
  void do_restart();
  void do_fail_store();
  void do_mark_for_death();
  void do_jump_clock();
  void jump(core::Duration by);
  void hook_store();
  void crash(const std::string& why);
  void pass_by(std::string_view place);
  void begin_calls(std::uint64_t count);

  // life_disk.cpp
  void meet_disk_accident();
  void mend_disk();
  bool disk_is_full();
  bool disk_is_bad();

  // receivers.cpp
  void receive(const wire::OutgoingRequest& request,
               std::function<void(wire::OutgoingAnswer)> answer);
  void call_from_webhook(const std::string& body);

  // What a caller does: with `waits_` the answer comes in a later step.
  void send(const Ask& ask, std::string what, Handler handler);
  void check_answer(const std::string& what, const wire::Response& response, std::uint64_t faults);
  void command(std::string what, core::Command command, Heard handler);
  // Nothing else is under way, so what a call comes to is told by what is stored.
  bool is_alone();
  void say(const std::string& line);
  void rest();
  // Some link; most often one that was made lately. None before there is one.
  std::optional<std::size_t> some_link();
  std::optional<std::size_t> some_link_in(core::LinkState state);
  std::optional<core::LinkView> view_of(const KnownLink& link);
  std::optional<core::Story> story_of(const KnownLink& link);
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
  bool stopping_ = false;
  core::Duration fast_{0};      // so much the clock is ahead of the true time; below zero: behind
  core::Duration furthest_{0};  // the most that it was
  std::multiset<std::string> creating_;  // references of creates that are not answered
  std::uint64_t open_ = 0;               // calls that were begun and are not answered
  std::uint64_t faults_ = 0;             // of the store, so far
  // The store refuses: so many of the next commits, each with this chance.
  std::uint64_t store_fails_ = 0;
  std::uint64_t loads_fail_ = 0;
  unsigned store_fails_percent_ = 100;
  core::Code store_code_ = core::Code::store_unavailable;
  // The program dies when it passes so many more places; 0: it lives.
  std::uint64_t dies_after_ = 0;
  std::uint64_t full_steps_ = 0;  // until somebody makes room on the disk
  // Of the lines to bank and gateway, so many of the next calls go wrong.
  std::uint64_t bank_breaks_ = 0;
  std::uint64_t gateway_breaks_ = 0;
  std::map<std::string, rails::Order> orders_;         // the first of each key
  std::map<std::string, notify::Message> heard_otps_;  // the newest that each phone got
  std::map<std::string, std::string> told_;            // the text of each message that went out
  struct Repeatable {
    std::size_t shop;
    CreateWish wish;
  };
  std::vector<Repeatable> repeatables_;
};

}  // namespace disburse::sim
