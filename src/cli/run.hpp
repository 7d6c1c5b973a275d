// The command line.
#pragma once

namespace disburse::cli {

// Exit status: 0 done, 1 refused or failed, 2 an option is wrong.
int run(int argc, char** argv);

}  // namespace disburse::cli
