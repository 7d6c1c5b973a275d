// Options from a TOML file, under the names that they have on the command line: `listen =
// "0.0.0.0:80"` is --listen. What was given on the command line stays.
#pragma once

#include <string>

#include "core/error.hpp"

namespace CLI {
class App;
}

namespace disburse::cli {

// Gives the command the file's values. configuration_invalid when the file cannot be read, names an
// option that the command does not have, or has a value that the option does not take.
core::Result<void> apply_config(CLI::App& command, const std::string& path);

}  // namespace disburse::cli
