// Escaping for HTML text and for attribute values in quotes of either kind.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace disburse::wire {

std::string escape_html(std::string_view text);
void append_escaped_html(std::string& out, std::string_view text);

}  // namespace disburse::wire
