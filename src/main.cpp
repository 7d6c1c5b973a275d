// Disburse: a payout-links server. Everything is put together in cli/.
#include "cli/run.hpp"

// jemalloc reads it: what was freed goes back to the system after seconds, also when nobody
// allocates any more.
extern "C" const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:5000";

int main(int argc, char** argv) { return disburse::cli::run(argc, argv); }
