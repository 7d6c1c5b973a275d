#include "store/sqlite/link_list.hpp"

#include <algorithm>

#include "core/recipient.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store {
namespace {

constexpr unsigned kTimeShift = core::IdMaker::kNodeBits + core::IdMaker::kSequenceBits;
constexpr auto kEpochMs = static_cast<std::int64_t>(core::IdMaker::kEpochMs);
constexpr std::int64_t kLastMs = kEpochMs + (std::int64_t{1} << 40) - 1;

// The lowest id that could have been made at the time, or later.
std::int64_t lowest_id(std::int64_t ms) {
  return (std::clamp(ms, kEpochMs, kLastMs) - kEpochMs) << kTimeShift;
}

std::int64_t highest_id(std::int64_t ms) {
  return lowest_id(ms) + (std::int64_t{1} << kTimeShift) - 1;
}

// core::state_at() in SQL: a deadline that has passed counts before its timer has run.
const std::string kStateNow =
    "(case when state in (1, 2, 3) and expires_at is not null and expires_at <= ? then 8 "
    "when state = 2 and activates_at is not null and activates_at <= ? then 3 else state end)";
static_assert(number_of(core::LinkState::pending) == 1 &&
              number_of(core::LinkState::scheduled) == 2 &&
              number_of(core::LinkState::issued) == 3 && number_of(core::LinkState::expired) == 8);

// A LIKE pattern for texts that contain it; letters of ASCII in either case.
std::string contains(std::string_view text) {
  std::string pattern = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return pattern + "%";
}

}  // namespace

LinkConditions::LinkConditions(const core::ListLinks& query, core::Instant now, IdDrift drift,
                               const Vault& vault)
    : merchant_(query.merchant), vault_(vault) {
  add("merchant_id = ?", {std::int64_t{merchant_.value}});
  add_ids(query.filter);
  add_texts(query.filter);
  add_times(query.filter, drift);
  add_states(query.filter.states, now);
  add_contact(query.filter);
}

void LinkConditions::add(const std::string& condition, std::vector<Value> values) {
  sql_ += (sql_.empty() ? "" : " and ") + condition;
  std::move(values.begin(), values.end(), std::back_inserter(values_));
}

void LinkConditions::bind(Run& run) const {
  for (const Value& value : values_) {
    std::visit([&run](const auto& one) { run.bind(one); }, value);
  }
}

void LinkConditions::add_ids(const core::LinkFilter& filter) {
  const auto add_id = [this](const std::string& column, std::uint64_t id) {
    if (id != 0) add(column + " = ?", {static_cast<std::int64_t>(id)});
  };
  add_id("link_id", filter.id.value);
  add_id("contact_id", filter.contact.value);
  add_id("fund_account_id", filter.fund_account.value);
}

void LinkConditions::add_texts(const core::LinkFilter& filter) {
  if (!filter.reference.empty()) {
    add("link_id in (select coalesce(r.only_link_id, r.link_id) from link_reference r "
        "where r.merchant_id = ? and r.reference = ?)",
        {std::int64_t{merchant_.value}, filter.reference});
  }
  if (!filter.purpose.empty()) add("purpose = ?", {filter.purpose});
}

void LinkConditions::add_states(const std::vector<core::LinkState>& states, core::Instant now) {
  if (states.empty()) return;
  std::int64_t mask = 0;
  for (const core::LinkState state : states) mask |= std::int64_t{1} << number_of(state);
  add("((? >> " + kStateNow + ") & 1) = 1", {mask, now.ms(), now.ms()});
}

// Contacts have no index by phone or e-mail (migrations/0001_first.sql), so this looks at the
// contact of each link that the other conditions leave, newest first, until the page is full.
void LinkConditions::add_contact(const core::LinkFilter& filter) {
  const auto hash = [this](const std::string& text) {
    return vault_.contact_hash(merchant_, core::contact_key(text));
  };
  const auto add_exists = [this](const std::string& condition, std::vector<Value> values) {
    add("exists (select 1 from contact c where c.merchant_id = link.merchant_id "
        "and c.contact_id = link.contact_id and " +
            condition + ")",
        std::move(values));
  };
  // A hash of 0 is "none" on both sides, and none is not a match.
  if (!filter.phone.empty()) {
    add_exists("c.phone_hash <> 0 and c.phone_hash = ?", {hash(filter.phone)});
  }
  if (!filter.email.empty()) {
    add_exists("c.email_hash <> 0 and c.email_hash = ?", {hash(filter.email)});
  }
  if (filter.contact_text.empty()) return;
  const std::int64_t text_hash = hash(filter.contact_text);
  add_exists(
      "(lower(c.name) like ? escape '\\' or (c.phone_hash <> 0 and c.phone_hash = ?) "
      "or (c.email_hash <> 0 and c.email_hash = ?))",
      {contains(filter.contact_text), text_hash, text_hash});
}

// created_at decides; the bounds on the id keep the walk to the part of the tree where such links
// can be.
void LinkConditions::add_times(const core::LinkFilter& filter, IdDrift drift) {
  if (filter.from) {
    add("created_at >= ? and link_id >= ?",
        {filter.from->ms(), lowest_id(filter.from->ms() - drift.early_ms)});
  }
  if (filter.to) {
    add("created_at <= ? and link_id <= ?",
        {filter.to->ms(), highest_id(filter.to->ms() + drift.late_ms)});
  }
}

}  // namespace disburse::store
