// What a person who starts the program reads first.
#pragma once

#include <string_view>

#include "cli/options.hpp"

namespace disburse::cli {

// Prints "disburse ready on URL" and, in the sandbox, three calls to try: `account` is the text of
// sandbox.json.
void greet(const Options& options, std::string_view account);

}  // namespace disburse::cli
