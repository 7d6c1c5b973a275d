#include "sys/threads.hpp"

#include <pthread.h>

#include <cassert>

namespace disburse::sys {

void name_this_thread(const std::string& name) {
  assert(name.size() <= 15);
  pthread_setname_np(pthread_self(), name.c_str());
}

}  // namespace disburse::sys
