// Finding routes: whole paths in a table, patterns by their first segment.
#include "front_door/router.hpp"

#include <algorithm>

#include "wire/form.hpp"
#include "wire/path.hpp"

namespace disburse::front_door {
namespace {

std::string_view first_segment(std::string_view path) {
  const std::size_t end = path.find('/', 1);
  return path.substr(0, end);
}

// A HEAD is answered as a GET is; the server leaves the body out.
bool takes(wire::Method offered, wire::Method asked) {
  return offered == asked || (offered == wire::Method::get && asked == wire::Method::head);
}

void copy(const wire::PathCaptures& from, std::string_view pattern, dialects::PathArguments& to) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < from.size() && i < to.values.size(); ++i) {
    const std::size_t open = pattern.find('{', at);
    const std::size_t close = pattern.find('}', open);
    to.values[i] = {pattern.substr(open + 1, close - open - 1), std::string(from[i])};
    at = close;
  }
  to.count = std::min(from.size(), to.values.size());
}

}  // namespace

Router::Router(std::span<const dialects::Dialect* const> all, const dialects::Route* claim_page,
               const dialects::Dialect* fallback)
    : all_(all), fallback_(fallback) {
  for (const dialects::Dialect* dialect : all) {
    for (const dialects::Route& route : dialect->routes)
      add({dialect, &route, route.pattern, {}, route.method});
    for (const dialects::ClaimPath& path : dialect->claim_paths) {
      add({fallback, claim_page, path.pattern, path.query_parameter, wire::Method::get});
    }
  }
}

void Router::add(const Entry& entry) {
  const bool pattern = entry.pattern.find('{') != std::string_view::npos;
  if (pattern)
    by_first_[std::string(first_segment(entry.pattern))].push_back(entry);
  else
    exact_[std::string(entry.pattern)].push_back(entry);
}

Match Router::find(const wire::Request& request) const {
  Match match;
  match.dialect = owner(request.path);
  const auto exact = exact_.find(request.path);
  if (exact != exact_.end()) {
    for (const Entry& entry : exact->second) {
      match.path_known = true;
      match.dialect = entry.dialect;
      if (!takes(entry.method, request.method)) continue;
      match.route = entry.route;
      if (!entry.query_parameter.empty()) {
        const auto form = wire::Form::parse(request.query);
        match.arguments.values[0] = {"code",
                                     std::string(form ? form->get(entry.query_parameter) : "")};
        match.arguments.count = 1;
      }
      return match;
    }
  }
  const auto patterns = by_first_.find(std::string(first_segment(request.path)));
  if (patterns == by_first_.end()) return match;
  for (const Entry& entry : patterns->second) {
    wire::PathCaptures captures;
    if (!wire::match_path(entry.pattern, request.path, captures)) continue;
    match.path_known = true;
    match.dialect = entry.dialect;
    if (!takes(entry.method, request.method)) continue;
    match.route = entry.route;
    copy(captures, entry.pattern, match.arguments);
    return match;
  }
  return match;
}

std::size_t Router::body_limit(wire::Method method, std::string_view path) const {
  wire::Request request;
  request.method = method;
  request.path = path;
  const Match match = find(request);
  return match.route == nullptr ? 0 : match.route->body_limit;
}

const dialects::Dialect* Router::owner(std::string_view path) const {
  for (const dialects::Dialect* dialect : all_) {
    for (const std::string_view prefix : dialect->prefixes) {
      if (path.starts_with(prefix)) return dialect;
    }
  }
  return fallback_;
}

}  // namespace disburse::front_door
