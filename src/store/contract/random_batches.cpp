// Whole batches of random rows, and what to ask for to get them back.
#include "store/contract/random_rows.hpp"

namespace disburse::store {

core::Changes RandomRows::creates(core::MerchantId merchant, std::uint64_t count) {
  core::Changes changes;
  for (; count > 0; --count) {
    changes.contacts.push_back(contact(merchant));
    changes.links.push_back(link(changes.contacts.back()));
    changes.history.push_back(history(changes.links.back(), 1));
    changes.tasks.push_back(task(merchant));
    changes.tasks.push_back(task(merchant));
    changes.replies.push_back(reply(merchant));
  }
  return changes;
}

void RandomRows::add_merchant(core::MerchantId id, core::Changes& changes) {
  changes.merchants.push_back(merchant(id.value));
  changes.balances.push_back(balances(id, 1));
  changes.contacts.push_back(contact(id));
  const core::Contact person = changes.contacts.back();
  changes.fund_accounts.push_back(fund_account(person));
  const core::FundAccount account = changes.fund_accounts.back();
  for (int i = 0; i < 2; ++i) {
    changes.links.push_back(link(person));
    core::Link& link = changes.links.back();
    changes.payouts.push_back(payout(link, account));
    link.payout = changes.payouts.back().id;
    link.fund_account = account.id;
    changes.history.push_back(history(link, 1));
    changes.history.push_back(history(link, 2));
    changes.postings.push_back(posting(link, link.payout));
    changes.endpoints.push_back(endpoint(id));
    changes.deliveries.push_back(delivery(link, changes.endpoints.back().id));
    changes.attempts.push_back(attempt(changes.deliveries.back(), 1));
    changes.attempts.push_back(attempt(changes.deliveries.back(), 2));
    changes.tasks.push_back(task(id));
    changes.replies.push_back(reply(id));
    changes.counters.push_back(counter(id));
    changes.credentials.push_back(credential(id));
    changes.refresh_tokens.push_back(refresh_token(id));
    changes.audit.push_back(audit(id));
  }
}

core::Changes RandomRows::everything() {
  core::Changes changes;
  add_merchant({1}, changes);
  add_merchant({2}, changes);
  changes.counters.push_back(counter({}));  // by address: nobody's
  return changes;
}

core::Changes RandomRows::changed(core::Changes changes) {
  for (core::Link& row : changes.links) {
    core::Contact person;
    person.merchant = row.merchant;
    person.id = row.contact;
    core::Link next = link(person);
    next.id = row.id;
    next.version = row.version + 1;
    next.reference = row.reference;
    next.payout = row.payout;
    next.fund_account = row.fund_account;
    row = next;
  }
  for (core::Payout& row : changes.payouts) {
    core::Link owner;
    owner.merchant = row.merchant;
    owner.id = row.link;
    core::Payout next = payout(owner, {});
    next.id = row.id;
    next.version = row.version + 1;
    next.fund_account = row.fund_account;
    row = next;
  }
  for (core::Balances& row : changes.balances) row = balances(row.merchant, row.version + 1);
  for (core::Task& row : changes.tasks) {
    const core::TaskId id = row.id;
    row = task(row.merchant);
    row.id = id;
  }
  for (core::Endpoint& row : changes.endpoints) {
    const core::EndpointId id = row.id;
    row = endpoint(row.merchant);
    row.id = id;
  }
  for (core::Delivery& row : changes.deliveries) {
    row.state = any(core::DeliveryState::given_up);
    row.tries += 1;
    row.due_at = instant();
  }
  for (core::Counter& row : changes.counters) row.count += 1;
  for (core::Merchant& row : changes.merchants) row = merchant(row.id.value);
  for (core::Credential& row : changes.credentials) row.revoked_at = instant();
  for (core::RefreshToken& row : changes.refresh_tokens) row.used = !row.used;
  changes.contacts.clear();
  changes.fund_accounts.clear();
  changes.history.clear();
  changes.postings.clear();
  changes.attempts.clear();
  changes.replies.clear();
  changes.audit.clear();
  return changes;
}

core::Keys keys_of(const core::Changes& changes) {
  core::Keys keys;
  for (const auto& row : changes.links) keys.links.push_back({row.merchant, row.id});
  for (const auto& row : changes.payouts) keys.payouts.push_back({row.merchant, row.id});
  for (const auto& row : changes.contacts) keys.contacts.push_back({row.merchant, row.id});
  for (const auto& row : changes.tasks) keys.tasks.push_back({row.merchant, row.id});
  for (const auto& row : changes.deliveries) keys.deliveries.push_back({row.merchant, row.id});
  for (const auto& row : changes.merchants) keys.merchants.push_back(row.id);
  for (const auto& row : changes.replies) keys.replies.push_back({row.merchant, row.key});
  for (const auto& row : changes.counters) keys.counters.push_back({row.merchant, row.key});
  for (const auto& row : changes.credentials) {
    keys.credentials.push_back({row.dialect, row.kind, row.name});
  }
  for (const auto& row : changes.refresh_tokens) keys.refresh_tokens.push_back(row.hash);
  return keys;
}

}  // namespace disburse::store
