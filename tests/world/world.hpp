// The whole program in one thread, over the memory store or SQLite on a simulated disk, with a
// manual clock and seeded randomness: what golden tests and the simulator run. Real engine, front
// door, dialects, relay and simulated bank; only sockets and threads are left out.
//
// Threads: one.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/keys.hpp"
#include "engine/engine.hpp"
#include "front_door/front_door.hpp"
#include "front_door/sign_in.hpp"
#include "notify/captured.hpp"
#include "outbox/relay.hpp"
#include "rails/sandbox/sandbox_bank.hpp"
#include "store/contract/simulated_disk.hpp"
#include "store/memory/memory_store.hpp"
#include "sys/clock.hpp"
#include "sys/random.hpp"
#include "world/lines.hpp"

namespace disburse::world {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct WorldOptions {
  std::uint64_t seed = 1;
  std::string public_url = "http://127.0.0.1:8080";
  bool sandbox = true;
  bool on_disk = false;  // SQLite on a simulated disk
  // Another store than these; again after a restart.
  std::function<std::unique_ptr<store::Store>()> open_store = {};
};

class World {
 public:
  explicit World(WorldOptions options = {});
  ~World();

  // ---- asking
  wire::Response call(wire::Method method, std::string_view target, const Headers& headers = {},
                      std::string_view body = {}, std::string_view peer = "127.0.0.1");
  // Begins a call and does not wait: the answer comes in a later step(), or never after crash().
  // Several of them can meet in one batch.
  using Answered = std::function<void(const wire::Response&)>;
  void begin_call(wire::Method method, std::string target, Headers headers, std::string body,
                  Answered answered, std::string peer = "127.0.0.1");
  core::Result<core::Reply> command(core::Command command);
  // Begins one: the answer comes in a later step(), or never after crash().
  void begin_command(core::Command command,
                     std::function<void(const core::Result<core::Reply>&)> answered);
  core::Result<core::Reply> query(const core::Query& query);

  // ---- time
  sys::ManualClock& clock() { return clock_; }
  core::Instant now() const { return clock_.now(); }
  // Moves the clock and runs what is due then, timers and outbox.
  void advance(core::Duration by);
  // Runs timers, outbox, bank and webhooks until nothing is due now. False when that does not end.
  bool settle();
  // One small step of the relay and the engine; false when nothing happened.
  bool step();

  // ---- the merchant that is there from the start
  core::MerchantId merchant() const { return merchant_; }
  // A value of a dialect's sheet: sheet("payu", "client_id").
  const std::string& sheet(std::string_view dialect, std::string_view field) const;
  const std::string& sheet(core::MerchantId merchant, std::string_view dialect,
                           std::string_view field) const;
  core::MerchantId add_merchant(std::string_view name, core::Mode mode = core::Mode::test);
  void change_settings(const std::function<void(core::Settings&)>& change);

  // ---- the world outside
  rails::SandboxBank& bank() { return *bank_; }
  notify::Inbox& inbox() { return inbox_; }
  const notify::Inbox& inbox() const { return inbox_; }
  struct Sent {
    wire::OutgoingRequest request;
    core::Instant at;
  };
  std::deque<Sent>& webhooks() { return webhooks_; }
  // How receivers answer; by default as the providers ask receivers to.
  using Receiver =
      std::function<void(const wire::OutgoingRequest&, std::function<void(wire::OutgoingAnswer)>)>;
  void receive_with(Receiver receiver) { receiver_ = std::move(receiver); }
  static wire::OutgoingAnswer good_answer(const wire::OutgoingRequest& request);

  // ---- parts
  store::Store& store() { return *store_; }
  // None over the memory store.
  store::SimulatedDisk* disk() { return disk_.get(); }
  // Whether a write has failed so that nobody knows what the disk has: every call is refused until
  // crash().
  bool store_is_lost();
  // Where the lines can be cut. The store's hooks are forgotten by crash() and restart(), as the
  // store's own are; the others stay.
  StoreLine& store_line() { return *store_line_; }
  BankLine& bank_line() { return *bank_line_; }
  GatewayLine& gateway() { return gateway_; }
  store::Reader& reader() { return *reader_; }
  engine::Engine& engine() { return *engine_; }
  outbox::Relay& relay() { return *relay_; }
  const cli::ServerKeys& keys() const { return *keys_; }
  sys::SeededRandom& random() { return random_; }
  bool is_sandbox() const { return options_.sandbox; }
  // As after kill -9: only what was committed is there; calls that were open are forgotten.
  void crash();
  // As after SIGTERM: what was accepted is worked off and answered, then everything starts again.
  // False when the program did not stop.
  bool restart();
  void run_after(core::Duration delay, std::function<void()> task);

 private:
  struct OpenCall;

  void build();
  void open_door();
  void open_store();
  bool open_on_disk();
  store::Left some_left();
  void start_again();
  void forget_calls();
  void run_posted();
  bool run_scheduled();

  WorldOptions options_;
  sys::ManualClock clock_;
  sys::SeededRandom random_;
  std::unique_ptr<cli::ServerKeys> keys_;
  sys::SeededRandom disk_random_;  // keys and nonces of the store, and what a crash leaves
  std::unique_ptr<store::SimulatedDisk> disk_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<StoreLine> store_line_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<store::Reader> relay_reader_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<front_door::Router> router_;
  std::unique_ptr<front_door::SignInDesk> sign_in_;
  std::unique_ptr<front_door::FrontDoor> door_;
  std::unique_ptr<rails::SandboxBank> bank_;
  std::unique_ptr<BankLine> bank_line_;
  std::unique_ptr<outbox::Relay> relay_;
  notify::Inbox inbox_;
  GatewayLine gateway_{inbox_};
  std::deque<std::function<void()>> posted_;
  std::vector<std::unique_ptr<OpenCall>> open_calls_;
  // By the time that has elapsed: what is under way outside does not heed our clock.
  std::multimap<core::Duration, std::function<void()>> scheduled_;
  std::deque<Sent> webhooks_;
  Receiver receiver_;
  core::MerchantId merchant_;
  std::map<std::string, std::string, std::less<>> sheet_;
};

}  // namespace disburse::world
