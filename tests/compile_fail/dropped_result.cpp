// refused: ignoring returned value of type
// A result cannot be dropped.
#include "core/money.hpp"

using namespace disburse::core;

void check(Money a, Money b) {
#ifdef CONTROL
  if (!subtract(a, b)) return;
#else
  subtract(a, b);
#endif
}
