// The frame of every page that we send to a browser: document, security headers, style and script.
//
// Threads: pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "dialects/dialect.hpp"
#include "dialects/house/page_template.hpp"

namespace disburse::dialects::house {

// The whole document around `content`. Of the values it uses: title (without one: "headline"),
// refresh, merchant, support, safety.
wire::Response html_page(int status, std::string_view content, Values values,
                         const Context& context);

// A page for a refusal that has no link to show, with the status of its code. `back`: the path of
// the link's page, or empty.
wire::Response error_page(const core::Error& error, std::string_view back, const Context& context);

// GET /c/-/claim.css and its like.
extern const std::array<Route, 3> kPageFiles;

}  // namespace disburse::dialects::house
