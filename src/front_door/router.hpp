// Finds the route of a request among all dialects' routes.
// Threads: immutable after construction.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dialects/dialect.hpp"
#include "wire/http.hpp"

namespace disburse::front_door {

struct Match {
  const dialects::Dialect* dialect = nullptr;  // whose answer an error gets; never null
  const dialects::Route* route = nullptr;      // null: there is none
  dialects::PathArguments arguments;
  bool path_known = false;  // the path is there, with another method
};

class Router {
 public:
  // `claim_page` serves every dialect's claim paths; `fallback` answers for paths that belong to
  // nobody.
  Router(std::span<const dialects::Dialect* const> all, const dialects::Route* claim_page,
         const dialects::Dialect* fallback);

  Match find(const wire::Request& request) const;
  // The most bytes of body that the route takes; 0: the server's own limit.
  std::size_t body_limit(wire::Method method, std::string_view path) const;

 private:
  struct Entry {
    const dialects::Dialect* dialect;
    const dialects::Route* route;
    std::string_view pattern;
    std::string_view query_parameter;  // of a claim path that has its code there
    wire::Method method;
  };
  using Entries = std::vector<Entry>;

  void add(const Entry& entry);
  const dialects::Dialect* owner(std::string_view path) const;

  std::span<const dialects::Dialect* const> all_;
  const dialects::Dialect* fallback_;
  std::unordered_map<std::string, Entries> exact_;     // paths without {names}
  std::unordered_map<std::string, Entries> by_first_;  // patterns, by their first segment
};

}  // namespace disburse::front_door
