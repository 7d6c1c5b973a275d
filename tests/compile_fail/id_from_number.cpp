// refused: could not convert '5' from 'int' to 'disburse::core::LinkId'
// A bare number is nobody's id.
#include "core/ids.hpp"

using namespace disburse::core;

void show(LinkId link);

void call() {
#ifdef CONTROL
  show(LinkId{5});
#else
  show(5);
#endif
}
