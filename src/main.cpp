// Disburse: a payout-links server. Everything is put together in cli/.
#include "cli/run.hpp"

int main(int argc, char** argv) { return disburse::cli::run(argc, argv); }
