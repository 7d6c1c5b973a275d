#include "store/postgres/leases.hpp"

#include "store/postgres/statements.hpp"

namespace disburse::store::postgres {

using core::Code;
using core::fail;
using core::Result;

namespace {

constexpr core::Duration kLimit = std::chrono::seconds(3);
constexpr int kRounds = 5;  // others take numbers at the same time

Params with_nodes(const std::vector<unsigned>& nodes) {
  Arrays arrays({ColumnType::number});
  for (const unsigned node : nodes) {
    arrays.bind(node);
    arrays.next_row();
  }
  Params params;
  params.arrays(std::move(arrays));
  return params;
}

}  // namespace

Result<Answer> NodeLeases::run(const Statement& statement, const Params& params) {
  const Deadline deadline = Deadline::in(kLimit);
  Connection* connection = TRY(line_.get(deadline));
  Result<Answer> answer = connection->run(statement, params, deadline);
  if (!answer) line_.look_after(answer.error());
  return answer;
}

Result<std::vector<unsigned>> NodeLeases::find_free(std::int64_t now, unsigned count) {
  Params params;
  params.number(now).number(std::int64_t{count});
  Answer answer = TRY(run(kFreeNodes, params));
  std::vector<unsigned> free;
  while (answer.next()) free.push_back(answer.u32());
  return free;
}

Result<bool> NodeLeases::take_one(unsigned node, std::int64_t now, std::int64_t until) {
  Params params;
  params.number(std::int64_t{node}).number(shared_.holder).number(until).number(now);
  Answer answer = TRY(run(kLeaseNode, params));
  return answer.next();
}

Result<NodeLease> NodeLeases::take(unsigned count) {
  const std::lock_guard guard(lock_);
  const core::Instant now = shared_.clock.now();
  NodeLease lease{.nodes = {}, .holder = shared_.holder, .until = now + kNodeLease};
  for (int round = 0; round < kRounds && lease.nodes.size() < count; ++round) {
    const unsigned missing = count - static_cast<unsigned>(lease.nodes.size());
    for (const unsigned node : TRY(find_free(now.ms(), missing))) {
      if (TRY(take_one(node, now.ms(), lease.until.ms()))) lease.nodes.push_back(node);
    }
  }
  if (lease.nodes.size() == count) return lease;
  const Answer given =
      TRY(run(kGiveBackNodes, with_nodes(lease.nodes).number(shared_.holder).number(now.ms())));
  return fail(Code::store_unavailable, {}, "all numbers of id makers are taken");
}

Result<void> NodeLeases::keep(NodeLease& lease) {
  const std::lock_guard guard(lock_);
  const core::Instant now = shared_.clock.now();
  const core::Instant until = now + kNodeLease;
  Answer answer =
      TRY(run(kKeepNodes,
              with_nodes(lease.nodes).number(lease.holder).number(until.ms()).number(now.ms())));
  if (static_cast<std::size_t>(answer.rows()) != lease.nodes.size())
    return fail(Code::version_conflict, {}, "the lease of a node number has ended");
  lease.until = until;
  return {};
}

// Whoever takes the number next begins above every id of this moment.
Result<void> NodeLeases::give_back(const NodeLease& lease) {
  const std::lock_guard guard(lock_);
  const std::int64_t now = shared_.clock.now().ms();
  const Answer answer =
      TRY(run(kGiveBackNodes, with_nodes(lease.nodes).number(lease.holder).number(now)));
  return {};
}

}  // namespace disburse::store::postgres
