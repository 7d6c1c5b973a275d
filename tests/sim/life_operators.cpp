// What merchants and operators do by command.
#include "sim/life.hpp"

namespace disburse::sim {

void Life::do_decide() {
  const auto number = some_link_in(core::LinkState::pending);
  if (!number) return;
  KnownLink& link = model_.links[*number];
  const core::MerchantId shop = model_.shops[link.shop].id;
  if (dice_.chance(70)) {
    command("approve " + link.reference, core::ApproveLink{shop, {link.id, {}}, "operator:sim"},
            [](const auto&) {});
    return;
  }
  command("reject " + link.reference, core::RejectLink{shop, {link.id, {}}, "operator:sim", "no"},
          [&link](const core::Result<core::Reply>& reply) {
            if (reply) ++link.rejections.acknowledged;
          });
}

void Life::do_extend() {
  const auto number = some_link();
  if (!number) return;
  const KnownLink& link = model_.links[*number];
  command("extend " + link.reference,
          core::ExtendLink{model_.shops[link.shop].id,
                           {link.id, {}},
                           world_.now() + dice_.seconds(60, 30 * 24 * 3'600),
                           "operator:sim"},
          [](const auto&) {});
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
  Shop& shop = dice_.pick(model_.shops);
  const std::int64_t paise = dice_.between(1'000'00, 40'00'000'00);
  command("deposit " + std::to_string(paise),
          core::Deposit{shop.id, *core::Money::from_paise(paise), "sim"},
          [&shop, paise](const core::Result<core::Reply>& reply) {
            if (reply) shop.deposited += paise;
          });
}

void Life::do_change_settings() {
  // Calls that are under way would be decided by settings that the model does not know.
  world_.settle();
  Shop& shop = dice_.pick(model_.shops);
  core::Settings settings = shop.settings;
  settings.hold = dice_.chance(50) ? core::HoldAt::issue : core::HoldAt::claim;
  settings.otp = dice_.chance(70) ? core::OtpRule::always : core::OtpRule::as_asked;
  command("settings", core::UpdateMerchant{shop.id, "sim", settings, std::nullopt},
          [&shop, &settings](const core::Result<core::Reply>& reply) {
            if (reply) shop.settings = settings;
          });
}

}  // namespace disburse::sim
