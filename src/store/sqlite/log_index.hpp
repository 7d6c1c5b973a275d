// Takes the room that the index of the write-ahead log will need, while there is some.
//
// SQLite makes the index (the -shm file) longer in the middle of a commit, when the commit's frames
// are in the log already. If the disk is full then, nobody knows whether that commit is there, and
// only a start settles it: a full disk would be as bad as a broken one.
// Threads: the connection's.
#pragma once

#include "store/sqlite/connection.hpp"

namespace disburse::store {

// For a log of twice the length that is kept. Less where there is no room now: the store works, and
// may have to be started again after a full disk.
void reserve_log_index(Connection& connection);

}  // namespace disburse::store
