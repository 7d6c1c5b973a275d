// The table of our own language.
#include "dialects/house/house.hpp"

#include <algorithm>
#include <string>

#include "dialects/house/answers.hpp"
#include "dialects/house/claim_api.hpp"
#include "dialects/house/claim_code.hpp"
#include "dialects/house/claim_page.hpp"
#include "dialects/house/errors.hpp"
#include "dialects/house/openapi.hpp"
#include "dialects/house/page_shell.hpp"
#include "dialects/house/requests.hpp"
#include "dialects/house/webhooks_api.hpp"
#include "wire/hex.hpp"
#include "wire/path.hpp"

namespace disburse::dialects::house {
namespace {

constexpr std::size_t kRouteCount = 18;

template <std::size_t... counts>
std::array<Route, kRouteCount> joined(const std::array<Route, counts>&... parts) {
  static_assert((counts + ...) == kRouteCount);
  std::array<Route, kRouteCount> all{};
  auto end = all.begin();
  ((end = std::copy(parts.begin(), parts.end(), end)), ...);
  return all;
}

// The parts are constants of the program, so they are there before this copy is made.
const std::array<Route, kRouteCount> kRoutes =
    joined(kClaimApi, kWebhooksApi, kPageForms, kPageFiles, kOpenApi);

// GET of the page itself is not among the routes: the front door adds kClaimPage for every claim
// path.
constexpr ClaimPath kClaimPaths[] = {{"/c/{code}"}};
constexpr std::string_view kPrefixes[] = {"/api/", "/c/"};

constexpr std::string_view kTokenPrefix = "dsh_";

// "dsh_<name>.<secret>"
Presented credentials(const wire::Request& request) {
  const core::SecretText token = bearer_token(request);
  std::string_view rest = token.expose();
  if (rest.empty()) return {};
  const std::size_t dot = rest.find('.');
  // Something else than a token of ours: shown under a name that nobody has, so that it is refused
  // as a wrong one is.
  if (!rest.starts_with(kTokenPrefix) || dot == std::string_view::npos)
    return {"token", "-", token};

  Presented presented{
      "token", std::string(rest.substr(kTokenPrefix.size(), dot - kTokenPrefix.size())), {}};
  presented.secret = core::SecretText(std::string(rest.substr(dot + 1)));
  return presented;
}

std::vector<NewCredential> new_credentials(const core::Merchant&, FreshBytes fresh) {
  constexpr std::size_t kNameBytes = 8;
  constexpr std::size_t kSecretBytes = 32;
  const auto hex = [&fresh](std::size_t from, std::size_t count) {
    std::string bytes;
    for (const std::uint8_t byte : fresh.subspan(from, count)) bytes += static_cast<char>(byte);
    return wire::hex_encode(bytes);
  };
  return {{.kind = "token",
           .name = hex(0, kNameBytes),
           .secret = core::SecretText(hex(kNameBytes, kSecretBytes))}};
}

Sheet sheet(const core::Merchant&, std::span<const NewCredential> issued) {
  Sheet rows;
  for (const NewCredential& made : issued) {
    if (made.kind != "token") continue;
    rows.emplace_back("token", std::string(kTokenPrefix) + made.name + "." + made.secret.expose());
  }
  return rows;
}

bool wants_page(const wire::Request& request) {
  if (request.path.starts_with("/api/")) return false;
  return request.header("accept").find("text/html") != std::string_view::npos ||
         request.path.starts_with("/c/");
}

// The methods that a path takes, for the Allow header.
std::string allowed_methods(std::string_view path) {
  std::string methods;
  const auto add = [&methods, path](const Route& route) {
    wire::PathCaptures captures;
    if (!wire::match_path(route.pattern, path, captures)) return;
    if (!methods.empty()) methods += ", ";
    methods += wire::name(route.method);
  };
  for (const Route& route : kRoutes) add(route);
  add(kClaimPage);
  return methods;
}

wire::Response refuse(const core::Error& error, const wire::Request& request,
                      const Context& context) {
  wire::Response response = wants_page(request) ? error_page(error, "", context) : problem(error);
  const std::string methods = allowed_methods(request.path);
  if (response.status == 405 && !methods.empty()) response.headers.emplace_back("Allow", methods);
  return response;
}

std::string link_url(const core::Link& link, const Context& context) {
  return std::string(context.public_url) + page_path(context.ids, {link.merchant, link.id});
}

// Our own links tell endpoints that ask for all links, in their languages; there are no events of
// our own.
std::vector<Event> events(const core::Task&, const core::LinkView&, const core::Merchant&,
                          const Context&) {
  return {};
}

std::optional<core::Duration> never_again(std::uint32_t, core::Duration) { return std::nullopt; }
bool accepted(const core::Delivery&, int status, std::string_view) {
  return status >= 200 && status < 300;
}

bool wants_none(const core::Endpoint&, std::span<const core::Endpoint>, std::string_view) {
  return false;
}

}  // namespace

const Dialect kDialect = {
    .name = "house",
    .routes = kRoutes,
    .claim_paths = kClaimPaths,
    .prefixes = kPrefixes,
    .credentials = credentials,
    .refuse = refuse,
    .link_url = link_url,
    .event_names = {},
    .events = events,
    .wants = wants_none,
    .webhook = {.time_limit = std::chrono::seconds(10),
                .retry_after = never_again,
                .acknowledged = accepted},
    .new_credentials = new_credentials,
    .sheet = sheet,
};

}  // namespace disburse::dialects::house
