// Token endpoints: checks a secret or a refresh token and makes access tokens. Passwords are hashed
// slowly on purpose, so that is done on a thread of its own and never on the socket thread.
// Guessing passwords keeps no program from its token: what is checked quickly goes first, and few
// passwords may wait, fewer from one address. Threads: check() from the socket thread; answers come
// on the desk's own thread or on the engine's, refusals also on the caller's.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "dialects/dialect.hpp"
#include "engine/door.hpp"
#include "front_door/access.hpp"

namespace disburse::front_door {

// More are refused with too_many_requests.
inline constexpr std::size_t kSignInsWaiting = 256;   // of programs, and refreshes
inline constexpr std::size_t kPasswordsWaiting = 32;  // each takes a tenth of a second
inline constexpr std::size_t kPasswordsWaitingPerAddress = 8;

class SignInDesk {
 public:
  using Done = std::function<void(core::Result<dialects::Tokens>)>;

  // `reader` is the desk's own. Without `threaded` everything happens inside check(): for tests and
  // the simulator.
  SignInDesk(engine::Door& engine, std::unique_ptr<store::Reader> reader, const sys::Clock& clock,
             sys::Random& random, const AccessTokens& tokens, bool threaded);
  ~SignInDesk();

  void check(const dialects::Dialect& dialect, dialects::SignIn sign_in, std::string address,
             Done done);
  // Ends the desk's thread, before what the answers use goes: what waits is refused with
  // `draining`, unhashed. The desk itself stays until the engine has stopped.
  void stop();

 private:
  struct Job {
    const dialects::Dialect& dialect;
    dialects::SignIn sign_in;
    std::string address;
    Done done;
  };

  std::optional<core::Code> take(Job& job);  // why not
  void work();
  void run(Job job);
  void refresh(Job job);
  core::Result<core::Credential> credential_of(const Job& job);
  core::RefreshToken new_refresh_token(core::SecretText& text);
  dialects::Tokens tokens_for(core::CredentialId credential, core::MerchantId merchant,
                              std::string scope, core::SecretText refresh_token) const;

  engine::Door& engine_;
  std::unique_ptr<store::Reader> reader_;
  const sys::Clock& clock_;
  sys::Random& random_;
  const AccessTokens& tokens_;

  std::mutex lock_;  // guards the next four
  std::condition_variable arrived_;
  std::deque<Job> quick_;
  std::deque<Job> passwords_;
  bool stopping_ = false;
  const bool threaded_;
  std::thread thread_;
};

}  // namespace disburse::front_door
