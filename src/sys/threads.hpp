// The names under which threads show in top, perf and core dumps.
#pragma once

#include <string>

namespace disburse::sys {

// The calling thread's, at most 15 bytes.
void name_this_thread(const std::string& name);

}  // namespace disburse::sys
