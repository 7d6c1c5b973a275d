// refused: enumeration value 'expired' not handled in switch
// A switch over states without `default` notices a new state.
#include "core/link_lifecycle.hpp"

using namespace disburse::core;

bool open(LinkState state) {
  switch (state) {
    case LinkState::none:
    case LinkState::processing:
    case LinkState::processed:
    case LinkState::cancelled:
    case LinkState::rejected:
      return false;
    case LinkState::pending:
    case LinkState::scheduled:
    case LinkState::issued:
      return true;
#ifdef CONTROL
    case LinkState::expired:
      return false;
#endif
  }
  return false;
}
