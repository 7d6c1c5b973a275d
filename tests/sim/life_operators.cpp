// What merchants and operators do by command.
#include "front_door/access.hpp"
#include "sim/life.hpp"
#include "wire/base64.hpp"

namespace disburse::sim {

std::uint64_t Life::rows_of_acts() {
  const auto rows = world_.reader().audit_rows(0, 1'000'000);
  return rows ? rows->size() : 0;
}

void Life::add_shop() {
  Shop shop;
  const std::uint64_t acts_before = model_.shops.empty() ? 0 : rows_of_acts();
  const bool live = dice_.chance(40);
  shop.mode = model_.shops.empty() || !live ? core::Mode::test : core::Mode::live;
  shop.id = model_.shops.empty() ? world_.merchant() : world_.add_merchant("Shop", shop.mode);
  model_.acts.acknowledged += rows_of_acts() - acts_before;
  shop.deposited = 1'00'00'000'00;
  if (dice_.chance(50)) shop.settings.hold = core::HoldAt::issue;
  if (dice_.chance(35)) shop.settings.otp = core::OtpRule::as_asked;
  if (dice_.chance(30)) shop.settings.link_life = dice_.seconds(3'600, 30 * 24 * 3'600);
  if (dice_.chance(40))
    shop.settings.approval_above = *core::Money::from_paise(dice_.between(1'000, 600'000));
  say("shop " + std::to_string(shop.id.value) +
      (shop.settings.hold == core::HoldAt::issue ? " holds at issue" : "") +
      (shop.settings.otp == core::OtpRule::as_asked ? ", otp as asked" : "") +
      (shop.settings.approval_above ? ", approval" : "") +
      (shop.mode == core::Mode::live ? ", live" : ""));
  command("settings", core::UpdateMerchant{shop.id, "sim", shop.settings, std::nullopt},
          [](const auto&) {});
  for (const auto& [dialect, field] :
       {std::pair{"payu", "client_secret"}, std::pair{"payu", "password"},
        std::pair{"razorpay", "key_secret"}, std::pair{"instantpay", "client_secret"},
        std::pair{"instantpay", "encryption_key"}, std::pair{"house", "token"}})
    model_.keep_secret(Secret::credential, world_.sheet(shop.id, dialect, field));
  model_.keep_secret(Secret::signing, world_.sheet(shop.id, "razorpay", "webhook_secret"));
  watch_with_observers(shop);
  model_.shops.push_back(std::move(shop));
}

// Two receivers that hear of every link, in two languages.
void Life::watch_with_observers(Shop& shop) {
  core::AddEndpoint add;
  add.merchant = shop.id;
  add.dialect = "razorpay";
  add.url = "http://observer.example/shop" + std::to_string(shop.id.value);
  add.secret = core::SecretText("observer-signing-secret-" + dice_.digits(8));
  add.all_links = true;
  // One event for each change of a link; of payouts it does not want to hear.
  for (const char* state : {"pending", "issued", "processing", "processed", "attempted",
                            "cancelled", "rejected", "expired"}) {
    add.events.push_back(std::string("payout_link.") + state);
  }
  model_.keep_secret(Secret::signing, add.secret.expose());
  command("observer", add, [&shop](const core::Result<core::Reply>& reply) {
    shop.observer = std::get<core::Endpoint>(*reply).id;
  });
  add.dialect = "payu";
  add.events.clear();
  command("second observer", add, [&shop](const core::Result<core::Reply>& reply) {
    shop.second_observer = std::get<core::Endpoint>(*reply).id;
  });
}

// An operator is no victim of accidents here: the shop is set up whole or not at all.
void Life::do_add_shop() {
  waits_ = false;
  if (model_.shops.size() >= 5 || store_fails_ > 0 || loads_fail_ > 0 || disk_is_bad()) return;
  world_.settle();
  const std::uint64_t dies_after = std::exchange(dies_after_, 0);
  add_shop();
  dies_after_ = dies_after;
}

void Life::do_decide() {
  const auto number = some_link_in(core::LinkState::pending);
  if (!number) return;
  KnownLink& link = model_.links[*number];
  const core::MerchantId shop = model_.shops[link.shop].id;
  const auto view = view_of(link);
  const bool known = is_alone() && view;
  const bool expected = view && told_state(view->link, world_.now()) == core::LinkState::pending;
  const bool approves = dice_.chance(70);
  const auto judge = [this, &link, known, expected](const core::Result<core::Reply>& reply) {
    if (known && reply.has_value() != expected)
      model_.blame(3, link.reference + " was decided on against the rules");
  };
  if (approves) {
    command("approve " + link.reference, core::ApproveLink{shop, {link.id, {}}, "operator:sim"},
            judge);
    return;
  }
  ++link.rejections.unheard;
  command("reject " + link.reference, core::RejectLink{shop, {link.id, {}}, "operator:sim", "no"},
          [&link, judge](const core::Result<core::Reply>& reply) {
            --link.rejections.unheard;
            if (reply) ++link.rejections.acknowledged;
            judge(reply);
          });
}

void Life::do_extend() {
  const auto number = some_link();
  if (number) extend(*number, world_.now() + dice_.seconds(60, 30 * 24 * 3'600));
}

void Life::extend(std::size_t number, core::Instant to) {
  KnownLink& link = model_.links[number];
  const auto view = view_of(link);
  const bool known = is_alone() && view;
  const bool expected = view && may_extend(view->link, to, world_.now());
  link.ends_unheard.emplace_back(to);
  command("extend " + link.reference,
          core::ExtendLink{model_.shops[link.shop].id, {link.id, {}}, to, "operator:sim"},
          [this, &link, to, known, expected](const core::Result<core::Reply>& reply) {
            std::erase(link.ends_unheard, std::optional(to));
            if (known && reply.has_value() != expected)
              model_.blame(3, link.reference + " was " + (reply ? "" : "not ") +
                                  "extended against the rules");
            if (!reply) return;
            link.end_known = true;
            link.end = to;
          });
}

void Life::do_notify() {
  const auto number = some_link();
  if (!number) return;
  const KnownLink& link = model_.links[*number];
  command("notify " + link.reference,
          core::NotifyLink{model_.shops[link.shop].id, {link.id, {}}, "operator:sim"},
          [](const auto&) {});
}

void Life::do_deposit() {
  waits_ = false;
  Shop& shop = dice_.pick(model_.shops);
  const std::int64_t paise = dice_.between(1'000'00, 40'00'000'00);
  shop.deposited_unheard = paise;
  command("deposit " + std::to_string(paise),
          core::Deposit{shop.id, *core::Money::from_paise(paise), "sim"},
          [&shop, paise](const core::Result<core::Reply>& reply) {
            shop.deposited_unheard = 0;
            if (reply) shop.deposited += paise;
          });
}

void Life::do_change_settings() {
  waits_ = false;
  // Calls that are under way would be decided by settings that the model does not know.
  world_.settle();
  Shop& shop = dice_.pick(model_.shops);
  core::Settings settings = shop.settings;
  settings.hold = dice_.chance(50) ? core::HoldAt::issue : core::HoldAt::claim;
  settings.otp = dice_.chance(70) ? core::OtpRule::always : core::OtpRule::as_asked;
  shop.settings_unheard = settings;
  command("settings", core::UpdateMerchant{shop.id, "sim", settings, std::nullopt},
          [&shop, &settings](const core::Result<core::Reply>& reply) {
            shop.settings_unheard.reset();
            if (reply) shop.settings = settings;
          });
}

// A key that is issued, works, is revoked and opens nothing any more.
void Life::do_credential() {
  waits_ = false;
  world_.settle();
  const Shop& shop = dice_.pick(model_.shops);
  const std::string name = "rzp_sim_" + dice_.digits(10);
  const core::SecretText secret("simulated-secret-" + dice_.digits(12));
  model_.keep_secret(Secret::credential, secret.expose());
  core::Credential row;
  row.merchant = shop.id;
  row.dialect = "razorpay";
  row.kind = "key";
  row.name = name;
  row.secret_hash = front_door::hash_secret(secret);
  bool issued = false;
  command("issue " + name, core::IssueCredential{row, "operator:sim"},
          [&issued](const core::Result<core::Reply>& reply) { issued = reply.has_value(); });
  const Ask ask{wire::Method::get,
                "/v1/payout-links?count=1&account_number=" +
                    world_.sheet(shop.id, "razorpay", "account_number"),
                {{"authorization", "Basic " + wire::base64_encode(name + ":" + secret.expose())}},
                {}};
  if (issued) send(ask, "list with " + name, [](const auto&) {});
  bool revoked = false;
  command("revoke " + name, core::RevokeCredential{"razorpay", "key", name, "operator:sim"},
          [&revoked](const core::Result<core::Reply>& reply) { revoked = reply.has_value(); });
  if (!revoked) return;
  // The door remembers callers for a moment, whatever the clock is set to.
  if (dice_.chance(30)) jump(-dice_.seconds(60, 24 * 3'600));
  pass(std::chrono::seconds(2));
  send(ask, "list with revoked " + name, [this, name](const wire::Response& response) {
    if (response.status != 401) model_.blame(8, name + " was revoked and still opens the door");
  });
}

}  // namespace disburse::sim
