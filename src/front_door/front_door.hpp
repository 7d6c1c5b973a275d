// Where wire, dialect and engine meet: match, authenticate, parse, handle, render. It knows no
// dialect by name.
//
// Threads: handle() on the socket thread; the engine's answers are taken back to it through `post`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/public_id.hpp"
#include "dialects/dialect.hpp"
#include "engine/door.hpp"
#include "front_door/access.hpp"
#include "front_door/call_budget.hpp"
#include "front_door/router.hpp"
#include "front_door/sign_in.hpp"
#include "store/store.hpp"
#include "sys/clock.hpp"
#include "sys/random.hpp"
#include "wire/server.hpp"

namespace disburse::front_door {

struct FrontDoorOptions {
  std::string public_url;
  bool sandbox = false;
  std::uint32_t calls_per_second = 0;  // of each credential; 0: no limit
};

class FrontDoor {
 public:
  using Post = std::function<void(std::function<void()>)>;
  // A path that is served here and not by a dialect: health, metrics, the sandbox's controls.
  using Extra = std::function<void(const wire::Request&, wire::Respond)>;

  struct Parts {
    engine::Door& engine;
    store::Reader& reader;  // of the socket thread
    const core::PublicIds& ids;
    const core::KeyedHash& hash;
    const sys::Clock& clock;
    sys::Random& random;
    const AccessTokens& tokens;
    SignInDesk& sign_in;
    const Router& router;
  };

  // `defer` runs a task on the socket thread once what has come in is looked at: so long are
  // commands gathered, so that those of many connections go to the engine together.
  FrontDoor(Parts parts, FrontDoorOptions options, Post post, Post defer);

  void handle(const wire::Request& request, wire::Respond respond);
  // What the server itself refuses, in the shape of the dialect that owns the path.
  wire::Response refuse(int status, const wire::Request& request);
  void add(std::string path, Extra extra) { extras_[std::move(path)] = std::move(extra); }
  // From now on everything but health is refused: the program is stopping.
  void set_public_url(std::string url) { options_.public_url = std::move(url); }

 private:
  struct Pending;
  using PendingPtr =
      std::shared_ptr<Pending>;  // owners: the engine's request, then the task on the socket thread

  dialects::Context context();
  void start(const PendingPtr& pending);
  void run(const PendingPtr& pending, dialects::Call&& call);
  void run_command(const PendingPtr& pending, core::Command&& command,
                   std::string&& idempotency_key);
  // The queries that have come in together are answered from one state of the store.
  void hold_one_state();
  void submit(engine::Request&& request);
  void finish(const PendingPtr& pending, const core::Result<dialects::Answer>& answer);
  wire::Response render(const Pending& pending, const core::Result<dialects::Answer>& answer) const;

  Parts parts_;
  FrontDoorOptions options_;
  Post post_;
  Post defer_;
  bool nudge_deferred_ = false;
  std::optional<std::uint64_t> held_commits_;  // of the engine, when the reader's state was taken
  Access access_;
  CallBudget budget_;
  std::unordered_map<std::string, Extra> extras_;
};

}  // namespace disburse::front_door
