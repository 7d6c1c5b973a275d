#include "sys/crash_point.hpp"

#ifdef DISBURSE_HAS_CRASH_POINTS
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#endif

namespace disburse::sys {

#ifdef DISBURSE_HAS_CRASH_POINTS

namespace {

constexpr std::array kNames{
#define DISBURSE_NAME(name) std::string_view(#name),
    DISBURSE_CRASH_POINTS(DISBURSE_NAME)
#undef DISBURSE_NAME
};

struct Wish {
  CrashPoint point;
  unsigned nth = 1;
};

// A wish that cannot come true would make a test pass that tries nothing.
[[noreturn]] void misspelt(std::string_view wish) {
  std::fprintf(stderr, "DISBURSE_CRASH_AT: there is no point %.*s\n", static_cast<int>(wish.size()),
               wish.data());
  std::abort();
}

std::optional<Wish> read_wish() {
  const char* text = std::getenv("DISBURSE_CRASH_AT");
  if (text == nullptr || *text == '\0') return std::nullopt;
  const std::string_view wish(text);
  const std::size_t colon = wish.find(':');
  const auto at = std::find(kNames.begin(), kNames.end(), wish.substr(0, colon));
  if (at == kNames.end()) misspelt(wish);
  Wish read{static_cast<CrashPoint>(at - kNames.begin())};
  if (colon == std::string_view::npos) return read;
  const std::string_view nth = wish.substr(colon + 1);
  const auto [end, error] = std::from_chars(nth.data(), nth.data() + nth.size(), read.nth);
  if (error != std::errc{} || end != nth.data() + nth.size() || read.nth == 0) misspelt(wish);
  return read;
}

}  // namespace

std::span<const std::string_view> crash_points() { return kNames; }

void crash_point(CrashPoint point) {
  static const std::optional<Wish> wish = read_wish();
  static std::atomic<unsigned> times{0};
  if (!wish || wish->point != point || ++times != wish->nth) return;
  ::kill(::getpid(), SIGKILL);
  while (true) ::pause();
}

#else

std::span<const std::string_view> crash_points() { return {}; }

void crash_point(CrashPoint) {}

#endif

}  // namespace disburse::sys
