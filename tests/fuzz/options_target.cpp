// The operator's configuration: TOML files and the options that they become.
#include <sys/mman.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/options.hpp"
#include "cli/toml_config.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"

namespace disburse::fuzz {
namespace {

// A file that is only in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : file_(::memfd_create("config", 0)) {
    require(file_ >= 0 &&
                ::write(file_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
            "there is memory for a file");
  }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

void check_listen(std::string_view text) {
  const auto listen = cli::parse_listen(text);
  if (!listen) {
    require(listen.error().code == core::Code::configuration_invalid, "a wrong option is one");
    return;
  }
  require(!listen->address.empty(), "there is an address", text);
  require(listen->address.find_first_of("[]") == std::string::npos, "an address has no brackets",
          text);
  const auto again = cli::parse_listen("[" + listen->address + "]:" + std::to_string(listen->port));
  require(again && again->address == listen->address && again->port == listen->port &&
              again->loopback == listen->loopback,
          "an address written is read as the same", text);
}

void check_config(std::string_view toml) {
  cli::Options options;
  CLI::App app;
  app.add_option("--listen", options.listen);
  app.add_option("--public-url", options.public_url);
  app.add_option("--store", options.store);
  app.add_option("--rail", options.rail);
  app.add_option("--tls-cert", options.tls_cert);
  app.add_flag("--sandbox", options.sandbox);
  const MemoryFile file(toml);
  const auto applied = cli::apply_config(app, file.path());
  if (!applied) {
    require(applied.error().code == core::Code::configuration_invalid, "a wrong file is one");
    require(!applied.error().detail.empty(), "a wrong file is told why", toml);
    return;
  }
  if (!cli::check(options)) return;
  const auto listen = cli::parse_listen(options.listen);
  require(listen.has_value(), "options that pass have an address", toml);
  require(!options.sandbox || listen->loopback, "the sandbox listens on loopback only", toml);
  require(options.sandbox || !options.rail.empty(), "outside the sandbox there is a bank", toml);
}

}  // namespace

void fuzz_options(std::string_view input) {
  check_listen(input.substr(0, input.find('\n')));
  check_config(input);
}

}  // namespace disburse::fuzz
