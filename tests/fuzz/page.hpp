// Looks at a page of ours for anything that is not of our templates.
//
// Threads: pure functions.
#pragma once

#include <string_view>

namespace disburse::fuzz {

// Every tag and attribute is one that the claim page's templates have, every tag that is opened is
// closed, and what a link or form leads to is a path of this server.
void check_page(std::string_view html);

}  // namespace disburse::fuzz
