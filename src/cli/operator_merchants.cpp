// Merchants and their credentials, as operators make them.
#include <fmt/core.h>

#include "cli/base.hpp"
#include "cli/operator.hpp"
#include "core/calendar.hpp"
#include "dialects/dialect.hpp"
#include "front_door/new_credentials.hpp"

namespace disburse::cli {
namespace {

constexpr std::string_view kActor = "operator";

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (comma != 0) parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return parts;
}

core::Result<core::Merchant> find_merchant(Base& base, std::uint32_t number) {
  auto reader = TRY(base.store().reader());
  const auto found = TRY(reader->find_merchant(core::MerchantId{number}));
  if (!found) return core::fail(core::Code::merchant_not_found);
  return found->merchant;
}

}  // namespace

core::Result<void> create_merchant(const Options& options, const NewMerchant& merchant) {
  auto base = TRY(Base::open(options, kOperatorNode));
  base->start();
  core::CreateMerchant create;
  create.name = merchant.name;
  create.mode = merchant.live ? core::Mode::live : core::Mode::test;
  create.account_number = merchant.account_number;
  create.allowed_addresses = split(merchant.allowed_addresses);
  create.settings.hold = merchant.hold_at_issue ? core::HoldAt::issue : core::HoldAt::claim;
  if (merchant.approval_above_paise) {
    create.settings.approval_above = TRY(core::Money::from_paise(*merchant.approval_above_paise));
  }
  const core::Reply reply = TRY(front_door::ask(base->engine(), std::move(create)));
  const auto& view = std::get<core::MerchantView>(reply);
  fmt::print("merchant {}  {}  account {}\n", view.merchant.id.value, view.merchant.name,
             view.merchant.account_number);
  fmt::print("next: disburse credential issue --merchant {} --dialect NAME\n",
             view.merchant.id.value);
  return {};
}

core::Result<void> list_merchants(const Options& options) {
  auto base = TRY(Base::open(options, kOperatorNode));
  auto reader = TRY(base->store().reader());
  for (const core::Merchant& merchant : TRY(reader->list_merchants())) {
    const auto view = TRY(reader->find_merchant(merchant.id));
    const core::Balances balances = view ? view->balances : core::Balances{};
    fmt::print("{:>6}  {:<30} {:<5} account {}  available Rs {}.{:02}  held Rs {}.{:02}\n",
               merchant.id.value, merchant.name,
               merchant.mode == core::Mode::live ? "live" : "test", merchant.account_number,
               balances.available / 100, balances.available % 100, balances.held / 100,
               balances.held % 100);
  }
  return {};
}

core::Result<void> deposit(const Options& options, std::uint32_t merchant,
                           const std::string& rupees) {
  auto base = TRY(Base::open(options, kOperatorNode));
  base->start();
  const core::Money amount = TRY(core::Money::parse_rupees(rupees));
  const core::Reply reply = TRY(front_door::ask(
      base->engine(), core::Deposit{core::MerchantId{merchant}, amount, std::string(kActor)}));
  const core::Balances& balances = std::get<core::MerchantView>(reply).balances;
  fmt::print("available Rs {}.{:02}\n", balances.available / 100, balances.available % 100);
  return {};
}

core::Result<void> issue_credentials(const Options& options, std::uint32_t merchant,
                                     const std::string& dialect_name, const std::string& kind) {
  const dialects::Dialect* dialect = dialects::find(dialect_name);
  if (dialect == nullptr)
    return core::fail(core::Code::configuration_invalid, "--dialect", "there is none of this name");
  auto base = TRY(Base::open(options, kOperatorNode));
  const core::Merchant owner = TRY(find_merchant(*base, merchant));
  base->start();
  const auto issued = TRY(
      front_door::issue_credentials(base->engine(), base->random(), *dialect, owner, kind, kActor));
  if (issued.empty())
    return core::fail(core::Code::configuration_invalid, "--kind", "the dialect has no such kind");
  fmt::print("Shown once; only hashes are kept:\n");
  for (const auto& [name, value] : dialect->sheet(owner, issued))
    fmt::print("  {:<20} {}\n", name, value);
  return {};
}

core::Result<void> list_credentials(const Options& options, std::uint32_t merchant) {
  auto base = TRY(Base::open(options, kOperatorNode));
  auto reader = TRY(base->store().reader());
  for (const core::Credential& credential :
       TRY(reader->list_credentials(core::MerchantId{merchant}))) {
    fmt::print("{:<11} {:<8} {}  since {}{}\n", credential.dialect, credential.kind,
               credential.name, core::rfc3339(credential.created_at),
               credential.revoked_at ? "  REVOKED" : "");
  }
  return {};
}

core::Result<void> revoke_credential(const Options& options, const std::string& dialect,
                                     const std::string& kind, const std::string& name) {
  auto base = TRY(Base::open(options, kOperatorNode));
  base->start();
  CHECK(front_door::ask(base->engine(),
                        core::RevokeCredential{dialect, kind, name, std::string(kActor)}));
  fmt::print("revoked: refused from now on, within a second on running servers\n");
  return {};
}

}  // namespace disburse::cli
