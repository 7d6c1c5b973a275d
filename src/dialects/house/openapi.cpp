// Files that were embedded; see the header.
#include "dialects/house/openapi.hpp"

#include "dialects/house/answers.hpp"
#include "generated/openapi.hpp"

namespace disburse::dialects::house {
namespace {

core::Result<Call> parse_file(const wire::Request&, const PathArguments& path, const Caller&,
                              const Context&) {
  for (const auto& [name, bytes] : embedded::openapi_files) {
    if (name != path["file"]) continue;
    return Call{wire::Response{.content_type = "application/yaml", .body = std::string(bytes)}};
  }
  return core::fail(core::Code::route_not_found);
}

// Files are answered by parse; this is for a name that none has.
wire::Response render_missing(const core::Result<Answer>& result, const wire::Request&,
                              const PathArguments&, const Caller&, const Context&) {
  return problem(error_of(result));
}

}  // namespace

constinit const std::array<Route, 1> kOpenApi = {{
    {wire::Method::get, "/api/v1/openapi/{file}", Access::open, parse_file, render_missing},
}};

}  // namespace disburse::dialects::house
