// URLs, request targets and route patterns.
#include <string>

#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"
#include "wire/path.hpp"
#include "wire/url.hpp"

namespace disburse::fuzz {
namespace {

constexpr std::string_view kPatterns[] = {
    "/a/{b}/c", "/{a}", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}", "/c/-/file", "*",
};

void check_url(std::string_view text) {
  const auto url = wire::parse_url(text);
  if (!url) return;
  require(!url->host.empty(), "a URL has a host", text);
  require(url->path.starts_with('/'), "a URL's path begins with a slash", text);
  require(url->host.find_first_of("@/?# \\") == std::string::npos, "a host is a host", url->host);
  require(text.find_first_of(" \r\n\t") == std::string_view::npos, "a URL is one word", text);
  const std::string whole =
      url->origin() + url->path + (url->query.empty() ? "" : "?" + url->query);
  const auto again = wire::parse_url(whole);
  require(again && again->host == url->host && again->port == url->port &&
              again->secure == url->secure && again->path == url->path &&
              again->query == url->query,
          "a URL written is read as the same one", whole);
  const auto more = wire::parse_url(wire::with_query(text, {}));
  require(more && more->path == url->path, "nothing added changes nothing", text);
}

void check_target(std::string_view text) {
  std::string path;
  std::string_view query;
  if (!wire::normalise_target(text, path, query)) return;
  require(path == "*" || path.starts_with('/'), "a path begins with a slash", path);
  require(path.find("//") == std::string::npos, "no two slashes stay", path);
  require(path == "/" || !path.ends_with('/'), "no slash stays at the end", path);
  require(path.find('?') == std::string::npos, "the query is not in the path", path);
  std::string again;
  std::string_view rest;
  const std::string whole = path + (query.empty() ? "" : "?" + std::string(query));
  require(wire::normalise_target(whole, again, rest) && again == path && rest == query,
          "a normalised target stays as it is", whole);
  wire::PathCaptures captures;
  for (const std::string_view pattern : kPatterns) {
    if (!wire::match_path(pattern, path, captures)) continue;
    require(captures.size() <= wire::PathCaptures::kMostCaptures, "captures have a limit", path);
    for (std::size_t i = 0; i < captures.size(); ++i)
      require(!captures[i].empty(), "a captured segment is not empty", path);
  }
}

}  // namespace

void fuzz_url(std::string_view input) {
  check_url(input);
  check_target(input);
  // A public URL with a path after it is what dialects make of a claim code.
  const std::string path = "/" + wire::percent_encode(input);
  wire::PathCaptures captures;
  const bool matched = wire::match_path("/{code}", path, captures);
  require(matched == !input.empty(), "any text can be a segment");
  if (matched) require(captures.get("code") == input, "an encoded segment comes back");
}

}  // namespace disburse::fuzz
