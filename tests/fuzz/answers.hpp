// Reads the answers of a server, strictly: what it wrote is a row of whole HTTP/1.1 responses and
// nothing else.
//
// Threads: pure functions.
#pragma once

#include <string_view>
#include <vector>

namespace disburse::fuzz {

// Their statuses, but for 100. `head_only`: for each answer, whether it is to HEAD and has no body.
std::vector<int> read_answers(std::string_view output, const std::vector<bool>& head_only);

}  // namespace disburse::fuzz
