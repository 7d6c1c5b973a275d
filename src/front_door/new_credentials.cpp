// Credentials are made here and told once.
#include "front_door/new_credentials.hpp"

#include <future>
#include <string>
#include <utility>

#include "front_door/access.hpp"
#include "sys/crypto.hpp"

namespace disburse::front_door {

core::Result<core::Reply> ask(engine::Door& engine, core::Command command) {
  std::promise<core::Result<core::Reply>> promise;
  std::future<core::Result<core::Reply>> answer = promise.get_future();
  engine.submit({std::move(command), [&promise](engine::Outcome outcome) {
                   promise.set_value(std::move(outcome.reply));
                 }});
  return answer.get();
}

namespace {

core::Result<core::Credential> row_of(const dialects::NewCredential& made,
                                      const dialects::Dialect& dialect,
                                      const core::Merchant& merchant) {
  core::Credential row;
  row.merchant = merchant.id;
  row.dialect = dialect.name;
  row.kind = made.kind;
  row.name = made.name;
  row.readable_secret = made.readable_secret;
  if (made.is_password)
    row.secret_hash = TRY(sys::hash_password(made.secret.expose()));
  else if (!made.secret.empty())
    row.secret_hash = hash_secret(made.secret);
  return row;
}

}  // namespace

core::Result<std::vector<dialects::NewCredential>> issue_credentials(
    engine::Door& engine, sys::Random& random, const dialects::Dialect& dialect,
    const core::Merchant& merchant, std::string_view kind, std::string_view actor) {
  const auto fresh = random.bytes<256>();
  std::vector<dialects::NewCredential> issued;
  if (dialect.new_credentials == nullptr) return issued;
  for (dialects::NewCredential& made :
       dialect.new_credentials(merchant, dialects::FreshBytes(fresh))) {
    if (!kind.empty() && made.kind != kind) continue;
    core::Credential row = TRY(row_of(made, dialect, merchant));
    CHECK(ask(engine, core::IssueCredential{std::move(row), std::string(actor)}));
    issued.push_back(std::move(made));
  }
  return issued;
}

}  // namespace disburse::front_door
