// Who has which number of an id maker (table node_lease), on a connection of its own.
//
// Promise: a number has one holder as long as its lease lasts, by clocks that agree to within the
// third of a lease in which nobody who renews makes ids any more.
// Threads: any.
#pragma once

#include <mutex>

#include "store/postgres/line.hpp"
#include "store/store.hpp"

namespace disburse::store::postgres {

class NodeLeases {
 public:
  explicit NodeLeases(Shared& shared) : shared_(shared), line_(shared) {}

  core::Result<NodeLease> take(unsigned count);
  core::Result<void> keep(NodeLease& lease);
  core::Result<void> give_back(const NodeLease& lease);

 private:
  core::Result<std::vector<unsigned>> find_free(std::int64_t now, unsigned count);
  core::Result<bool> take_one(unsigned node, std::int64_t now, std::int64_t until);
  core::Result<Answer> run(const Statement& statement, const Params& params);

  Shared& shared_;
  std::mutex lock_;
  Line line_;
};

}  // namespace disburse::store::postgres
