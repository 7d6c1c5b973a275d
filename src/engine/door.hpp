// The one door, as those see it who knock: every change goes through it as a Command. Behind it is
// one engine (engine/engine.hpp), or several that work side by side (engine/engines.hpp).
//
// Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/changes.hpp"
#include "core/command.hpp"

namespace disburse::engine {

// With a key, the first answer's bytes are kept and repeated for the same request.
struct Idempotency {
  std::string key;           // with the dialect's scope
  std::string request_hash;  // of everything that was asked
  // Makes the bytes; called on the engine thread, before the commit. Again, when the batch is
  // decided again.
  std::function<core::StoredReply(const core::Result<core::Reply>&)> render;
};

struct Outcome {
  core::Result<core::Reply> reply = core::Reply{core::Done{}};
  std::optional<core::StoredReply> stored;  // with an idempotency key: the bytes to answer with
};

struct Request {
  core::Command command;
  std::function<void(Outcome)> done;
  core::MerchantId merchant = {};  // whose idempotency key it is
  std::optional<Idempotency> idempotency = {};
};

struct EngineCounts {
  std::uint64_t commands = 0;
  std::uint64_t refused = 0;
  std::uint64_t batches = 0;
  std::uint64_t commits = 0;
  std::uint64_t commit_failures = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t timers = 0;
};

class Door {
 public:
  virtual ~Door() = default;

  // `done` is called exactly once: with `overloaded` at once when too much waits, `draining` after
  // a stop.
  virtual void submit(Request request) = 0;
  // submit() in two steps, for who has many: an engine that is idle takes up what was enqueued when
  // it is nudged, all in one batch.
  virtual void enqueue(Request request) = 0;
  virtual void nudge() = 0;
  // Looks for due timers at the next batch: after the sandbox's clock was moved.
  virtual void wake() = 0;

  // The store's own word, at any time: it may recover, or fail, between batches.
  virtual bool takes_writes() const = 0;
  virtual EngineCounts counts() const = 0;
  // Of the counts: raised before any answer of the commit is given.
  virtual std::uint64_t commits() const = 0;
  virtual std::size_t waiting() const = 0;
};

}  // namespace disburse::engine
