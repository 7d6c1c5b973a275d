// refused: no match for 'operator<<'
// A secret is not printed by mistake.
#include <iostream>

#include "core/secret.hpp"

using namespace disburse::core;

void log(const SecretText& secret) {
#ifdef CONTROL
  std::cout << masked(secret.expose());
#else
  std::cout << secret;
#endif
}
