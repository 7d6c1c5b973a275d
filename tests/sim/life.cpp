// The steps of a life, and how calls are made and heard.
#include "sim/life.hpp"

#include <algorithm>

#include "sim/words.hpp"

namespace disburse::sim {

const Life::Kind Life::kKinds[] = {
    {16, "create", &Life::do_create},
    {5, "repeat a create", &Life::do_repeat},
    {3, "repeat a reference", &Life::do_repeat_reference},
    {6, "look up", &Life::do_look_up},
    {2, "list", &Life::do_list},
    {3, "recipient looks", &Life::do_recipient_looks},
    {2, "look at somebody else's", &Life::do_look_at_foreign},
    {5, "cancel", &Life::do_cancel},
    {5, "approve or reject", &Life::do_decide},
    {3, "extend", &Life::do_extend},
    {2, "notify", &Life::do_notify},
    {3, "deposit", &Life::do_deposit},
    {1, "change settings", &Life::do_change_settings},
    {1, "another shop", &Life::do_add_shop},
    {1, "credential", &Life::do_credential},
    {6, "send otp", &Life::do_send_otp},
    {9, "verify otp", &Life::do_verify_otp},
    {9, "submit", &Life::do_submit},
    {14, "claim", &Life::do_claim_whole},
    {8, "race", &Life::do_race},
    {4, "deadline", &Life::do_deadline},
    {10, "wait seconds", &Life::do_wait_seconds},
    {6, "wait minutes", &Life::do_wait_minutes},
    {2, "wait days", &Life::do_wait_days},
    {6, "program bank", &Life::do_program_bank},
    {3, "bank contradicts", &Life::do_contradict},
    {3, "break lines", &Life::do_break_lines},
    {3, "crash", &Life::do_crash},
    {3, "crash in a call", &Life::do_crash_in_call},
    {6, "mark for death", &Life::do_mark_for_death},
    {2, "restart", &Life::do_restart},
    {5, "fail store", &Life::do_fail_store},
    {2, "jump clock", &Life::do_jump_clock},
    {3, "endpoint", &Life::do_endpoint},
    {2, "replay", &Life::do_replay},
    {5, "small steps", &Life::do_small_steps},
};

Life::Life(std::uint64_t seed, bool on_disk, Model& model, Trace& trace)
    : seed_(seed),
      model_(model),
      trace_(trace),
      world_({seed, "http://127.0.0.1:8080", seed % 2 == 0, on_disk}),
      shapes_(world_),
      dice_(seed, 0) {}

void Life::begin() {
  hook_store();
  hook_lines();
  world_.receive_with([this](const wire::OutgoingRequest& request, auto answer) {
    receive(request, std::move(answer));
  });
  const std::uint64_t count = 1 + dice_.below(3);
  for (std::uint64_t i = 0; i < count; ++i) add_shop();
  world_.settle();
}

void Life::step(std::uint64_t number) {
  step_ = number;
  dice_ = Dice(seed_, number);
  unsigned total = 0;
  for (const Kind& kind : kKinds) total += kind.weight;
  std::uint64_t left = dice_.below(total);
  const Kind* chosen = kKinds;
  while (left >= chosen->weight) left -= (chosen++)->weight;
  model_.count(chosen->name);
  say("-- " + std::string(chosen->name));
  waits_ = dice_.chance(15);
  meet_disk_accident();
  try {
    (this->*chosen->act)();
    waits_ = false;
    rest();
  } catch (const world::Died&) {
    crash("it dies");
  }
  mend_disk();
}

void Life::rest() {
  const std::uint64_t way = dice_.below(100);
  if (way < 60) {
    if (!world_.settle()) model_.blame(7, "the program never comes to rest");
  } else if (way < 85) {
    for (std::uint64_t i = dice_.below(6); i > 0; --i) world_.step();
  }
}

void Life::say(const std::string& line) {
  trace_.say("#" + std::to_string(step_) + " " + std::to_string(world_.now().ms()) + " " + line);
}

void Life::send(const Ask& ask, std::string what, Handler handler) {
  auto heard = [this, what = std::move(what), handler = std::move(handler), faults = faults_,
                step = step_](const wire::Response& response) {
    std::string line = what + " -> " + std::to_string(response.status);
    if (response.status >= 300 || response.body.size() < 80)
      line += " " + response.body.substr(0, 200);
    if (step != step_) line += " (of #" + std::to_string(step) + ")";
    say(line);
    // What came of it nobody knows.
    if (world_.store_is_lost()) return;
    check_answer(what, response, faults);
    handler(response);
  };
  model_.count("calls");
  if (!waits_) return heard(world_.call(ask.method, ask.target, ask.headers, ask.body));
  ++open_;
  world_.begin_call(ask.method, ask.target, ask.headers, ask.body,
                    [this, heard = std::move(heard)](const wire::Response& response) {
                      --open_;
                      heard(response);
                    });
}

// Answers show no secrets but those that were asked for, and nothing fails without a cause.
void Life::check_answer(const std::string& what, const wire::Response& response,
                        std::uint64_t faults) {
  if (response.status >= 400) check_words(model_, response.body, "an API error");
  check_words(model_, response.body, "an API's answer", {Secret::otp, Secret::signing});
  const bool has_cause = faults != faults_ || stopping_;
  if (response.status >= 500 && !has_cause)
    model_.blame(7, what + " failed though nothing is wrong: " + response.body);
  if (response.status == 401 && what.find("submit") == std::string::npos &&
      what.find("revoked") == std::string::npos && !has_cause)
    model_.blame(5, what + " was refused to one who may: " + response.body);
}

namespace {

bool is_act(const core::Command& command) {
  return std::holds_alternative<core::Deposit>(command) ||
         std::holds_alternative<core::UpdateMerchant>(command) ||
         std::holds_alternative<core::IssueCredential>(command) ||
         std::holds_alternative<core::RevokeCredential>(command);
}

}  // namespace

void Life::command(std::string what, core::Command command, Heard handler) {
  const bool act = is_act(command);
  if (act) ++model_.acts.unheard;
  auto heard = [this, what = std::move(what), handler = std::move(handler), faults = faults_,
                step = step_, act](const core::Result<core::Reply>& reply) {
    say(what + " -> " + (reply ? "done" : std::string(core::name(reply.error().code))) +
        (step != step_ ? " (of #" + std::to_string(step) + ")" : ""));
    if (world_.store_is_lost()) return;
    if (act) --model_.acts.unheard;
    if (act && reply) ++model_.acts.acknowledged;
    if (!reply) check_words(model_, reply.error().detail, "an error's detail");
    const bool broken = !reply && (reply.error().code == core::Code::internal_error ||
                                   reply.error().code == core::Code::ledger_would_break ||
                                   reply.error().code == core::Code::version_conflict ||
                                   reply.error().code == core::Code::store_unavailable);
    if (broken && faults == faults_) model_.blame(7, what + " failed though nothing is wrong");
    handler(reply);
  };
  if (!waits_) return heard(world_.command(std::move(command)));
  ++open_;
  world_.begin_command(std::move(command),
                       [this, heard = std::move(heard)](const core::Result<core::Reply>& reply) {
                         --open_;
                         heard(reply);
                       });
}

bool Life::is_alone() {
  return !waits_ && !stopping_ && !in_webhook_ && open_ == 0 && store_fails_ == 0 &&
         loads_fail_ == 0 && dies_after_ == 0 && !disk_is_full() && world_.engine().waiting() == 0;
}

std::size_t Life::some_shop() { return dice_.below(model_.shops.size()); }

std::string_view Life::some_dialect() { return dice_.pick(kDialects); }

std::optional<std::size_t> Life::some_link() {
  if (model_.links.empty()) return std::nullopt;
  const std::size_t count = model_.links.size();
  const std::size_t lately = std::min<std::size_t>(count, 5);
  return dice_.chance(70) ? count - 1 - dice_.below(lately) : dice_.below(count);
}

std::optional<std::size_t> Life::some_link_in(core::LinkState state) {
  for (int tries = 0; tries < 8; ++tries) {
    const auto link = some_link();
    if (!link) return std::nullopt;
    const auto view = view_of(model_.links[*link]);
    if (view && view->link.state == state) return link;
  }
  return some_link();
}

std::optional<core::LinkView> Life::view_of(const KnownLink& link) {
  const auto view = world_.reader().find_link(model_.shops[link.shop].id, link.id);
  return view ? *view : std::nullopt;
}

std::optional<core::Story> Life::story_of(const KnownLink& link) {
  const auto story = world_.reader().link_story(model_.shops[link.shop].id, link.id);
  return story ? *story : std::nullopt;
}

}  // namespace disburse::sim
