// Named places at which a test kills the program, so that a crash between any two steps of the
// write path is tried and none is forgotten.
//
// Promise: with DISBURSE_CRASH_AT=name or name:nth in the environment the process sends itself
// SIGKILL when it comes there for the first or nth time. Only builds with the CMake option
// DISBURSE_CRASH_POINTS do so (every preset but the release): elsewhere a point is nothing.
// Threads: any.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace disburse::sys {

// In the order of a life: first start, a request, what follows from it, upkeep, stopping.
// tests/crash/points.test.mjs asks the program for the names and comes to every one of them.
#define DISBURSE_CRASH_POINTS(X)                                               \
  X(file_written)            /* under its temporary name */                    \
  X(file_in_place)           /* under its own, the folder not synced yet */    \
  X(store_file_made)         /* empty */                                       \
  X(migration_before_tables) /* in the transaction of all migrations */        \
  X(migration_before_commit)                                                   \
  X(migration_committed)                                                       \
  X(account_merchant_made) /* the sandbox's merchant has no money yet */       \
  X(account_funded)        /* and no credentials */                            \
  X(account_part_issued)   /* credentials of some dialects, no sandbox.json */ \
  X(account_issued)        /* credentials of all of them */                    \
  X(batch_before_commit)   /* decided; nothing is written */                   \
  X(batch_before_sync)     /* written, the transaction still open */           \
  X(batch_before_replies)  /* durable; nobody knows */                         \
  X(batch_between_replies) /* the first of the batch has its answer */         \
  X(relay_before_carrying)                                                     \
  X(announcement_before_recorded)                                              \
  X(bank_before_paying) /* the order has left us */                            \
  X(bank_has_paid)      /* and its answer has not left the bank */             \
  X(bank_answer_before_handed_on)                                              \
  X(bank_answer_before_recorded)                                               \
  X(holder_answer_before_recorded)                                             \
  X(webhook_before_sent)                                                       \
  X(webhook_sent_before_recorded)                                              \
  X(notice_before_sent)                                                        \
  X(notice_sent_before_recorded)                                               \
  X(checkpoint_before_copy)                                                    \
  X(checkpoint_copied)                                                         \
  X(checkpoint_before_restart)                                                 \
  X(checkpoint_restarted)                                                      \
  X(stop_before_drain)                                                         \
  X(stop_before_relay)                                                         \
  X(stop_before_engine)                                                        \
  X(stop_before_close)

enum class CrashPoint : std::uint8_t {
#define DISBURSE_NAME(name) name,
  DISBURSE_CRASH_POINTS(DISBURSE_NAME)
#undef DISBURSE_NAME
};

// All names in this order; none where the points are not built in.
std::span<const std::string_view> crash_points();

void crash_point(CrashPoint point);

}  // namespace disburse::sys
