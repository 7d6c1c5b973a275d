// Makes the write-ahead log that another program left behind durable, before anything is built on
// what stands in it.
//
// A program that was killed between a write and its sync leaves whole commits that the kernel has
// and the disk has not: a power cut could take back what was read meanwhile. After a sync that
// failed it is worse: the kernel holds such pages for written, no later sync writes them, and
// commits that come after the hole would be lost with it. So the log is written again and synced.
// Threads: the connection's.
#pragma once

#include "store/sqlite/connection.hpp"

namespace disburse::store {

// Under SQLite's own lock: no other program writes meanwhile. For the first process that uses the
// store: beside others it would only hold them up. Nothing to do after a clean stop, which leaves
// no log.
core::Result<void> make_log_durable(Connection& connection);

}  // namespace disburse::store
