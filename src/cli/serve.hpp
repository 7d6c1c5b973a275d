// `disburse serve`: builds every object by name, starts the threads, and stops them in order.
#pragma once

#include "cli/options.hpp"

namespace disburse::cli {

// Serves until SIGTERM or SIGINT. An error is what kept it from starting.
core::Result<void> serve(const Options& options);

}  // namespace disburse::cli
