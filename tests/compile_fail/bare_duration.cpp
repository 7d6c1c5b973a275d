// refused: no match for 'operator+'
// A time is moved by a duration with a unit, not by a number.
#include "core/time.hpp"

using namespace disburse::core;

#ifdef CONTROL
Instant later(Instant at) { return at + 5s; }
#else
Instant later(Instant at) { return at + 5; }
#endif
