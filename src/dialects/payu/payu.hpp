// PayU Payouts (India), the Smart Send part: what is covered and what was decided is in README.md.
// A promise to callers: a client written for PayU's own server works by changing its host alone.
//
// Threads: immutable.
#pragma once

#include "dialects/dialect.hpp"

namespace disburse::dialects::payu {

extern const Dialect kDialect;

}  // namespace disburse::dialects::payu
