// The whole program in one thread.
#include "world/world.hpp"

#include <cassert>

#include "dialects/house/house.hpp"
#include "engine/queries.hpp"
#include "front_door/new_credentials.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "wire/form.hpp"
#include "wire/json.hpp"
#include "wire/path.hpp"

namespace disburse::world {
namespace {

constexpr int kMostSteps = 100'000;  // a world that never comes to rest is a failed test
constexpr int kMostStarts = 20;      // a machine fails at some of its starts, not at all of them
// Small, so that a short life copies its log and begins it anew.
constexpr store::UpkeepPlan kUpkeep{.copy_pages = 60, .restart_pages = 150, .own_thread = false};

sys::SecretKey fixed_key() {
  sys::SecretKey::Array bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return sys::SecretKey(bytes);
}

}  // namespace

World::World(WorldOptions options)
    : options_(std::move(options)),
      random_(options_.seed),
      keys_(std::make_unique<cli::ServerKeys>(fixed_key())),
      disk_random_(~options_.seed) {
  if (options_.on_disk) disk_ = std::make_unique<store::SimulatedDisk>(options_.seed);
  open_store();
  bank_ = std::make_unique<rails::SandboxBank>(
      clock_, [this](core::Duration delay, std::function<void()> task) {
        run_after(delay, std::move(task));
      });
  bank_line_ = std::make_unique<BankLine>(*bank_);
  receiver_ = [](const wire::OutgoingRequest& request, auto answer) {
    answer(good_answer(request));
  };
  build();
  merchant_ = add_merchant("Acme Refunds");
}

// A call that was begun: the request is views into what is kept here.
struct World::OpenCall {
  std::string target;
  Headers headers;
  std::string body;
  std::string peer;
  std::vector<wire::Header> views = {};
  wire::Request request = {};
  bool answered = false;
};

World::~World() { forget_calls(); }

void World::build() {
  reader_ = *store_->reader();
  relay_reader_ = *store_->reader();
  engine::EngineOptions engine_options;
  engine_options.limit_addresses = false;
  store_line_ = std::make_unique<StoreLine>(*store_);
  engine_ =
      std::make_unique<engine::Engine>(*store_line_, clock_, random_, keys_->hash, engine_options);
  // The machine stood still in the middle of it: nobody hears what came of the call.
  store_line_->at_end_of_write = [this] {
    if (disk_ != nullptr && disk_->crashed()) throw Died{};
  };
  const auto started = engine_->start();
  assert(started);
  router_ = std::make_unique<front_door::Router>(dialects::all(), &dialects::house::kClaimPage,
                                                 &dialects::house::kDialect);
  sign_in_ = std::make_unique<front_door::SignInDesk>(*engine_, *store_->reader(), clock_, random_,
                                                      keys_->tokens, false);
  open_door();
  outbox::Parts parts{
      .reader = *relay_reader_,
      .rails = {bank_line_.get()},
      .notifier = gateway_,
      .http =
          [this](wire::OutgoingRequest request, auto answer) {
            webhooks_.push_back({request, clock_.now()});
            receiver_(request, std::move(answer));
          },
      .ids = keys_->ids,
      .hash = keys_->hash,
      .random = random_,
      .submit =
          [this](core::Command command, auto done) {
            engine_->submit({std::move(command), [done](engine::Outcome o) { done(o.reply); }});
          },
      .find_dialect = dialects::find,
      .public_url = options_.public_url};
  parts.sandbox = options_.sandbox;
  parts.webhook_addresses = wire::AddressRule::any;
  relay_ = std::make_unique<outbox::Relay>(std::move(parts));
}

void World::open_door() {
  door_ = std::make_unique<front_door::FrontDoor>(
      front_door::FrontDoor::Parts{*engine_, *reader_, keys_->ids, keys_->hash, clock_, random_,
                                   keys_->tokens, *sign_in_, *router_},
      front_door::FrontDoorOptions{options_.public_url, options_.sandbox},
      [this](std::function<void()> task) { posted_.push_back(std::move(task)); },
      [](const std::function<void()>& task) { task(); });
}

// Everything that works goes, and whoever still waits for an answer gets none. The world outside
// goes on: what it says later is heard by the next program, or by nobody.
void World::forget_calls() {
  for (const auto& open : open_calls_) open->answered = true;
  relay_.reset();
  posted_.clear();
  door_.reset();
  sign_in_.reset();
  engine_.reset();
  open_calls_.clear();
}

void World::crash() {
  if (disk_ != nullptr) disk_->crash();
  forget_calls();
  start_again();
}

bool World::restart() {
  // The door closes first, then the engine works off what it has taken, then the relay hands on
  // what it carries; calls that hang are left behind.
  engine_->stop();
  relay_->drain();
  int quiet = 0;
  for (int i = 0; i < kMostSteps && quiet < 3; ++i) quiet = step() ? 0 : quiet + 1;
  for (const auto& open : open_calls_) {
    if (!open->answered) quiet = 0;
  }
  forget_calls();
  start_again();
  return quiet >= 3;
}

void World::start_again() {
  reader_.reset();
  relay_reader_.reset();
  store_line_.reset();
  open_store();
  build();
}

void World::open_store() {
  if (options_.open_store) {
    store_.reset();
    store_ = options_.open_store();
    return;
  }
  if (disk_ == nullptr) {
    const auto* const before = dynamic_cast<const store::MemoryStore*>(store_.get());
    store_ = before == nullptr ? store::make_memory_store() : before->copy();
    return;
  }
  // It is stopped, unless the machine stands still already.
  store_.reset();
  if (disk_->crashed()) disk_->restart(some_left());
  for (int tries = 0; tries < kMostStarts; ++tries) {
    if (open_on_disk()) return;
    // A failed start is followed by another one, and sometimes by somebody who makes room.
    disk_->crash();
    disk_->restart(some_left());
    if (disk_random_.below(2) == 0) disk_->full = false;
  }
  // An empty one in its place: whoever audits will say what is missing.
  store_ = store::make_memory_store();
}

bool World::open_on_disk() {
  auto opened = store::open_sqlite({.path = "/store.db",
                                    .master = fixed_key(),
                                    .random = disk_random_,
                                    .vfs = disk_->name(),
                                    .upkeep = kUpkeep});
  if (!opened) return false;
  store_ = std::move(*opened);
  return true;
}

store::Left World::some_left() {
  using enum store::Left;
  constexpr store::Left kAll[] = {everything, everything, what_was_synced, what_was_written,
                                  by_chance,  by_chance,  by_chance};
  return kAll[disk_random_.below(std::size(kAll))];
}

bool World::store_is_lost() {
  return disk_ != nullptr && !store_->takes_writes() && !store_->load({});
}

// A call that is cut short by a death is an open one like any other: crash() forgets it.
wire::Response World::call(wire::Method method, std::string_view target, const Headers& headers,
                           std::string_view body, std::string_view peer) {
  std::optional<wire::Response> response;
  begin_call(
      method, std::string(target), headers, std::string(body),
      [&response](const wire::Response& answer) { response = answer; }, std::string(peer));
  for (int i = 0; !response && i < kMostSteps; ++i) {
    engine_->run_batch();
    run_posted();
  }
  assert(response);
  return std::move(*response);
}

void World::begin_call(wire::Method method, std::string target, Headers headers, std::string body,
                       Answered answered, std::string peer) {
  std::erase_if(open_calls_, [](const auto& open) { return open->answered; });
  open_calls_.push_back(std::make_unique<OpenCall>(
      OpenCall{std::move(target), std::move(headers), std::move(body), std::move(peer)}));
  OpenCall& call = *open_calls_.back();
  for (const auto& [name, value] : call.headers) call.views.push_back({name, value});
  call.request.method = method;
  call.request.target = call.target;
  call.request.headers = call.views;
  call.request.body = call.body;
  call.request.peer = call.peer;
  const auto done = [&call, answered = std::move(answered)](const wire::Response& response) {
    if (std::exchange(call.answered, true)) return;
    answered(response);
  };
  if (!wire::normalise_target(call.target, call.request.path, call.request.query))
    return done(door_->refuse(400, call.request));
  door_->handle(call.request,
                wire::respond_to([done](wire::Response&& response) { done(response); }));
}

core::Result<core::Reply> World::command(core::Command command) {
  std::optional<core::Result<core::Reply>> reply;
  begin_command(std::move(command), [&reply](const auto& answer) { reply = answer; });
  while (!reply) engine_->run_batch();
  return std::move(*reply);
}

void World::begin_command(core::Command command,
                          std::function<void(const core::Result<core::Reply>&)> answered) {
  engine_->submit({std::move(command), [answered = std::move(answered)](engine::Outcome outcome) {
                     answered(outcome.reply);
                   }});
}

void World::run_posted() {
  while (!posted_.empty()) {
    const std::function<void()> task = std::move(posted_.front());
    posted_.pop_front();
    task();
  }
}

bool World::run_scheduled() {
  if (scheduled_.empty() || scheduled_.begin()->first > clock_.elapsed()) return false;
  const std::function<void()> task = std::move(scheduled_.begin()->second);
  scheduled_.erase(scheduled_.begin());
  task();
  return true;
}

bool World::step() {
  const std::size_t before = relay_->in_flight();
  const std::uint64_t carried = relay_->counters().carried;
  relay_->poll(clock_.moment());
  bool moved = relay_->in_flight() != before || relay_->counters().carried != carried;
  moved |= engine_->run_batch();
  run_posted();
  moved |= run_scheduled();
  return moved;
}

bool World::settle() {
  // The relay may need a poll to hand an answer on and another to see that it was taken.
  int quiet = 0;
  for (int i = 0; i < kMostSteps && quiet < 3; ++i) quiet = step() ? 0 : quiet + 1;
  return quiet >= 3;
}

void World::advance(core::Duration by) {
  const core::Duration end = clock_.elapsed() + by;
  const auto until = [this](core::Duration moment) {
    if (moment > clock_.elapsed()) clock_.advance(moment - clock_.elapsed());
  };
  while (!scheduled_.empty() && scheduled_.begin()->first <= end) {
    until(scheduled_.begin()->first);
    settle();
  }
  until(end);
  engine_->wake();
  settle();
}

void World::run_after(core::Duration delay, std::function<void()> task) {
  scheduled_.emplace(clock_.elapsed() + delay, std::move(task));
}

const std::string& World::sheet(std::string_view dialect, std::string_view field) const {
  return sheet(core::MerchantId{1}, dialect, field);
}

const std::string& World::sheet(core::MerchantId merchant, std::string_view dialect,
                                std::string_view field) const {
  static const std::string none;
  const auto found = sheet_.find(std::to_string(merchant.value) + "." + std::string(dialect) + "." +
                                 std::string(field));
  return found == sheet_.end() ? none : found->second;
}

core::MerchantId World::add_merchant(std::string_view name, core::Mode mode) {
  core::CreateMerchant create;
  create.mode = mode;
  create.name = name;
  const auto made = command(std::move(create));
  assert(made);
  const core::Merchant merchant = std::get<core::MerchantView>(*made).merchant;
  const auto funded =
      command(core::Deposit{merchant.id, *core::Money::from_paise(1'00'00'000'00), "world"});
  assert(funded);
  for (const dialects::Dialect* dialect : dialects::all()) {
    if (dialect->new_credentials == nullptr) continue;
    const auto fresh = random_.bytes<256>();
    const auto issued = dialect->new_credentials(merchant, dialects::FreshBytes(fresh));
    for (const dialects::NewCredential& credential : issued) {
      core::Credential row{{},
                           merchant.id,
                           std::string(dialect->name),
                           credential.kind,
                           credential.name,
                           {},
                           credential.readable_secret,
                           {},
                           {}};
      if (credential.is_password)
        row.secret_hash = *sys::hash_password(credential.secret.expose(), sys::kTestPasswordCost);
      else if (!credential.secret.empty())
        row.secret_hash = front_door::hash_secret(credential.secret);
      const auto stored = command(core::IssueCredential{row, "world"});
      assert(stored);
    }
    for (const auto& [field, value] : dialect->sheet(merchant, issued)) {
      sheet_[std::to_string(merchant.id.value) + "." + std::string(dialect->name) + "." + field] =
          value;
    }
  }
  return merchant.id;
}

void World::change_settings(const std::function<void(core::Settings&)>& change) {
  const auto view = reader_->find_merchant(merchant_);
  core::Settings settings = (*view)->merchant.settings;
  change(settings);
  const auto done = command(core::UpdateMerchant{merchant_, "world", settings, std::nullopt});
  assert(done);
  // The front door remembers callers for a moment; a new one has forgotten them.
  open_door();
}

wire::OutgoingAnswer World::good_answer(const wire::OutgoingRequest& request) {
  wire::OutgoingAnswer answer;
  answer.status = 200;
  answer.sent = true;
  const std::size_t query = request.url.find('?');
  if (query == std::string::npos) return answer;
  const auto form = wire::Form::parse(std::string_view(request.url).substr(query + 1));
  wire::JsonWriter(answer.body)
      .begin_object()
      .field("ipay_id", form ? form->get("ipay_id") : "")
      .field("success", true)
      .field("description", "callback called successfully")
      .end_object();
  return answer;
}

}  // namespace disburse::world
