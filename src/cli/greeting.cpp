// The first lines.
#include "cli/greeting.hpp"

#include <fmt/core.h>

#include <cstdio>

#include "dialects/dialect.hpp"

namespace disburse::cli {

void greet(const Options& options, std::string_view account) {
  fmt::print("disburse ready on {}\n", options.public_url);
  if (!account.empty()) {
    fmt::print("\nThis is the sandbox: its bank is simulated, its keys are in {}/sandbox.json.\n",
               options.data);
    fmt::print(
        "To try it, paste this into another terminal (it needs curl and jq), then any of the "
        "calls:\n\n");
    fmt::print("  URL={}; get() {{ jq -r \"$1\" {}/sandbox.json; }}\n", options.public_url,
               options.data);
    // The calls read their keys from the file: nothing secret is printed.
    for (const dialects::Dialect* dialect : dialects::all()) {
      if (!dialect->sample_call.empty()) fmt::print("\n{}\n", dialect->sample_call);
    }
    fmt::print(
        "\nOpen the link that a call prints. The one-time password is at {}/sandbox/messages\n",
        options.public_url);
  }
  std::fflush(stdout);
}

}  // namespace disburse::cli
