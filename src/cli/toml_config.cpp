// TOML configuration files, read by toml++ and given to CLI11's options.
#include "cli/toml_config.hpp"

#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <sstream>

namespace disburse::cli {
namespace {

tl::unexpected<core::Error> wrong(std::string why) {
  return core::fail(core::Code::configuration_invalid, "--config", std::move(why));
}

core::Result<toml::table> read(const std::string& path) {
  try {
    return toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    std::ostringstream why;
    why << path << ": " << error.description() << " at " << error.source().begin;
    return wrong(why.str());
  }
}

core::Result<std::string> text_of(std::string_view name, const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return std::string(flag->get() ? "true" : "false");
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  return wrong(std::string(name) + " is neither a text, a whole number nor true or false");
}

}  // namespace

core::Result<void> apply_config(CLI::App& command, const std::string& path) {
  const toml::table table = TRY(read(path));
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    CLI::Option* option = command.get_option_no_throw("--" + name);
    if (option == nullptr || name == "config" || name == "help") {
      return wrong("has an option that this command does not: " + name);
    }
    std::string text = TRY(text_of(name, node));
    if (option->count() > 0) continue;
    try {
      option->add_result(std::move(text));
      option->run_callback();
    } catch (const CLI::Error& error) {
      return wrong(name + ": " + error.what());
    }
  }
  return {};
}

}  // namespace disburse::cli
