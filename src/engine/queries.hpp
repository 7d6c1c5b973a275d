// Answers queries from a reader: what only looks does not wait for the engine.
// Threads: one reader, one thread.
#pragma once

#include "core/command.hpp"
#include "core/decide.hpp"
#include "store/store.hpp"

namespace disburse::engine {

core::Result<core::Reply> answer(store::Reader& reader, const core::Query& query, core::Instant now,
                                 const core::KeyedHash& hash);

}  // namespace disburse::engine
