#include "fuzz/oracle.hpp"

#include <cstdio>
#include <cstdlib>

namespace disburse::fuzz {

void broken(std::string_view promise, std::string_view seen) {
  std::fprintf(stderr, "fuzz: a promise does not hold: %.*s\n", static_cast<int>(promise.size()),
               promise.data());
  if (!seen.empty())
    std::fprintf(stderr, "fuzz: %.*s\n", static_cast<int>(seen.size()), seen.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace disburse::fuzz
