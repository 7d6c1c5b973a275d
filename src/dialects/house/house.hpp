// Our own language: the claim API, the webhook endpoints and the recipient's page. What each call
// takes and answers is in README.md of this folder.
//
// Threads: immutable.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::house {

extern const Dialect kDialect;

// GET of the recipient's page. The front door serves it under the claim paths of every dialect,
// ours included, with the code as the path argument "code", wherever the URL carries it.
extern const Route kClaimPage;

}  // namespace disburse::dialects::house
