#include "cli/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "outbox/limits.hpp"

namespace disburse::cli {
namespace {

// Files of the store, one for each reader, listening and the like.
constexpr std::size_t kFiles = 64;

}  // namespace

std::size_t connections_allowed(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  rlimit more = limit;
  more.rlim_cur = more.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &more) == 0) limit = more;
  const auto all = static_cast<std::size_t>(limit.rlim_cur);
  // Where there are few, clients get half of them.
  const std::size_t own = std::min(kFiles + outbox::Limits{}.in_flight, all / 2);
  return std::clamp(all - own, std::size_t{1}, wanted);
}

}  // namespace disburse::cli
