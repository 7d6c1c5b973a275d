// refused: no match for 'operator+'
// Money is added where the sum can be refused.
#include "core/money.hpp"

using namespace disburse::core;

#ifdef CONTROL
Result<Money> total(Money a, Money b) { return add(a, b); }
#else
Money total(Money a, Money b) { return a + b; }
#endif
