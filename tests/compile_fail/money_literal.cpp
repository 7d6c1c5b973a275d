// refused: unable to find numeric literal operator
// Money in the source is whole paise.
#include "core/money.hpp"

using namespace disburse::core;

#ifdef CONTROL
constexpr Money kFee = 150_paise;
#else
constexpr Money kFee = 1.5_paise;
#endif
