// Reads TOML configuration files for CLI11 through toml++, so that `listen = "0.0.0.0:80"` is
// --listen.
#pragma once

#include <CLI/CLI.hpp>

namespace disburse::cli {

class TomlConfig final : public CLI::ConfigTOML {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
};

}  // namespace disburse::cli
