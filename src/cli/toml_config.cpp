// TOML configuration files.
#include "cli/toml_config.hpp"

#include <toml++/toml.h>

#include <sstream>

namespace disburse::cli {

std::vector<CLI::ConfigItem> TomlConfig::from_config(std::istream& input) const {
  std::vector<CLI::ConfigItem> found;
  toml::table table;
  try {
    table = toml::parse(input);
  } catch (const toml::parse_error& error) {
    std::ostringstream why;
    why << "--config: " << error.description() << " at " << error.source().begin;
    throw CLI::FileError(why.str());
  }
  for (const auto& [key, node] : table) {
    CLI::ConfigItem item;
    item.name = key.str();
    if (const auto text = node.value<std::string>())
      item.inputs = {*text};
    else if (const auto flag = node.value<bool>(); node.is_boolean() && flag)
      item.inputs = {*flag ? "true" : "false"};
    else if (const auto number = node.value<std::int64_t>())
      item.inputs = {std::to_string(*number)};
    else
      throw CLI::FileError("--config: " + item.name +
                           " is neither a text, a number nor true or false");
    found.push_back(std::move(item));
  }
  return found;
}

}  // namespace disburse::cli
