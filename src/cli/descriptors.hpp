// How many connections this process may hold open. Systems start programs with few descriptors and
// let them ask for more; without any left nothing works: no webhook, no message, no new connection.
// Threads: at start, before the others.
#pragma once

#include <cstddef>

namespace disburse::cli {

// Asks for as many descriptors as the system allows, and answers how many of them clients may use;
// the rest is for the store, for webhooks and for messages.
std::size_t connections_allowed(std::size_t wanted);

}  // namespace disburse::cli
