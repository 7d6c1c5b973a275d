// What every command of the program opens first: the data folder, the master key, the store and an
// engines over it. Threads: construction and use on one thread, but for what says otherwise.
#pragma once

#include <memory>
#include <vector>

#include "cli/keys.hpp"
#include "cli/node_seat.hpp"
#include "cli/options.hpp"
#include "engine/engines.hpp"
#include "store/store.hpp"
#include "sys/clock.hpp"
#include "sys/files.hpp"
#include "sys/random.hpp"

namespace disburse::cli {

// The id maker's node of operator commands, so that they may run beside the server: its ids never
// meet theirs.
inline constexpr unsigned kOperatorNode = 63;

class Base {
 public:
  static core::Result<std::unique_ptr<Base>> open(const Options& options, unsigned node);
  // Use open(): this one opens nothing. `offset` is how far the sandbox's clock was moved.
  Base(Options options, core::Duration offset) : options_(std::move(options)), clock_(offset) {}
  ~Base();

  // Starts the engines' threads.
  void start();
  // Works off what was accepted and ends the threads.
  void stop();

  const Options& options() const { return options_; }
  sys::Path folder() const { return options_.data; }
  sys::RealFiles& files() { return files_; }
  sys::RealRandom& random() { return random_; }
  sys::SandboxClock& clock() { return clock_; }  // real time, but for what the sandbox has moved it
  const ServerKeys& keys() const { return *keys_; }
  store::Store& store() { return *stores_.front(); }  // for readers
  engine::Door& engine() { return engines_->door(); }
  engine::Engines& engines() { return *engines_; }
  std::uint64_t round_trips() const;  // of the engines' stores

 private:
  core::Result<void> make_engines(const sys::SecretKey& master, unsigned node);
  engine::EngineOptions engine_options(unsigned node, unsigned loop);

  Options options_;
  sys::RealFiles files_;
  sys::RealRandom random_;
  sys::SandboxClock clock_;
  std::unique_ptr<ServerKeys> keys_;
  std::vector<std::unique_ptr<store::Store>> stores_;  // one for each engine
  std::unique_ptr<NodeSeat> seat_;                     // where several nodes share the store
  std::unique_ptr<engine::Engines> engines_;
};

}  // namespace disburse::cli
