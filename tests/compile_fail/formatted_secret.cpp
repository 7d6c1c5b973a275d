// refused: formattable
// A secret is not formatted by mistake.
#include <fmt/format.h>

#include "core/secret.hpp"

using namespace disburse::core;

std::string line(const SecretText& secret) {
#ifdef CONTROL
  return fmt::format("{}", masked(secret.expose()));
#else
  return fmt::format("{}", secret);
#endif
}
