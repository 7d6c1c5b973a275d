// Making sandbox merchants.
#include "sandbox/account.hpp"

#include <charconv>
#include <utility>

#include "dialects/dialect.hpp"
#include "front_door/new_credentials.hpp"
#include "sys/crash_point.hpp"
#include "wire/json.hpp"

namespace disburse::sandbox {
namespace {

constexpr std::string_view kActor = "sandbox";
constexpr std::string_view kFile = "sandbox.json";

core::Result<core::Merchant> make_merchant(engine::Door& engine, std::string_view name) {
  core::CreateMerchant create;
  create.name = name;
  create.mode = core::Mode::test;
  const core::Reply made = TRY(front_door::ask(engine, std::move(create)));
  const core::Merchant merchant = std::get<core::MerchantView>(made).merchant;
  sys::crash_point(sys::CrashPoint::account_merchant_made);
  const core::Money opening = TRY(core::Money::from_paise(kOpeningPaise));
  CHECK(front_door::ask(engine, core::Deposit{merchant.id, opening, std::string(kActor)}));
  sys::crash_point(sys::CrashPoint::account_funded);
  return merchant;
}

// The number of the merchant that the file is about. Files of earlier versions do not say: there it
// is the first.
core::MerchantId merchant_of(const wire::JsonDocument& file) {
  const wire::JsonValue* merchant = file.find("merchant");
  const wire::JsonValue* number = merchant == nullptr ? nullptr : merchant->find("number");
  core::MerchantId id{1};
  if (number == nullptr || !number->is_number()) return id;
  const std::string_view digits = number->text();
  std::from_chars(digits.data(), digits.data() + digits.size(), id.value);
  return id;
}

}  // namespace

core::Result<std::string> make_account(engine::Door& engine, sys::Random& random,
                                       const core::PublicIds& ids, std::string_view name,
                                       std::string_view base_url) {
  const core::Merchant merchant = TRY(make_merchant(engine, name));
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().field("base_url", base_url);
  json.key("merchant").begin_object();
  const auto sealed = ids.seal83(core::IdKind::merchant, merchant.id, merchant.id.value);
  json.field("id", core::base62(sealed, 14));
  json.field("number", std::int64_t{merchant.id.value}).field("name", merchant.name).end_object();
  for (const dialects::Dialect* dialect : dialects::all()) {
    if (dialect->sheet == nullptr) continue;
    const auto issued =
        TRY(front_door::issue_credentials(engine, random, *dialect, merchant, {}, kActor));
    json.key(dialect->name).begin_object();
    for (const auto& [field, value] : dialect->sheet(merchant, issued)) json.field(field, value);
    json.end_object();
    sys::crash_point(sys::CrashPoint::account_part_issued);
  }
  json.end_object();
  sys::crash_point(sys::CrashPoint::account_issued);
  return text;
}

core::Result<Account> prepare(engine::Door& engine, sys::Random& random, const core::PublicIds& ids,
                              sys::Files& files, const sys::Path& folder,
                              std::string_view base_url) {
  const sys::Path path = folder / kFile;
  if (!files.exists(path)) {
    std::string text = TRY(make_account(engine, random, ids, kFirstMerchant, base_url));
    CHECK(files.write_file_durably(path, text + "\n"));
    const core::MerchantId merchant = merchant_of(TRY(wire::parse_json(text)));
    return Account{std::move(text), merchant};
  }
  // The port may be another one this time; everything else stays.
  std::string text = TRY(files.read_file(path));
  const wire::JsonDocument document = TRY(wire::parse_json(text));
  const wire::JsonValue* before = document.find("base_url");
  const core::MerchantId merchant = merchant_of(document);
  if (before == nullptr || before->text() == base_url) return Account{std::move(text), merchant};
  const std::size_t at = text.find(before->text());
  text.replace(at, before->text().size(), base_url);
  CHECK(files.write_file_durably(path, text));
  return Account{std::move(text), merchant};
}

}  // namespace disburse::sandbox
