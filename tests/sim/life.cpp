// Steps, and what merchants do by API.
#include "sim/life.hpp"

#include <algorithm>

#include "sim/words.hpp"

namespace disburse::sim {

const Life::Kind Life::kKinds[] = {
    {16, "create", &Life::do_create},
    {5, "repeat a create", &Life::do_repeat},
    {6, "look up", &Life::do_look_up},
    {2, "look at somebody else's", &Life::do_look_at_foreign},
    {5, "cancel", &Life::do_cancel},
    {5, "approve or reject", &Life::do_decide},
    {3, "extend", &Life::do_extend},
    {2, "notify", &Life::do_notify},
    {3, "deposit", &Life::do_deposit},
    {1, "change settings", &Life::do_change_settings},
    {6, "send otp", &Life::do_send_otp},
    {9, "verify otp", &Life::do_verify_otp},
    {9, "submit", &Life::do_submit},
    {14, "claim", &Life::do_claim_whole},
    {8, "race", &Life::do_race},
    {10, "wait seconds", &Life::do_wait_seconds},
    {6, "wait minutes", &Life::do_wait_minutes},
    {2, "wait days", &Life::do_wait_days},
    {6, "program bank", &Life::do_program_bank},
    {3, "bank contradicts", &Life::do_contradict},
    {4, "crash", &Life::do_crash},
    {4, "crash in a call", &Life::do_crash_in_call},
    {5, "fail store", &Life::do_fail_store},
    {3, "endpoint", &Life::do_endpoint},
    {2, "replay", &Life::do_replay},
    {5, "small steps", &Life::do_small_steps},
};

Life::Life(std::uint64_t seed, Model& model, Trace& trace)
    : seed_(seed),
      model_(model),
      trace_(trace),
      world_({seed, "http://127.0.0.1:8080"}),
      shapes_(world_),
      dice_(seed, 0) {}

void Life::begin() {
  hook_store();
  world_.receive_with([this](const wire::OutgoingRequest& request, auto answer) {
    receive(request, std::move(answer));
  });
  const std::uint64_t count = 1 + dice_.below(3);
  for (std::uint64_t i = 0; i < count; ++i) add_shop();
  world_.settle();
}

void Life::add_shop() {
  Shop shop;
  shop.id = model_.shops.empty() ? world_.merchant() : world_.add_merchant("Shop");
  shop.deposited = 1'00'00'000'00;
  if (dice_.chance(50)) shop.settings.hold = core::HoldAt::issue;
  if (dice_.chance(35)) shop.settings.otp = core::OtpRule::as_asked;
  if (dice_.chance(40))
    shop.settings.approval_above = *core::Money::from_paise(dice_.between(1'000, 600'000));
  say("shop " + std::to_string(shop.id.value) +
      (shop.settings.hold == core::HoldAt::issue ? " holds at issue" : "") +
      (shop.settings.otp == core::OtpRule::as_asked ? ", otp as asked" : "") +
      (shop.settings.approval_above ? ", approval" : ""));
  command("settings", core::UpdateMerchant{shop.id, "sim", shop.settings, std::nullopt},
          [](const auto&) {});
  core::AddEndpoint add;
  add.merchant = shop.id;
  add.dialect = "razorpay";
  add.url = "http://observer.example/shop" + std::to_string(shop.id.value);
  add.secret = core::SecretText("observer-signing-secret-" + dice_.digits(8));
  add.all_links = true;
  model_.keep_secret(add.secret.expose());
  command("observer", add, [&shop](const core::Result<core::Reply>& reply) {
    shop.observer = std::get<core::Endpoint>(*reply).id;
  });
  add.dialect = "payu";
  command("second observer", add, [&shop](const core::Result<core::Reply>& reply) {
    shop.second_observer = std::get<core::Endpoint>(*reply).id;
  });
  for (const auto& [dialect, field] :
       {std::pair{"payu", "client_secret"}, std::pair{"payu", "password"},
        std::pair{"razorpay", "key_secret"}, std::pair{"razorpay", "webhook_secret"},
        std::pair{"instantpay", "client_secret"}, std::pair{"instantpay", "encryption_key"},
        std::pair{"house", "token"}})
    model_.keep_secret(world_.sheet(shop.id, dialect, field));
  model_.shops.push_back(std::move(shop));
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
  (this->*chosen->act)();
  waits_ = false;
  rest();
  hear_secrets();
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
  auto heard = [this, what = std::move(what), handler = std::move(handler),
                step = step_](const wire::Response& response) {
    std::string line = what + " -> " + std::to_string(response.status);
    if (response.status >= 300 || response.body.size() < 80)
      line += " " + response.body.substr(0, 200);
    if (step != step_) line += " (of #" + std::to_string(step) + ")";
    say(line);
    // No answer that refuses may show a secret; good ones show those that were asked for.
    if (response.status >= 400) check_words(model_, response.body, "an API error");
    handler(response);
  };
  if (waits_) {
    world_.begin_call(ask.method, ask.target, ask.headers, ask.body, std::move(heard));
  } else {
    heard(world_.call(ask.method, ask.target, ask.headers, ask.body));
  }
}

void Life::command(std::string what, core::Command command,
                   std::function<void(const core::Result<core::Reply>&)> handler) {
  const core::Result<core::Reply> reply = world_.command(std::move(command));
  say(what + " -> " + (reply ? "done" : std::string(core::name(reply.error().code))));
  handler(reply);
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

CreateWish Life::wish() {
  CreateWish wish;
  const std::uint64_t size = dice_.below(20);
  if (size < 14)
    wish.paise = dice_.between(1'00, 9'000'00);
  else if (size < 18)
    wish.paise = dice_.between(90'000'00, 600'000'00);
  else
    wish.paise = dice_.between(15'00'000'00, 50'00'000'00);
  wish.phone = "9" + dice_.digits(9);
  wish.name = dice_.chance(80) ? "Gaurav Kumar" : "Someone Else Entirely";
  wish.reference = "R" + std::to_string(++references_);
  const core::Instant now = world_.now();
  if (dice_.chance(45)) wish.expires_at = now + dice_.seconds(1'800, 20 * 24 * 3'600);
  if (dice_.chance(20)) wish.activates_at = now + dice_.seconds(60, 24 * 3'600);
  if (wish.expires_at && wish.activates_at && *wish.expires_at <= *wish.activates_at)
    wish.activates_at.reset();
  wish.verify = dice_.chance(40);
  wish.notices = dice_.chance(30);
  wish.asks_otp = dice_.chance(50);
  return wish;
}

void Life::sign_in(Shop& shop) {
  if (shop.token_until > world_.now()) return;
  const Ask ask = shapes_.sign_in(shop);
  const wire::Response response = world_.call(ask.method, ask.target, ask.headers, ask.body);
  shop.token = Shapes::member(response.body, "access_token");
  model_.keep_secret(shop.token);
  if (!shop.token.empty()) shop.token_until = world_.now() + std::chrono::minutes(110);
}

void Life::do_create() { create(some_shop(), some_dialect(), wish()); }

void Life::create(std::size_t number, std::string_view dialect, CreateWish wish) {
  Shop& shop = model_.shops[number];
  if (dialect == "payu") sign_in(shop);
  if (dialect == "razorpay" && wish.idempotency_key.empty() && dice_.chance(60)) {
    wish.idempotency_key = "key-" + dice_.digits(12);
    repeatables_.push_back({number, wish});
  }
  const Ask ask = shapes_.create(dialect, shop, wish);
  if (!wish.idempotency_key.empty()) return create_with_key(number, ask, wish);
  ++shop.creates.unheard;
  const bool held = shop.settings.hold == core::HoldAt::issue;
  send(ask, "create " + std::string(dialect) + " " + wish.reference,
       [this, number, dialect, wish, held](const wire::Response& response) {
         --model_.shops[number].creates.unheard;
         const auto id = shapes_.created(dialect, model_.shops[number], response);
         if (id) take_created(number, dialect, wish, held, *id);
       });
}

void Life::take_created(std::size_t number, std::string_view dialect, const CreateWish& wish,
                        bool held, core::LinkId id) {
  Shop& shop = model_.shops[number];
  ++shop.creates.acknowledged;
  model_.count("links");
  if (model_.find(shop.id, id) != nullptr) return;
  KnownLink link;
  link.shop = number;
  link.id = id;
  link.dialect = dialect;
  link.paise = wish.paise;
  link.phone = wish.phone;
  link.reference = wish.reference;
  link.held_at_issue = held;
  link.created = world_.now();
  model_.links.push_back(std::move(link));
}

// Only one link may come of a key, however often it is sent and whatever was lost between.
void Life::create_with_key(std::size_t number, const Ask& ask, const CreateWish& wish) {
  Shop& shop = model_.shops[number];
  const auto [at, is_new] = shop.answers.try_emplace(wish.idempotency_key);
  if (is_new) {
    at->second.request = ask.body;
    at->second.at = world_.now();
    ++shop.creates.unheard;
  }
  const bool held = shop.settings.hold == core::HoldAt::issue;
  send(ask, "create with " + wish.idempotency_key,
       [this, number, wish, held, body = ask.body](const wire::Response& response) {
         Shop& of = model_.shops[number];
         KeptAnswer& kept = of.answers[wish.idempotency_key];
         if (response.status >= 500) return;  // nothing was done; it may be asked again
         if (kept.request != body) {
           const bool taken = Shapes::is_good("razorpay", response);
           if (taken && kept.status != 0)
             model_.blame(5, wish.idempotency_key + " was taken with another request");
           // The first request may never have come through: then the key is this one's.
           if (!taken) return;
           kept.request = body;
         }
         if (kept.status != 0) {
           if (kept.status != response.status || kept.body != response.body)
             model_.blame(5, wish.idempotency_key + " was answered with\n" + kept.body +
                                 "\nand then with\n" + response.body);
           model_.count("repeated answers");
           return;
         }
         kept.status = response.status;
         kept.body = response.body;
         --of.creates.unheard;
         const auto id = shapes_.created("razorpay", of, response);
         if (id) take_created(number, "razorpay", wish, held, *id);
       });
}

void Life::do_repeat() {
  if (repeatables_.empty()) return do_create();
  Repeatable again = dice_.pick(repeatables_);
  const KeptAnswer& kept = model_.shops[again.shop].answers[again.wish.idempotency_key];
  if (world_.now() - kept.at > std::chrono::hours(24 * 6)) return;
  if (dice_.chance(25)) again.wish.paise += 100;
  create(again.shop, "razorpay", again.wish);
}

void Life::do_look_up() {
  const auto number = some_link();
  if (!number) return;
  const KnownLink& link = model_.links[*number];
  Shop& shop = model_.shops[link.shop];
  const std::string_view dialect = some_dialect();
  if (dialect == "payu") sign_in(shop);
  const bool signed_in = dialect != "payu" || !shop.token.empty();
  const auto view = view_of(link);
  const std::string state(view ? core::name(core::state_at(view->link, world_.now()))
                               : std::string_view("gone"));
  const bool waits = std::exchange(waits_, false);
  send(shapes_.look_up(dialect, shop, link.id),
       "look up " + link.reference + " with " + std::string(dialect),
       [&, signed_in](const wire::Response& response) {
         const bool missing = response.status == 404 ||
                              response.body.find("not found") != std::string::npos ||
                              response.body.find("not exist") != std::string::npos;
         if (signed_in && missing) model_.blame(3, link.reference + " is not found any more");
         if (dialect != "razorpay") return;
         const std::string told = Shapes::member(response.body, "status");
         if (told != (state == "scheduled" ? "pending" : state))
           model_.blame(3, link.reference + " is " + state + " and was told to be " + told);
       });
  waits_ = waits;
}

void Life::do_look_at_foreign() {
  const auto number = some_link();
  if (!number || model_.shops.size() < 2) return;
  const KnownLink& link = model_.links[*number];
  const Shop& other = model_.shops[(link.shop + 1) % model_.shops.size()];
  const std::string_view dialect = dice_.chance(50) ? "razorpay" : "instantpay";
  Ask ask = shapes_.look_up(dialect, model_.shops[link.shop], link.id);
  if (dice_.chance(40)) ask = shapes_.cancel(dialect, model_.shops[link.shop], link.id, "");
  const Ask own = shapes_.look_up(dialect, other, link.id);
  for (std::size_t i = 0; i < own.headers.size(); ++i) ask.headers[i] = own.headers[i];
  send(ask, "somebody else asks for " + link.reference,
       [this, dialect, reference = link.reference](const wire::Response& response) {
         if (Shapes::is_good(dialect, response))
           model_.blame(8, reference + " was shown to another merchant");
       });
}

void Life::cancel(std::size_t number, std::string_view dialect) {
  KnownLink& link = model_.links[number];
  Shop& shop = model_.shops[link.shop];
  if (dialect == "payu") sign_in(shop);
  ++link.cancels.unheard;
  send(shapes_.cancel(dialect, shop, link.id, link.reference),
       "cancel " + link.reference + " with " + std::string(dialect),
       [&link, dialect, this](const wire::Response& response) {
         --link.cancels.unheard;
         if (!Shapes::is_good(dialect, response)) return;
         ++link.cancels.acknowledged;
         model_.count("cancelled");
       });
}

void Life::do_cancel() {
  const auto link = some_link();
  if (link) cancel(*link, some_dialect());
}

}  // namespace disburse::sim
