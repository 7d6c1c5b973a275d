// Who is the first of the processes that use a folder, and so may put it in order alone.
//
// Promise: of several that ask at once one is alone, and the others wait until it shares. A process
// that dies is one that uses it no more. Threads: an object belongs to one at a time.
#pragma once

#include "core/error.hpp"
#include "sys/files.hpp"

namespace disburse::sys {

class SharedUse {
 public:
  // Of a folder that is there. io_failed: it cannot be opened, or its file system knows no locks.
  static core::Result<SharedUse> of(const Path& folder);
  SharedUse(SharedUse&& other) noexcept;
  SharedUse& operator=(SharedUse&&) = delete;
  ~SharedUse();

  // Nobody else uses the folder, and nobody else begins to, before share().
  bool is_alone() const { return alone_; }
  core::Result<void> share();

 private:
  SharedUse(int folder, bool alone) : folder_(folder), alone_(alone) {}

  int folder_;
  bool alone_;
};

}  // namespace disburse::sys
