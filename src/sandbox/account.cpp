// Making sandbox merchants.
#include "sandbox/account.hpp"

#include "dialects/dialect.hpp"
#include "front_door/new_credentials.hpp"
#include "wire/json.hpp"

namespace disburse::sandbox {
namespace {

constexpr std::string_view kActor = "sandbox";
constexpr std::string_view kFile = "sandbox.json";

core::Result<core::Merchant> make_merchant(engine::Engine& engine, std::string_view name) {
  core::CreateMerchant create;
  create.name = name;
  create.mode = core::Mode::test;
  const core::Reply made = TRY(front_door::ask(engine, std::move(create)));
  const core::Merchant merchant = std::get<core::MerchantView>(made).merchant;
  const core::Money opening = TRY(core::Money::from_paise(kOpeningPaise));
  CHECK(front_door::ask(engine, core::Deposit{merchant.id, opening, std::string(kActor)}));
  return merchant;
}

}  // namespace

core::Result<std::string> make_account(engine::Engine& engine, sys::Random& random,
                                       const core::PublicIds& ids, std::string_view name,
                                       std::string_view base_url) {
  const core::Merchant merchant = TRY(make_merchant(engine, name));
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().field("base_url", base_url);
  json.key("merchant").begin_object();
  const auto sealed = ids.seal83(core::IdKind::merchant, merchant.id, merchant.id.value);
  json.field("id", core::base62(sealed, 14)).field("name", merchant.name).end_object();
  for (const dialects::Dialect* dialect : dialects::all()) {
    if (dialect->sheet == nullptr) continue;
    const auto issued =
        TRY(front_door::issue_credentials(engine, random, *dialect, merchant, {}, kActor));
    json.key(dialect->name).begin_object();
    for (const auto& [field, value] : dialect->sheet(merchant, issued)) json.field(field, value);
    json.end_object();
  }
  json.end_object();
  return text;
}

core::Result<std::string> prepare(engine::Engine& engine, sys::Random& random,
                                  const core::PublicIds& ids, sys::Files& files,
                                  const sys::Path& folder, std::string_view base_url) {
  const sys::Path path = folder / kFile;
  if (!files.exists(path)) {
    std::string text = TRY(make_account(engine, random, ids, kFirstMerchant, base_url));
    CHECK(files.write_file_durably(path, text + "\n"));
    return text;
  }
  // The port may be another one this time; everything else stays.
  std::string text = TRY(files.read_file(path));
  const wire::JsonDocument document = TRY(wire::parse_json(text));
  const wire::JsonValue* before = document.find("base_url");
  if (before == nullptr || before->text() == base_url) return text;
  const std::size_t at = text.find(before->text());
  text.replace(at, before->text().size(), base_url);
  CHECK(files.write_file_durably(path, text));
  return text;
}

}  // namespace disburse::sandbox
