// refused: is private within this context
// Money is not made of floating point.
#include "core/money.hpp"

using namespace disburse::core;

#ifdef CONTROL
Result<Money> price() { return Money::parse_rupees("10.50"); }
#else
Money price() { return Money(10.50); }
#endif
