// refused: may change value
// Paise are whole: a fraction is not cut off in silence.
#include "core/money.hpp"

using namespace disburse::core;

Result<Money> price(double rupees) {
#ifdef CONTROL
  return Money::from_paise(static_cast<std::int64_t>(rupees));
#else
  return Money::from_paise(rupees * 100);
#endif
}
