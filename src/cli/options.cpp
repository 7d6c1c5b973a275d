// Checking options.
#include "cli/options.hpp"

#include <charconv>

namespace disburse::cli {
namespace {

using core::Code;

tl::unexpected<core::Error> wrong(std::string_view option, std::string why) {
  return core::fail(Code::configuration_invalid, option, std::move(why));
}

}  // namespace

core::Result<ListenAddress> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return wrong("--listen", "is ADDRESS:PORT, for example 127.0.0.1:8080");
  std::string_view address = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  ListenAddress out;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc{} || end != port.data() + port.size())
    return wrong("--listen", "has no port between 0 and 65535");
  if (address.empty() || address.find_first_of("[]") != std::string_view::npos)
    return wrong("--listen", "has no address");
  if (address == "localhost") address = "127.0.0.1";
  out.address = address;
  out.loopback = address.starts_with("127.") || address == "::1";
  return out;
}

bool is_postgres(std::string_view store) {
  return store.starts_with("postgresql://") || store.starts_with("postgres://");
}

bool is_store_name(std::string_view store) {
  return store.empty() || store.starts_with("sqlite:") || store == "memory:" || is_postgres(store);
}

core::Result<void> check(const Options& options) {
  const ListenAddress listen = TRY(parse_listen(options.listen));
  if (options.sandbox && !listen.loopback && !options.sandbox_anywhere) {
    return wrong("--listen",
                 "is not a loopback address: the sandbox needs --sandbox-anywhere for that");
  }
  if (options.tls_cert.empty() != options.tls_key.empty())
    return wrong("--tls-cert", "and --tls-key go together");
  const bool url_good = options.public_url.empty() || options.public_url.starts_with("https://") ||
                        options.public_url.starts_with("http://");
  if (!url_good || options.public_url.ends_with('/')) {
    return wrong("--public-url", "begins with http:// or https:// and does not end with /");
  }
  if (!is_store_name(options.store))
    return wrong("--store", "is sqlite:PATH, postgresql://... or memory:");
  if (options.store == "memory:" && !options.sandbox)
    return wrong("--store", "memory: loses everything at the end: it needs --sandbox");
  if (options.log_format != "json" && options.log_format != "text")
    return wrong("--log-format", "is json or text");
  if (!options.sandbox && options.rail.empty())
    return wrong("--rail", "is needed outside the sandbox: the bank to pay through");
  if (!options.sandbox && options.rail == "sandbox")
    return wrong("--rail", "sandbox pays nobody: it needs --sandbox");
  return {};
}

}  // namespace disburse::cli
