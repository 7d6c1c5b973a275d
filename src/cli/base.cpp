// Opening what every command needs.
#include "cli/base.hpp"

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

// An operator's command asks for one thing.
unsigned loops_of(const Options& options, unsigned node) {
  return node == kOperatorNode ? 1 : options.node_loops;
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
  std::vector<std::unique_ptr<engine::Engine>> engines;
  for (unsigned i = 0; i < loops_of(options_, node); ++i) {
    stores_.push_back(TRY(open_store(options_, master, random_)));
    engine::EngineOptions options;
    options.node = node + i;
    options.rail = options_.rail.empty() ? "sandbox" : options_.rail;
    options.limit_addresses = !options_.sandbox;
    engines.push_back(std::make_unique<engine::Engine>(*stores_.back(), clock_, random_,
                                                       keys_->hash, std::move(options)));
    CHECK(engines.back()->start());
  }
  engines_ = std::make_unique<engine::Engines>(std::move(engines));
  return {};
}

Base::~Base() { stop(); }

void Base::start() { engines_->run(); }

void Base::stop() {
  if (engines_) engines_->stop();
}

}  // namespace disburse::cli
