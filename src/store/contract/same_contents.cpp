#include "store/contract/same_contents.hpp"

#include <algorithm>
#include <limits>

#include "store/contract/random_rows.hpp"

namespace disburse::store {
namespace {

using core::Result;

// In any order.
template <class Row>
bool same(const std::vector<Row>& a, const std::vector<Row>& b) {
  return a == b || (a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin()));
}

std::string different_rows(const Rows& a, const Rows& b) {
  if (!same(a.merchants, b.merchants)) return "merchants";
  if (!same(a.balances, b.balances)) return "balances";
  if (!same(a.endpoints, b.endpoints)) return "endpoints";
  if (!same(a.links, b.links)) return "links";
  if (!same(a.references, b.references)) return "references";
  if (!same(a.contacts, b.contacts)) return "contacts";
  if (!same(a.fund_accounts, b.fund_accounts)) return "fund accounts";
  if (!same(a.payouts, b.payouts)) return "payouts";
  if (!same(a.tasks, b.tasks)) return "tasks";
  if (!same(a.lane, b.lane)) return "lanes";
  if (!same(a.deliveries, b.deliveries)) return "deliveries";
  if (!same(a.replies, b.replies)) return "replies";
  if (!same(a.counters, b.counters)) return "counters";
  if (!same(a.credentials, b.credentials)) return "credentials";
  if (!same(a.refresh_tokens, b.refresh_tokens)) return "refresh tokens";
  return {};
}

std::string unreadable(const core::Error& error) { return "cannot be read: " + error.detail; }

std::string different_loads(Store& a, Store& b, const core::Changes& batch) {
  core::Keys keys = keys_of(batch);
  for (const core::Link& link : batch.links) {
    keys.lanes.push_back({link.merchant, link.id});
    keys.references.push_back({link.merchant, link.reference});
  }
  const Result<Rows> expected = a.load(keys);
  const Result<Rows> actual = b.load(keys);
  if (!expected) return unreadable(expected.error());
  if (!actual) return unreadable(actual.error());
  return different_rows(*expected, *actual);
}

std::string different_story(Reader& a, Reader& b, const core::Link& link) {
  const auto expected = a.link_story(link.merchant, link.id);
  const auto actual = b.link_story(link.merchant, link.id);
  if (!actual) return unreadable(actual.error());
  if (expected->has_value() != actual->has_value()) return "a link";
  if (!*expected) return {};
  if (!same((*expected)->history, (*actual)->history)) return "history";
  if (!same((*expected)->postings, (*actual)->postings)) return "postings";
  if (!same((*expected)->payouts, (*actual)->payouts)) return "payouts of a link";
  if (!same((*expected)->deliveries, (*actual)->deliveries)) return "deliveries of a link";
  for (const core::Delivery& delivery : (*expected)->deliveries) {
    const auto record = a.find_delivery(delivery.merchant, delivery.id);
    const auto other = b.find_delivery(delivery.merchant, delivery.id);
    if (!other) return unreadable(other.error());
    if (!*other || !same((*record)->attempts, (**other).attempts)) return "attempts";
  }
  return {};
}

std::string different_sums(Reader& a, Reader& b) {
  const auto expected = a.ledger_sums();
  const auto actual = b.ledger_sums();
  if (!actual) return unreadable(actual.error());
  if (expected->size() != actual->size()) return "merchants' sums";
  for (std::size_t i = 0; i < expected->size(); ++i) {
    const Reader::LedgerSums& one = (*expected)[i];
    const Reader::LedgerSums& other = (*actual)[i];
    if (one.balances != other.balances || one.from_postings != other.from_postings ||
        one.in_flight != other.in_flight || one.held_links != other.held_links)
      return "sums";
  }
  return {};
}

std::string different_lists(Reader& a, Reader& b) {
  constexpr core::Instant kEnd = core::Instant::from_ms(std::numeric_limits<std::int64_t>::max());
  constexpr std::uint32_t kAll = 1'000'000;
  const auto merchants = b.list_merchants();
  if (!merchants) return unreadable(merchants.error());
  if (!same(*a.list_merchants(), *merchants)) return "list of merchants";
  for (const bool timers : {false, true}) {
    const auto tasks = b.due_tasks(timers, kEnd, kAll);
    if (!tasks) return unreadable(tasks.error());
    if (!same(*a.due_tasks(timers, kEnd, kAll), *tasks)) return "tasks that are due";
  }
  const auto audit = b.audit_rows(0, kAll);
  if (!audit) return unreadable(audit.error());
  if (*a.audit_rows(0, kAll) != *audit) return "audit rows";
  return {};
}

}  // namespace

std::string difference(Store& expected, Store& actual, std::span<const core::Changes> batches) {
  const auto start = expected.start_state();
  const auto other_start = actual.start_state();
  if (!other_start) return unreadable(other_start.error());
  if (start->last_id != other_start->last_id) return "the last id";
  if (start->last_merchant != other_start->last_merchant) return "the last merchant";
  if (start->last_audit_hash != other_start->last_audit_hash) return "the last audit row";
  const auto reader = expected.reader();
  const auto other_reader = actual.reader();
  if (!other_reader) return unreadable(other_reader.error());
  std::string found = different_lists(**reader, **other_reader);
  if (found.empty()) found = different_sums(**reader, **other_reader);
  for (const core::Changes& batch : batches) {
    if (found.empty()) found = different_loads(expected, actual, batch);
    for (const core::Link& link : batch.links) {
      if (found.empty()) found = different_story(**reader, **other_reader, link);
    }
  }
  return found;
}

}  // namespace disburse::store
