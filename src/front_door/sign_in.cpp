// Token endpoints.
#include "front_door/sign_in.hpp"

#include <algorithm>
#include <utility>

#include "sys/crypto.hpp"
#include "sys/threads.hpp"
#include "wire/hex.hpp"

namespace disburse::front_door {
namespace {

std::string hash_of(const core::SecretText& text) {
  const sys::Digest digest = sys::sha256(text.expose());
  return {digest.begin(), digest.end()};
}

// Something to compare an unknown user's password with, so that the answer takes as long.
const std::string& nobodys_password_hash() {
  static const std::string hash = sys::hash_password("nobody's").value_or("");
  return hash;
}

}  // namespace

SignInDesk::SignInDesk(engine::Door& engine, std::unique_ptr<store::Reader> reader,
                       const sys::Clock& clock, sys::Random& random, const AccessTokens& tokens,
                       bool threaded)
    : engine_(engine),
      reader_(std::move(reader)),
      clock_(clock),
      random_(random),
      tokens_(tokens),
      threaded_(threaded) {
  if (!threaded) return;
  thread_ = std::thread([this] {
    sys::name_this_thread("passwords");
    work();
  });
}

SignInDesk::~SignInDesk() { stop(); }

void SignInDesk::stop() {
  std::deque<Job> quick;
  std::deque<Job> passwords;
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
    quick.swap(quick_);
    passwords.swap(passwords_);
    arrived_.notify_one();
  }
  for (const Job& job : quick) job.done(core::fail(core::Code::draining));
  for (const Job& job : passwords) job.done(core::fail(core::Code::draining));
  if (thread_.joinable()) thread_.join();
}

void SignInDesk::check(const dialects::Dialect& dialect, dialects::SignIn sign_in,
                       std::string address, Done done) {
  Job job{dialect, std::move(sign_in), std::move(address), std::move(done)};
  if (!threaded_) return run(std::move(job));
  if (const std::optional<core::Code> refusal = take(job)) job.done(core::fail(*refusal));
}

std::optional<core::Code> SignInDesk::take(Job& job) {
  const std::lock_guard guard(lock_);
  if (stopping_) return core::Code::draining;
  const bool password = job.sign_in.grant == dialects::SignIn::Grant::password;
  std::deque<Job>& jobs = password ? passwords_ : quick_;
  if (jobs.size() >= (password ? kPasswordsWaiting : kSignInsWaiting))
    return core::Code::too_many_requests;
  const auto same_address = [&job](const Job& other) { return other.address == job.address; };
  if (password && std::count_if(jobs.begin(), jobs.end(), same_address) >=
                      std::ptrdiff_t{kPasswordsWaitingPerAddress}) {
    return core::Code::too_many_requests;
  }
  jobs.push_back(std::move(job));
  arrived_.notify_one();
  return std::nullopt;
}

void SignInDesk::work() {
  while (true) {
    std::unique_lock guard(lock_);
    arrived_.wait(guard, [this] { return stopping_ || !quick_.empty() || !passwords_.empty(); });
    if (stopping_) return;
    std::deque<Job>& jobs = quick_.empty() ? passwords_ : quick_;
    Job job = std::move(jobs.front());
    jobs.pop_front();
    guard.unlock();
    run(std::move(job));
  }
}

core::Result<core::Credential> SignInDesk::credential_of(const Job& job) {
  const auto found =
      TRY(reader_->find_credential(job.dialect.name, job.sign_in.kind, job.sign_in.name));
  const bool password = job.sign_in.grant == dialects::SignIn::Grant::password;
  const std::string& hash = found      ? found->secret_hash
                            : password ? nobodys_password_hash()
                                       : std::string();
  const bool matches = secret_matches(job.sign_in.secret, hash);
  if (!found || !matches || found->revoked_at) return core::fail(core::Code::credentials_invalid);
  return *found;
}

core::RefreshToken SignInDesk::new_refresh_token(core::SecretText& text) {
  const auto bytes = random_.bytes<32>();
  text = core::SecretText(
      wire::hex_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  core::RefreshToken token;
  token.hash = hash_of(text);
  token.expires_at = clock_.now() + core::limits::kRefreshTokenLife;
  return token;
}

dialects::Tokens SignInDesk::tokens_for(core::CredentialId credential, core::MerchantId merchant,
                                        std::string scope, core::SecretText refresh_token) const {
  const core::Instant now = clock_.now();
  dialects::Tokens tokens;
  tokens.access_token = tokens_.make(credential, now + core::limits::kAccessTokenLife);
  tokens.refresh_token = std::move(refresh_token);
  tokens.expires_in = core::limits::kAccessTokenLife;
  tokens.created_at = now;
  tokens.scope = std::move(scope);
  tokens.credential = credential;
  tokens.merchant = merchant;
  return tokens;
}

void SignInDesk::run(Job job) {
  if (job.sign_in.grant == dialects::SignIn::Grant::refresh) return refresh(std::move(job));
  core::Result<core::Credential> credential = credential_of(job);
  if (!credential) return job.done(tl::unexpected(credential.error()));
  const core::CredentialId id = credential->id;
  const core::MerchantId merchant = credential->merchant;
  std::string scope = std::move(job.sign_in.scope);
  // Only people get refresh tokens: a program asks again with its secret.
  if (job.sign_in.grant == dialects::SignIn::Grant::client)
    return job.done(tokens_for(id, merchant, scope, {}));

  core::SecretText text;
  core::RefreshToken token = new_refresh_token(text);
  token.merchant = merchant;
  token.credential = id;
  token.scope = scope;
  engine_.submit(
      {core::IssueRefreshToken{std::move(token)},
       [this, id, merchant, scope, text, done = std::move(job.done)](engine::Outcome outcome) {
         if (!outcome.reply) return done(tl::unexpected(outcome.reply.error()));
         done(tokens_for(id, merchant, scope, text));
       }});
}

void SignInDesk::refresh(Job job) {
  core::SecretText text;
  core::UseRefreshToken use{hash_of(job.sign_in.refresh_token), new_refresh_token(text)};
  engine_.submit(
      {std::move(use), [this, text, done = std::move(job.done)](engine::Outcome outcome) {
         if (!outcome.reply) return done(tl::unexpected(outcome.reply.error()));
         const auto& token = std::get<core::RefreshToken>(*outcome.reply);
         done(tokens_for(token.credential, token.merchant, token.scope, text));
       }});
}

}  // namespace disburse::front_door
