// refused: ignoring returned value of type
// A result without a value cannot be dropped either.
#include "core/error.hpp"

using namespace disburse::core;

Result<void> commit();

void save() {
#ifdef CONTROL
  static_cast<void>(commit());
#else
  commit();
#endif
}
