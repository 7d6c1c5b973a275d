// refused: no match for 'operator=='
// Ids of different things cannot be compared.
#include "core/ids.hpp"

using namespace disburse::core;

#ifdef CONTROL
bool same(LinkId a, LinkId b) { return a == b; }
#else
bool same(LinkId a, PayoutId b) { return a == b; }
#endif
