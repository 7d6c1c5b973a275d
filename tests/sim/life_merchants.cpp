// What merchants do by API.
#include <algorithm>

#include "sim/life.hpp"
#include "sim/words.hpp"

namespace disburse::sim {

CreateWish Life::wish(std::size_t shop) {
  CreateWish wish;
  const std::uint64_t size = dice_.below(20);
  if (size < 14)
    wish.paise = dice_.between(1'00, 9'000'00);
  else if (size < 18)
    wish.paise = dice_.between(90'000'00, 600'000'00);
  else
    wish.paise = dice_.between(15'00'000'00, 50'00'000'00);
  wish.phone = "9" + dice_.digits(9);
  // Some people get more than one link.
  const auto other = some_link();
  if (other && dice_.chance(12) && model_.links[*other].shop == shop)
    wish.phone = model_.links[*other].phone;
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
  model_.keep_secret(Secret::credential, shop.token);
  if (!shop.token.empty()) shop.token_until = world_.now() + std::chrono::minutes(110);
}

void Life::do_create() {
  const std::size_t shop = some_shop();
  create(shop, some_dialect(), wish(shop));
}

// What the merchant has, less what is promised and paid, by the auditor's last sums.
bool Life::can_be_held(const Shop& shop, std::int64_t paise) {
  if (shop.settings.hold != core::HoldAt::issue) return true;
  const auto view = world_.reader().find_merchant(shop.id);
  return view && *view && (*view)->balances.available >= paise;
}

void Life::create(std::size_t number, std::string_view dialect, CreateWish wish) {
  Shop& shop = model_.shops[number];
  if (dialect == "payu") sign_in(shop);
  if (dialect == "payu" && shop.token.empty()) return;
  // InstantPay wants both ends.
  if (dialect == "instantpay" && !wish.activates_at) wish.activates_at = world_.now();
  if (dialect == "instantpay" && !wish.expires_at)
    wish.expires_at = world_.now() + std::chrono::hours(24 * 7);
  if (dialect == "razorpay" && wish.idempotency_key.empty() && dice_.chance(60)) {
    wish.idempotency_key = "key-" + dice_.digits(12);
    repeatables_.push_back({number, wish});
  }
  const Ask ask = shapes_.create(dialect, shop, wish);
  if (!wish.idempotency_key.empty()) return create_with_key(number, ask, wish);
  const bool is_new = shop.references.insert(wish.reference).second;
  const bool expected = can_be_held(shop, wish.paise) && (is_new || dialect != "payu");
  // A reference of a create that failed may still be free.
  const bool known = is_alone() && (is_new || dialect != "payu");
  ++shop.creates.unheard;
  creating_.insert(wish.reference);
  model_.sums.insert(wish.paise);
  const bool held = shop.settings.hold == core::HoldAt::issue;
  send(ask, "create " + std::string(dialect) + " " + wish.reference,
       [this, number, dialect, wish, held, known, expected](const wire::Response& response) {
         --model_.shops[number].creates.unheard;
         creating_.erase(creating_.find(wish.reference));
         const auto id = shapes_.created(dialect, model_.shops[number], response);
         if (known && id.has_value() != expected)
           model_.blame(5, wish.reference + " was " + (id ? "taken" : "refused") +
                               " against the rules: " + response.body);
         if (!id) return;
         const std::string_view wrong = shapes_.echoed(dialect, response, wish);
         if (!wrong.empty())
           model_.blame(5, wish.reference + " was answered with another " + std::string(wrong));
         take_created(number, dialect, wish, held, *id);
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
  // PayU's links end when the merchant's setting says.
  if (dialect == "razorpay" || (dialect == "instantpay" && wish.expires_at)) {
    link.end_known = true;
    if (wish.expires_at) link.end = core::Instant::from_seconds(wish.expires_at->seconds());
  }
  model_.links.push_back(std::move(link));
}

// Only one link may come of a key, however often it is sent and whatever was lost between.
void Life::create_with_key(std::size_t number, const Ask& ask, const CreateWish& wish) {
  Shop& shop = model_.shops[number];
  const auto [at, is_new] = shop.answers.try_emplace(wish.idempotency_key);
  shop.references.insert(wish.reference);
  if (is_new) {
    at->second.request = ask.body;
    at->second.at = world_.now();
    ++shop.creates.unheard;
  }
  at->second.unheard.insert(ask.body);
  creating_.insert(wish.reference);
  model_.sums.insert(wish.paise);
  const bool held = shop.settings.hold == core::HoldAt::issue;
  send(ask, "create with " + wish.idempotency_key,
       [this, number, wish, held, body = ask.body](const wire::Response& response) {
         Shop& of = model_.shops[number];
         KeptAnswer& kept = of.answers[wish.idempotency_key];
         kept.unheard.erase(kept.unheard.find(body));
         creating_.erase(creating_.find(wish.reference));
         if (response.status >= 500) return;  // nothing was done; it may be asked again
         // The key may belong to another request, of whose answer nobody heard.
         const bool refused = response.body.find("Different request") != std::string::npos;
         const bool other = std::any_of(kept.unheard.begin(), kept.unheard.end(),
                                        [&body](const auto& sent) { return sent != body; });
         if (kept.status == 0 && refused && other) return;
         if (kept.request != body) {
           const bool taken = Shapes::is_good("razorpay", response);
           if (taken && kept.status != 0)
             model_.blame(5, wish.idempotency_key + " was taken with another request");
           // The first request may never have come through: then the key is this one's.
           if (!taken) return;
           kept.request = body;
         }
         if (kept.status != 0) return take_kept(wish.idempotency_key, kept, response);
         kept.status = response.status;
         kept.body = response.body;
         kept.content_type = response.content_type;
         --of.creates.unheard;
         const auto id = shapes_.created("razorpay", of, response);
         if (!id) return;
         const std::string_view wrong = shapes_.echoed("razorpay", response, wish);
         if (!wrong.empty())
           model_.blame(5, wish.reference + " was answered with another " + std::string(wrong));
         take_created(number, "razorpay", wish, held, *id);
       });
}

void Life::take_kept(const std::string& key, const KeptAnswer& kept,
                     const wire::Response& response) {
  if (kept.status != response.status || kept.body != response.body ||
      kept.content_type != response.content_type)
    model_.blame(5, key + " was answered with\n" + kept.body + "\nand then with\n" +
                        std::to_string(response.status) + " " + response.body);
  model_.count("repeated answers");
}

void Life::do_repeat() {
  if (repeatables_.empty()) return do_create();
  Repeatable again = dice_.pick(repeatables_);
  const KeptAnswer& kept = model_.shops[again.shop].answers[again.wish.idempotency_key];
  if (world_.now() - kept.at > std::chrono::hours(24 * 6)) return;
  // Several at once meet in one batch; a key that nobody has used yet among them.
  const std::uint64_t times = dice_.chance(30) ? 2 + dice_.below(3) : 1;
  if (times > 1) waits_ = true;
  if (times > 1 && dice_.chance(40)) {
    again.wish = wish(again.shop);
    again.wish.idempotency_key = "key-" + dice_.digits(12);
    repeatables_.push_back(again);
  }
  for (std::uint64_t i = 0; i < times; ++i) {
    CreateWish wish = again.wish;
    if (dice_.chance(25)) wish.paise += 100;
    create(again.shop, "razorpay", wish);
  }
}

// One reference for two links: PayU refuses it, the others take it.
void Life::do_repeat_reference() {
  const auto number = some_link();
  if (!number) return;
  const std::size_t shop = model_.links[*number].shop;
  const std::string taken = model_.links[*number].reference;
  if (dice_.chance(60)) return repeat_reference(shop, some_dialect(), taken);
  // Of several at once with a new one, at most one comes through.
  const std::string fresh = "R" + std::to_string(++references_);
  sign_in(model_.shops[shop]);
  waits_ = true;
  for (std::uint64_t i = 2 + dice_.below(3); i > 0; --i) repeat_reference(shop, "payu", fresh);
}

void Life::repeat_reference(std::size_t number, std::string_view dialect,
                            const std::string& reference) {
  Shop& shop = model_.shops[number];
  CreateWish again = wish(number);
  again.reference = reference;
  model_.count("repeated references");
  if (dialect != "payu") return create(number, dialect, again);
  if (!waits_) sign_in(shop);
  if (shop.token.empty() || shop.token_until <= world_.now()) return;
  const bool taken = std::any_of(model_.links.begin(), model_.links.end(), [&](const auto& one) {
    return one.shop == number && one.reference == reference;
  });
  shop.references.insert(reference);
  ++shop.creates.unheard;
  creating_.insert(reference);
  model_.sums.insert(again.paise);
  const bool held = shop.settings.hold == core::HoldAt::issue;
  send(shapes_.create("payu", shop, again), "create payu " + reference + " once more",
       [this, again, held, taken, number](const wire::Response& response) {
         --model_.shops[number].creates.unheard;
         creating_.erase(creating_.find(again.reference));
         const auto id = shapes_.created("payu", model_.shops[number], response);
         if (!id) return;
         if (taken) model_.blame(5, again.reference + " was given to a second link");
         take_created(number, "payu", again, held, *id);
       });
}

KnownLink& Life::newest_with_reference_of(KnownLink& link) {
  KnownLink* newest = &link;
  for (KnownLink& other : model_.links) {
    if (other.shop == link.shop && other.reference == link.reference && other.id > newest->id)
      newest = &other;
  }
  return *newest;
}

void Life::cancel(std::size_t number, std::string_view dialect) {
  KnownLink& chosen = model_.links[number];
  Shop& shop = model_.shops[chosen.shop];
  // What waits is done while somebody signs in, so that comes first.
  if (dialect == "payu") sign_in(shop);
  const auto same = std::count_if(model_.links.begin(), model_.links.end(), [&](const auto& one) {
    return one.shop == chosen.shop && one.reference == chosen.reference;
  });
  // With other links of the reference under way nobody could say which of them is meant.
  const bool unclear = creating_.contains(chosen.reference) || (same > 1 && !is_alone());
  if (dialect == "payu" && unclear) dialect = "instantpay";
  if (dialect == "payu" && shop.token.empty()) return;
  KnownLink& link = dialect == "payu" ? newest_with_reference_of(chosen) : chosen;
  const auto view = view_of(link);
  const bool known = is_alone() && view;
  const bool expected = view && may_cancel(dialect, view->link, world_.now());
  ++link.cancels.unheard;
  send(shapes_.cancel(dialect, shop, link.id, link.reference),
       "cancel " + link.reference + " with " + std::string(dialect),
       [&link, dialect, known, expected, this](const wire::Response& response) {
         --link.cancels.unheard;
         const bool good = Shapes::is_good(dialect, response);
         if (known && good != expected)
           model_.blame(3, link.reference + " was " + (good ? "" : "not ") +
                               "cancelled against the rules: " + response.body);
         if (!good) return;
         ++link.cancels.acknowledged;
         model_.count("cancelled");
       });
}

void Life::do_cancel() {
  const auto link = some_link();
  if (link) cancel(*link, some_dialect());
}

}  // namespace disburse::sim
