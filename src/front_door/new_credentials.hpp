// Makes a merchant's credentials for a dialect: fresh secrets, of which only hashes are stored.
// Threads: any but the engine's: it waits for the engine.
#pragma once

#include <string_view>
#include <vector>

#include "core/merchant.hpp"
#include "dialects/dialect.hpp"
#include "engine/door.hpp"
#include "sys/random.hpp"

namespace disburse::front_door {

// Sends a command and waits for its answer. Not on the engine's thread.
core::Result<core::Reply> ask(engine::Door& engine, core::Command command);

// One credential of each of the dialect's kinds (or of one kind), stored; what is returned is the
// only copy of the secrets.
core::Result<std::vector<dialects::NewCredential>> issue_credentials(
    engine::Door& engine, sys::Random& random, const dialects::Dialect& dialect,
    const core::Merchant& merchant, std::string_view kind, std::string_view actor);

}  // namespace disburse::front_door
