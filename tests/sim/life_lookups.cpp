// Those who only look: merchants at one link or at all of them, recipients, and strangers.
#include <algorithm>

#include "sim/life.hpp"
#include "sim/words.hpp"

namespace disburse::sim {

void Life::do_look_up() {
  const auto number = some_link();
  if (!number) return;
  const KnownLink& link = model_.links[*number];
  Shop& shop = model_.shops[link.shop];
  const std::string_view dialect = some_dialect();
  if (dialect == "payu") sign_in(shop);
  if (dialect == "payu" && shop.token.empty()) return;
  const auto view = view_of(link);
  const core::LinkState state = view ? told_state(view->link, world_.now()) : core::LinkState::none;
  const bool waits = std::exchange(waits_, false);
  send(shapes_.look_up(dialect, shop, link.id),
       "look up " + link.reference + " with " + std::string(dialect),
       [&, dialect, state](const wire::Response& response) {
         check_looked_up(link, dialect, state, response);
       });
  waits_ = waits;
}

void Life::check_looked_up(const KnownLink& link, std::string_view dialect, core::LinkState state,
                           const wire::Response& response) {
  const bool missing = response.status == 404 ||
                       response.body.find("not found") != std::string::npos ||
                       response.body.find("not exist") != std::string::npos;
  if (missing) model_.blame(3, link.reference + " is not found any more");
  const Shapes::Seen seen = Shapes::seen(dialect, response);
  if (seen.status != status_word(dialect, state))
    model_.blame(3, link.reference + " is " + std::string(core::name(state)) +
                        " and was told to be \"" + seen.status + "\": " + response.body);
  if (!seen.amount.empty() && seen.amount != Shapes::amount_text(dialect, link.paise))
    model_.blame(3, link.reference + " was told to be of " + seen.amount);
  const bool live = model_.shops[link.shop].mode == core::Mode::live && !shapes_.is_sandbox();
  if (!seen.environment.empty() && seen.environment != (live ? "PRODUCTION" : "SANDBOX"))
    model_.blame(3, link.reference + " was told to be in " + seen.environment);
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

// A list names every link of the merchant, whichever API has made it, and nobody else's.
void Life::do_list() {
  const std::size_t number = some_shop();
  const Shop& shop = model_.shops[number];
  waits_ = false;
  if (store_fails_ > 0 || loads_fail_ > 0) return;
  world_.settle();
  const auto there = std::count_if(model_.links.begin(), model_.links.end(),
                                   [number](const KnownLink& link) { return link.shop == number; });
  const std::string_view dialect = dice_.chance(50) ? "razorpay" : "instantpay";
  send(shapes_.list(dialect, shop), "list with " + std::string(dialect),
       [this, there, dialect, &shop](const wire::Response& response) {
         const std::string count = Shapes::listed(dialect, response);
         const auto most = dialect == "razorpay" ? std::min<std::ptrdiff_t>(there, 100) : there;
         if (count != std::to_string(most))
           model_.blame(3, "merchant " + std::to_string(shop.id.value) + " has " +
                               std::to_string(there) + " links and is told of " + count + ": " +
                               response.body.substr(0, 300));
       });
}

// What the recipient's page shows. Looking uses nothing up, so it is done twice.
void Life::do_recipient_looks() {
  const auto number = some_link();
  if (!number) return;
  const KnownLink& link = model_.links[*number];
  const auto story = story_of(link);
  if (!story) return;
  const bool waits = std::exchange(waits_, false);
  std::string_view word = claim_word(told_state(story->view.link, world_.now()));
  const auto& payouts = story->payouts;
  if (word == "paid" && payouts.back().state == core::PayoutState::reversed) word = "failed";
  for (int i = 0; i < 2; ++i) {
    send(shapes_.look_at_claim(model_.shops[link.shop], link.id),
         "the recipient of " + link.reference + " looks",
         [this, &link, word](const wire::Response& response) {
           check_words(model_, response.body, "a claim's answer",
                       {Secret::account, Secret::claim_token, Secret::credential});
           if (Shapes::member(response.body, "state") != word)
             model_.blame(3, link.reference + " is " + std::string(word) +
                                 " and its recipient sees " + response.body);
           if (Shapes::member(response.body, "amount_paise") != std::to_string(link.paise))
             model_.blame(3, link.reference + " shows its recipient another sum");
         });
  }
  waits_ = waits;
}

}  // namespace disburse::sim
