// Opening what every command needs.
#include "cli/base.hpp"

#include <utility>

#include "cli/stores.hpp"
#include "sandbox/controls.hpp"
#include "sys/threads.hpp"

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
  base->store_ = TRY(open_store(options, master, base->random_));
  engine::EngineOptions engine_options;
  engine_options.node = node;
  engine_options.rail = options.rail.empty() ? "sandbox" : options.rail;
  engine_options.limit_addresses = !options.sandbox;
  base->engine_ = std::make_unique<engine::Engine>(*base->store_, base->clock_, base->random_,
                                                   base->keys_->hash, std::move(engine_options));
  CHECK(base->engine_->start());
  return base;
}

Base::~Base() { stop(); }

void Base::start() {
  thread_ = std::thread([this] {
    sys::name_this_thread("engine");
    engine_->run();
  });
}

void Base::stop() {
  if (!thread_.joinable()) return;
  engine_->stop();
  thread_.join();
}

}  // namespace disburse::cli
