// Look-ups and lists over the maps.
#include "store/memory/memory_reader.hpp"

#include <algorithm>
#include <limits>

#include "core/recipient.hpp"
#include "store/ledger_check.hpp"

namespace disburse::store {
namespace {

using core::LinkFilter;
using core::LinkView;
using core::MerchantId;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool same_contact(std::string_view stored, std::string_view asked) {
  const std::string key = core::contact_key(asked);
  return !key.empty() && !stored.empty() && core::contact_key(stored) == key;
}

bool contact_matches(const core::Contact& contact, const LinkFilter& filter) {
  if (!filter.phone.empty() && !same_contact(contact.phone, filter.phone)) return false;
  if (!filter.email.empty() && !same_contact(contact.email, filter.email)) return false;
  if (filter.contact_text.empty()) return true;
  return lower(contact.name).find(lower(filter.contact_text)) != std::string::npos ||
         same_contact(contact.phone, filter.contact_text) ||
         same_contact(contact.email, filter.contact_text);
}

// Calls `take` with each entry of an index that belongs to the link, in the order of their ids.
template <class Id, class Take>
void for_link(const MerchantLinkIndex<Id>& index, MerchantId merchant, core::LinkId link,
              Take take) {
  for (auto it = index.lower_bound({merchant, link, Id{}}); it != index.end(); ++it) {
    if (std::get<0>(*it) != merchant || std::get<1>(*it) != link) return;
    take(std::get<2>(*it));
  }
}

core::DeliveryRecord record_of(const Contents& contents, const core::Delivery& delivery) {
  core::DeliveryRecord record{.delivery = delivery, .attempts = {}};
  auto it = contents.attempts.lower_bound({delivery.merchant, {delivery.id, 0}});
  for (; it != contents.attempts.end(); ++it) {
    if (it->second.merchant != delivery.merchant || it->second.delivery != delivery.id) break;
    record.attempts.push_back(it->second);
  }
  return record;
}

bool held_at_issue(const Contents& contents, const core::Payout& payout) {
  const core::Link* link = find_row(contents.links, std::pair(payout.merchant, payout.link));
  return link != nullptr && link->held;
}

}  // namespace

bool matches(const LinkView& view, const LinkFilter& filter, core::Instant now) {
  const core::Link& link = view.link;
  const auto& states = filter.states;
  if (!states.empty() &&
      std::find(states.begin(), states.end(), state_at(link, now)) == states.end()) {
    return false;
  }
  if (filter.id && link.id != filter.id) return false;
  if (filter.contact && link.contact != filter.contact) return false;
  if (filter.fund_account && link.fund_account != filter.fund_account) return false;
  if (!filter.reference.empty() && link.reference != filter.reference) return false;
  if (!filter.purpose.empty() && link.purpose != filter.purpose) return false;
  if (filter.from && link.created_at < *filter.from) return false;
  if (filter.to && link.created_at > *filter.to) return false;
  return contact_matches(view.contact, filter);
}

core::Result<std::optional<LinkView>> MemoryReader::find_link(MerchantId merchant,
                                                              core::LinkId id) {
  const std::lock_guard guard(shared_->lock);
  return shared_->contents.view(merchant, id);
}

core::Result<std::optional<LinkView>> MemoryReader::find_link_by_reference(
    MerchantId merchant, std::string_view reference) {
  const std::lock_guard guard(shared_->lock);
  const auto id = shared_->contents.newest_with(merchant, std::string(reference));
  if (!id) return std::optional<LinkView>{};
  return shared_->contents.view(merchant, *id);
}

core::Result<core::LinkPage> MemoryReader::list_links(const core::ListLinks& query,
                                                      core::Instant now) {
  const std::lock_guard guard(shared_->lock);
  const auto& links = shared_->contents.links;
  core::LinkPage page;
  std::uint64_t found = 0;
  const auto first = links.lower_bound({query.merchant, core::LinkId{}});
  auto it = links.upper_bound({query.merchant, core::LinkId{~std::uint64_t{0}}});
  while (it != first) {
    --it;
    LinkView view = *shared_->contents.view(query.merchant, it->second.id);
    if (!matches(view, query.filter, now)) continue;
    ++found;
    const bool on_page = found > query.skip && page.links.size() < query.limit;
    if (on_page)
      page.links.push_back(std::move(view));
    else if (!query.want_total && found > query.skip)
      break;
  }
  if (query.want_total) page.total = found;
  return page;
}

core::Result<std::optional<core::Story>> MemoryReader::link_story(MerchantId merchant,
                                                                  core::LinkId id) {
  const std::lock_guard guard(shared_->lock);
  const Contents& contents = shared_->contents;
  std::optional<LinkView> view = contents.view(merchant, id);
  if (!view) return std::optional<core::Story>{};
  core::Story story;
  auto it = contents.history.lower_bound({merchant, {id, 0}});
  for (; it != contents.history.end() && it->first.first == merchant; ++it) {
    if (it->second.link != id) break;
    story.history.push_back(it->second);
  }
  std::set<core::FundAccountId> accounts = {view->link.fund_account};
  for_link(contents.payouts_of_link, merchant, id, [&](core::PayoutId payout) {
    story.payouts.push_back(contents.payouts.at({merchant, payout}));
    accounts.insert(story.payouts.back().fund_account);
  });
  for (const core::FundAccountId account : accounts) {
    const auto* row = find_row(contents.fund_accounts, std::pair(merchant, account));
    if (row != nullptr) story.fund_accounts.push_back(*row);
  }
  for_link(contents.postings_of_link, merchant, id, [&](std::uint64_t posting) {
    story.postings.push_back(contents.postings.at({merchant, posting}));
  });
  for_link(contents.deliveries_of_link, merchant, id, [&](core::DeliveryId delivery) {
    story.deliveries.push_back(contents.deliveries.at({merchant, delivery}));
  });
  story.view = std::move(*view);
  return story;
}

core::Result<std::optional<core::MerchantView>> MemoryReader::find_merchant(MerchantId id) {
  const std::lock_guard guard(shared_->lock);
  const core::Merchant* merchant = find_row(shared_->contents.merchants, id);
  if (merchant == nullptr) return std::optional<core::MerchantView>{};
  core::MerchantView view{.merchant = *merchant, .balances = {}};
  view.balances.merchant = id;
  const core::Balances* balances = find_row(shared_->contents.balances, id);
  if (balances != nullptr) view.balances = *balances;
  return view;
}

core::Result<std::vector<core::Merchant>> MemoryReader::list_merchants() {
  const std::lock_guard guard(shared_->lock);
  std::vector<core::Merchant> merchants;
  for (const auto& [id, merchant] : shared_->contents.merchants) merchants.push_back(merchant);
  return merchants;
}

core::Result<std::optional<core::Credential>> MemoryReader::find_credential(
    std::string_view dialect, std::string_view kind, std::string_view name) {
  const std::lock_guard guard(shared_->lock);
  const core::Keys::CredentialKey key{std::string(dialect), std::string(kind), std::string(name)};
  const core::Credential* row = find_row(shared_->contents.credentials, key);
  return row == nullptr ? std::optional<core::Credential>{} : *row;
}

core::Result<std::optional<core::Credential>> MemoryReader::find_credential(core::CredentialId id) {
  const std::lock_guard guard(shared_->lock);
  for (const auto& [name, row] : shared_->contents.credentials) {
    if (row.id == id) return std::optional(row);
  }
  return std::optional<core::Credential>{};
}

core::Result<std::vector<core::Credential>> MemoryReader::list_credentials(MerchantId merchant) {
  const std::lock_guard guard(shared_->lock);
  std::vector<core::Credential> rows;
  for (const auto& [name, row] : shared_->contents.credentials) {
    if (row.merchant == merchant) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return rows;
}

core::Result<std::vector<core::Endpoint>> MemoryReader::list_endpoints(MerchantId merchant) {
  const std::lock_guard guard(shared_->lock);
  const auto& endpoints = shared_->contents.endpoints;
  std::vector<core::Endpoint> rows;
  auto it = endpoints.lower_bound({merchant, core::EndpointId{}});
  for (; it != endpoints.end() && it->first.first == merchant; ++it) rows.push_back(it->second);
  return rows;
}

core::Result<core::DeliveryList> MemoryReader::list_deliveries(const core::ListDeliveries& query) {
  const std::lock_guard guard(shared_->lock);
  const auto& deliveries = shared_->contents.deliveries;
  core::DeliveryList list;
  const auto first = deliveries.lower_bound({query.merchant, core::DeliveryId{}});
  auto it = deliveries.upper_bound({query.merchant, core::DeliveryId{~std::uint64_t{0}}});
  while (it != first && list.deliveries.size() < query.limit) {
    --it;
    const core::Delivery& row = it->second;
    if (query.endpoint && row.endpoint != query.endpoint) continue;
    if (query.link && row.link != query.link) continue;
    if (!core::fits(row, query)) continue;
    list.deliveries.push_back(record_of(shared_->contents, row));
  }
  return list;
}

core::Result<std::optional<core::DeliveryRecord>> MemoryReader::find_delivery(MerchantId merchant,
                                                                              core::DeliveryId id) {
  const std::lock_guard guard(shared_->lock);
  const auto* row = find_row(shared_->contents.deliveries, std::pair(merchant, id));
  if (row == nullptr) return std::optional<core::DeliveryRecord>{};
  return record_of(shared_->contents, *row);
}

core::Result<std::vector<core::Task>> MemoryReader::due_tasks(bool timers, core::Instant now,
                                                              std::uint32_t limit) {
  const std::lock_guard guard(shared_->lock);
  const Contents& contents = shared_->contents;
  std::vector<core::Task> tasks;
  const core::Instant earliest = core::Instant::from_ms(std::numeric_limits<std::int64_t>::min());
  auto it = contents.due.lower_bound({timers, earliest, core::TaskId{}, MerchantId{}});
  for (; it != contents.due.end() && tasks.size() < limit; ++it) {
    const auto& [timer, due_at, id, merchant] = *it;
    if (timer != timers || due_at > now) break;
    tasks.push_back(contents.tasks.at({merchant, id}));
  }
  return tasks;
}

core::Result<std::optional<core::Instant>> MemoryReader::next_due(bool timers) {
  const std::lock_guard guard(shared_->lock);
  const auto& due = shared_->contents.due;
  const core::Instant earliest = core::Instant::from_ms(std::numeric_limits<std::int64_t>::min());
  const auto it = due.lower_bound({timers, earliest, core::TaskId{}, MerchantId{}});
  if (it == due.end() || std::get<0>(*it) != timers) return std::optional<core::Instant>{};
  return std::optional(std::get<1>(*it));
}

core::Result<std::vector<core::Task>> MemoryReader::tasks_of(MerchantId merchant,
                                                             core::TaskKind kind,
                                                             std::uint32_t limit) {
  const std::lock_guard guard(shared_->lock);
  const auto& all = shared_->contents.tasks;
  std::vector<core::Task> tasks;
  auto it = all.lower_bound({merchant, core::TaskId{}});
  for (; it != all.end() && it->first.first == merchant && tasks.size() < limit; ++it) {
    if (it->second.kind == kind) tasks.push_back(it->second);
  }
  return tasks;
}

core::Result<std::vector<Reader::LedgerSums>> MemoryReader::ledger_sums() {
  const std::lock_guard guard(shared_->lock);
  const Contents& contents = shared_->contents;
  std::map<MerchantId, LedgerSums> sums;
  for (const auto& [id, merchant] : contents.merchants) sums[id].balances.merchant = id;
  for (const auto& [id, balances] : contents.balances) sums[id].balances = balances;
  for (const auto& [key, posting] : contents.postings) {
    add_move(sums[posting.merchant].from_postings, posting.move, posting.amount.paise());
  }
  for (const auto& [key, link] : contents.links) {
    if (link.held) sums[link.merchant].held_links += link.amount.paise();
  }
  std::map<std::pair<MerchantId, core::LinkId>, int> settled;
  for (const auto& [key, payout] : contents.payouts) {
    if (is_in_flight(payout.state) && !held_at_issue(contents, payout)) {
      sums[payout.merchant].in_flight += payout.amount.paise();
    }
    const bool paid = payout.state == core::PayoutState::settled;
    if (paid && ++settled[{payout.merchant, payout.link}] == 2) ++sums[payout.merchant].paid_twice;
  }
  std::vector<LedgerSums> out;
  for (auto& [id, one] : sums) {
    one.balances.merchant = one.from_postings.merchant = id;
    out.push_back(one);
  }
  return out;
}

core::Result<std::vector<core::AuditRow>> MemoryReader::audit_rows(std::uint64_t after_id,
                                                                   std::uint32_t limit) {
  const std::lock_guard guard(shared_->lock);
  std::vector<core::AuditRow> rows;
  auto it = shared_->contents.audit.upper_bound(after_id);
  for (; it != shared_->contents.audit.end() && rows.size() < limit; ++it) {
    rows.push_back(it->second);
  }
  return rows;
}

}  // namespace disburse::store
