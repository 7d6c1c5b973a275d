// The long form: libFuzzer with the target that --target=NAME names.
//
// Threads: one.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "fuzz/targets.hpp"

namespace {

const disburse::fuzz::Target* target = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kOption = "--target=";
  for (int i = 1; i < *argc; ++i) {
    const std::string_view argument((*argv)[i]);
    if (argument.starts_with(kOption))
      target = disburse::fuzz::find_target(argument.substr(kOption.size()));
  }
  if (target != nullptr) return 0;
  std::fputs("the targets are", stderr);
  for (const auto& one : disburse::fuzz::targets())
    std::fprintf(stderr, " %.*s", static_cast<int>(one.name.size()), one.name.data());
  std::fputs("\n", stderr);
  std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  target->run({reinterpret_cast<const char*>(bytes), count});
  return 0;
}
