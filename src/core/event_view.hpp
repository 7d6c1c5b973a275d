// A link as it was when something happened to it, from the link as it is now and what the
// announcement kept. An event that is rendered late, or again, must say what was true then.
// Threads: pure function.
#pragma once

#include "core/link.hpp"
#include "core/task.hpp"

namespace disburse::core {

// `view` has the payout and fund account that the announcement names, if it names any.
LinkView as_it_was(LinkView view, const Task& announcement);

}  // namespace disburse::core
