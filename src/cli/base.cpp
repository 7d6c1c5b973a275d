// Opening what every command needs.
#include "cli/base.hpp"

#include <condition_variable>
#include <mutex>
#include <numeric>
#include <utility>

#include "cli/stores.hpp"
#include "sandbox/controls.hpp"

namespace disburse::cli {
namespace {

constexpr std::string_view kModeFile = "mode";

// A folder is of the sandbox or of real money, once and for all.
core::Result<void> check_mode(sys::RealFiles& files, const sys::Path& folder, bool serves,
                              bool sandbox) {
  const sys::Path path = folder / kModeFile;
  const std::string_view mode = sandbox ? "sandbox" : "live";
  if (!files.exists(path))
    return serves ? files.write_file_durably(path, mode) : core::Result<void>{};
  const std::string before = TRY(files.read_file(path));
  if (!serves || before == mode) return {};
  return core::fail(core::Code::configuration_invalid, "--data",
                    "is a folder of " + before + " mode: sandbox and live never share one");
}

constexpr unsigned kConflictRetries = 1'000;  // in a shared store; what ends them is the time

// Between two tries of an engine: nobody wakes it.
void wait(core::Duration time) {
  std::mutex lock;
  std::unique_lock guard(lock);
  std::condition_variable never;
  never.wait_for(guard, time, [] { return false; });
}

}  // namespace

core::Result<std::unique_ptr<Base>> Base::open(const Options& options, unsigned node) {
  sys::RealFiles files;
  CHECK(files.make_directories(options.data));
  CHECK(check_mode(files, options.data, node != kOperatorNode, options.sandbox));
  auto base = std::make_unique<Base>(options, sandbox::saved_offset(files, options.data));
  const sys::Path key_path =
      options.key_file.empty() ? base->folder() / "master.key" : sys::Path(options.key_file);
  const sys::SecretKey master = TRY(sys::load_or_create_key(base->files_, base->random_, key_path));
  base->keys_ = std::make_unique<ServerKeys>(master);
  CHECK(base->make_engines(master, node));
  return base;
}

core::Result<void> Base::make_engines(const sys::SecretKey& master, unsigned node) {
  stores_.push_back(TRY(open_store(options_, master, random_)));
  const bool shared = store().shares();
  // An operator's command asks for one thing.
  const unsigned loops = node == kOperatorNode ? 1 : loops_of(options_, shared);
  if (shared) seat_ = TRY(NodeSeat::take(store(), clock_, loops));
  std::vector<std::unique_ptr<engine::Engine>> engines;
  for (unsigned loop = 0; loop < loops; ++loop) {
    if (loop > 0) stores_.push_back(TRY(open_store(options_, master, random_)));
    engines.push_back(std::make_unique<engine::Engine>(*stores_.back(), clock_, random_,
                                                       keys_->hash, engine_options(node, loop)));
    CHECK(engines.back()->start());
  }
  engines_ = std::make_unique<engine::Engines>(std::move(engines));
  return {};
}

engine::EngineOptions Base::engine_options(unsigned node, unsigned loop) {
  engine::EngineOptions options;
  options.node = node + loop;
  options.rail = options_.rail.empty() ? "sandbox" : options_.rail;
  options.limit_addresses = !options_.sandbox;
  if (!seat_) return options;
  options.node = seat_->number(loop).value_or(0);
  options.leased_node = [this, loop] { return seat_->number(loop); };
  options.conflict_retries = kConflictRetries;
  options.back_off = wait;
  return options;
}

std::uint64_t Base::round_trips() const {
  return std::accumulate(
      stores_.begin(), stores_.end(), std::uint64_t{0},
      [](std::uint64_t sum, const auto& store) { return sum + store->round_trips(); });
}

Base::~Base() { stop(); }

void Base::start() {
  if (seat_) seat_->start();
  engines_->run();
}

void Base::stop() {
  if (engines_) engines_->stop();
}

}  // namespace disburse::cli
