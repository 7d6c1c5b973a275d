// The running program: which object knows which, and in what order they start and stop.
#include "cli/serve.hpp"

#include <fmt/core.h>
#include <pthread.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

#include "cli/base.hpp"
#include "cli/descriptors.hpp"
#include "cli/greeting.hpp"
#include "cli/messages.hpp"
#include "cli/relay_thread.hpp"
#include "dialects/house/house.hpp"
#include "front_door/front_door.hpp"
#include "front_door/sign_in.hpp"
#include "front_door/status.hpp"
#include "rails/all.hpp"
#include "sandbox/account.hpp"
#include "sandbox/account_maker.hpp"
#include "sandbox/controls.hpp"
#include "sys/crash_point.hpp"
#include "sys/threads.hpp"
#include "wire/http_client.hpp"
#include "wire/server.hpp"

namespace disburse::cli {
namespace {

constexpr std::chrono::milliseconds kDrainGrace{10'000};
constexpr std::size_t kLeasedWaiting = 4'096;

// Waits for SIGTERM or SIGINT on a thread of its own. The signals are blocked everywhere else.
class SignalThread {
 public:
  SignalThread() {
    sigemptyset(&signals_);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  ~SignalThread() { stop(); }
  // Before what the signal's task uses goes: the task may not have returned yet.
  void stop() {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
  }
  void start(std::function<void()> stop) {
    thread_ = std::thread([this, stop = std::move(stop)] {
      sys::name_this_thread("signals");
      int signal = 0;
      sigwait(&signals_, &signal);
      if (signal != SIGUSR1) stop();
    });
  }

 private:
  sigset_t signals_;
  std::thread thread_;
};

// Everything that runs, in the order in which it is made; it goes in the reverse order.
class Program {
 public:
  explicit Program(const Options& options) : options_(options) {}
  ~Program() { stop(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  core::Result<void> start();
  void run();

 private:
  void make_rails(const rails::RailKind& kind);
  core::Result<void> make_server();
  core::Result<void> make_door();
  core::Result<void> make_relay();
  core::Result<void> prepare_sandbox();
  void drain();
  void stop();

  Options options_;
  SignalThread signals_;
  std::unique_ptr<Base> base_;
  std::unique_ptr<wire::HttpClient> http_;
  std::unique_ptr<Messages> messages_;
  std::unique_ptr<store::Reader> door_reader_;
  std::unique_ptr<store::Reader> relay_reader_;
  std::unique_ptr<front_door::Router> router_;
  std::unique_ptr<wire::Server> server_;
  std::vector<std::unique_ptr<rails::Rail>> rails_;
  std::unique_ptr<front_door::SignInDesk> sign_in_;
  std::unique_ptr<sandbox::AccountMaker> accounts_;
  std::unique_ptr<front_door::FrontDoor> door_;
  std::unique_ptr<RelayThread> relay_;
  std::atomic<bool> draining_{false};
  std::string account_;  // the text of sandbox.json
};

core::Result<const rails::RailKind*> find_rail(const Options& options) {
  const rails::RailKind* kind =
      rails::find(options.rail.empty() ? rails::SandboxBank::kName : options.rail);
  if (kind == nullptr) {
    return core::fail(core::Code::configuration_invalid, "--rail", "there is no rail of this name");
  }
  if (kind->sandbox_only && !options.sandbox) {
    return core::fail(core::Code::configuration_invalid, "--rail",
                      "pays nobody: it needs --sandbox");
  }
  return kind;
}

// A line for each payment: key, merchant, payout, paise. It is there when the bank answers, also
// if the program is killed then.
rails::SandboxBank::Book bank_book(const std::string& path) {
  if (path.empty()) return {};
  // owners: the bank's book, which must be copyable
  auto file = std::make_shared<std::ofstream>(path, std::ios::app);
  return [file](const rails::SandboxBank::Paid& paid) {
    *file << fmt::format("{} {} {} {}\n", paid.key, paid.merchant.value, paid.payout.value,
                         paid.amount.paise())
          << std::flush;
  };
}

void Program::make_rails(const rails::RailKind& kind) {
  const auto schedule = [this](core::Duration delay, std::function<void()> task) {
    server_->run_after(delay, std::move(task));
  };
  rails_.push_back(
      kind.make(rails::RailMeans{base_->clock(), schedule, bank_book(options_.sandbox_bank_book)}));
}

core::Result<void> Program::make_server() {
  const ListenAddress listen = TRY(parse_listen(options_.listen));
  router_ = std::make_unique<front_door::Router>(dialects::all(), &dialects::house::kClaimPage,
                                                 &dialects::house::kDialect);
  wire::ServerOptions options;
  options.address = listen.address;
  options.port = listen.port;
  options.certificate_file = options_.tls_cert;
  options.key_file = options_.tls_key;
  options.limits.connections = connections_allowed(options.limits.connections);
  options.body_limit = [this, usual = options.limits.body_bytes](wire::Method method,
                                                                 std::string_view path) {
    const std::size_t limit = router_->body_limit(method, path);
    return limit == 0 ? usual : limit;
  };
  options.error_response = [this](int status, const wire::Request& request) {
    return door_->refuse(status, request);
  };
  server_ = std::make_unique<wire::Server>(
      std::move(options), [this](const wire::Request& request, wire::Respond respond) {
        door_->handle(request, std::move(respond));
      });
  CHECK(server_->listen());
  if (options_.public_url.empty()) {
    const bool ipv6 = listen.address.find(':') != std::string::npos;
    options_.public_url = (options_.tls_cert.empty() ? "http://" : "https://") +
                          (ipv6 ? "[" + listen.address + "]" : listen.address) + ":" +
                          std::to_string(server_->port());
  }
  return {};
}

core::Result<void> Program::make_door() {
  door_reader_ = TRY(base_->store().reader());
  std::unique_ptr<store::Reader> desk_reader = TRY(base_->store().reader());
  sign_in_ = std::make_unique<front_door::SignInDesk>(base_->engine(), std::move(desk_reader),
                                                      base_->clock(), base_->random(),
                                                      base_->keys().tokens, true);
  door_ = std::make_unique<front_door::FrontDoor>(
      front_door::FrontDoor::Parts{base_->engine(), *door_reader_, base_->keys().ids,
                                   base_->keys().hash, base_->clock(), base_->random(),
                                   base_->keys().tokens, *sign_in_, *router_},
      front_door::FrontDoorOptions{options_.public_url, options_.sandbox,
                                   options_.calls_per_second},
      [this](std::function<void()> task) { server_->post(std::move(task)); },
      [this](std::function<void()> task) { server_->defer(std::move(task)); });
  base_->engines().on_answers([this](const auto& answers) { server_->together(answers); });
  front_door::add_status(*door_,
                         {base_->engine(), [this] { return server_->counters(); },
                          [this] { return relay_->counts(); }, [this] { return draining_.load(); },
                          [this] { return base_->round_trips(); }, options_.metrics_token});
  return {};
}

core::Result<void> Program::make_relay() {
  relay_ = std::make_unique<RelayThread>(base_->clock());
  relay_reader_ = TRY(base_->store().reader());
  outbox::Parts parts{
      .reader = *relay_reader_,
      .rails = {},
      .notifier = *messages_->by_channel,
      .http = [this](wire::OutgoingRequest request,
                     auto answer) { http_->send(std::move(request), std::move(answer)); },
      .ids = base_->keys().ids,
      .hash = base_->keys().hash,
      .random = base_->random(),
      .submit =
          [this](core::Command command, auto done) {
            base_->engine().submit(
                {std::move(command), [done](engine::Outcome outcome) { done(outcome.reply); }});
          },
      .find_dialect = dialects::find,
      .public_url = options_.public_url};
  for (const auto& rail : rails_) parts.rails.push_back(rail.get());
  parts.sandbox = options_.sandbox;
  const bool any = options_.sandbox || options_.webhooks_to_private_addresses;
  parts.webhook_addresses = any ? wire::AddressRule::any : wire::AddressRule::public_only;
  parts.dlt = messages_->dlt;
  parts.wake = [this] { relay_->wake(); };
  // What waits is leased, and each lease is renewed again and again.
  if (base_->store().shares()) parts.limits.waiting = kLeasedWaiting;
  base_->engines().on_outbox([this] { relay_->wake(); });
  relay_->start(std::make_unique<outbox::Relay>(std::move(parts)));
  return {};
}

core::Result<void> Program::prepare_sandbox() {
  if (!options_.sandbox) return {};
  sandbox::Account account =
      TRY(sandbox::prepare(base_->engine(), base_->random(), base_->keys().ids, base_->files(),
                           base_->folder(), options_.public_url));
  account_ = std::move(account.text);
  auto* bank = dynamic_cast<rails::SandboxBank*>(rails_.front().get());
  if (bank == nullptr) return {};
  accounts_ = std::make_unique<sandbox::AccountMaker>(base_->engine(), base_->random(),
                                                      base_->keys().ids, options_.public_url);
  sandbox::add_controls(
      *door_, {base_->engine(), *door_reader_, base_->clock(), base_->files(), base_->folder(),
               *accounts_, messages_->inbox, *bank, [this] { relay_->wake(); },
               [this](core::Duration delay, std::function<void()> task) {
                 server_->run_after(delay, std::move(task));
               },
               account.merchant});
  return {};
}

core::Result<void> Program::start() {
  // What can be wrong with the options comes before anything is written.
  const rails::RailKind* rail = TRY(find_rail(options_));
  http_ = std::make_unique<wire::HttpClient>();
  messages_ = TRY(make_messages(options_, *http_));
  base_ = TRY(Base::open(options_, 0));
  CHECK(make_server());
  make_rails(*rail);
  CHECK(make_door());
  // Before the engine's thread, which calls the relay from its first batch on.
  CHECK(make_relay());
  base_->start();
  return prepare_sandbox();
}

void Program::drain() {
  spdlog::info("stopping: no new requests; finishing what was accepted");
  sys::crash_point(sys::CrashPoint::stop_before_drain);
  draining_ = true;
  server_->drain(kDrainGrace);
}

void Program::run() {
  signals_.start([this] { drain(); });
  greet(options_, account_);
  server_->run();
  stop();
  spdlog::info("stopped");
}

// Also after a start that failed halfway. Every thread ends here, before anything that it uses.
void Program::stop() {
  signals_.stop();
  // Nobody asks any more.
  if (accounts_) accounts_->stop();
  if (sign_in_) sign_in_->stop();
  // What is on its way to banks and receivers gets a moment to be answered, then the engine commits
  // what it was told; the rest is in the outbox and goes on at the next start.
  sys::crash_point(sys::CrashPoint::stop_before_relay);
  if (relay_) relay_->stop();
  if (http_) http_->stop();
  sys::crash_point(sys::CrashPoint::stop_before_engine);
  if (base_) base_->stop();
  sys::crash_point(sys::CrashPoint::stop_before_close);
}

}  // namespace

core::Result<void> serve(const Options& options) {
  Program program(options);
  CHECK(program.start());
  program.run();
  return {};
}

}  // namespace disburse::cli
