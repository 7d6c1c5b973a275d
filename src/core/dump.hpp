// Prints the documents that are made from tables: docs/lifecycle.md and docs/errors.md. `./dev
// tidy` says when they are not what the tables say. Threads: pure functions.
#pragma once

#include <string>

namespace disburse::core {

// The lives of links and payouts as tables and as state diagrams.
std::string lifecycle_document();
// Every code with its kind and text, in the order of precedence.
std::string errors_document();

}  // namespace disburse::core
