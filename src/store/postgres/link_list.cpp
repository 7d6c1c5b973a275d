#include "store/postgres/link_list.hpp"

#include <algorithm>

#include "core/recipient.hpp"
#include "store/columns.hpp"
#include "store/postgres/sql.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store::postgres {
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

void add_ids(const core::LinkFilter& filter, Composed& to) {
  const auto add_id = [&to](std::string_view column, std::uint64_t id) {
    if (id == 0) return;
    to.add(" and l.").add(column).add(" = ").number(static_cast<std::int64_t>(id));
  };
  add_id("link_id", filter.id.value);
  add_id("contact_id", filter.contact.value);
  add_id("fund_account_id", filter.fund_account.value);
}

void add_texts(core::MerchantId merchant, const core::LinkFilter& filter, Composed& to) {
  if (!filter.reference.empty()) {
    to.add(
        " and l.link_id in (select coalesce(r.only_link_id, r.link_id) from link_reference r "
        "where r.merchant_id = ");
    to.number(merchant.value).add(" and r.reference = ").text(filter.reference).add(")");
  }
  if (!filter.purpose.empty()) to.add(" and l.purpose = ").text(filter.purpose);
}

// core::state_at() in SQL: a deadline that has passed counts before its timer has run.
void add_states(const std::vector<core::LinkState>& states, core::Instant now, Composed& to) {
  if (states.empty()) return;
  std::int64_t mask = 0;
  for (const core::LinkState state : states) mask |= std::int64_t{1} << number_of(state);
  to.add(" and ((").number(mask);
  to.add(" >> (case when l.state in (1, 2, 3) and l.expires_at is not null and l.expires_at <= ");
  to.number(now.ms()).add(
      " then 8 when l.state = 2 and l.activates_at is not null "
      "and l.activates_at <= ");
  to.number(now.ms()).add(" then 3 else l.state end)) & 1) = 1");
}

void add_contact(core::MerchantId merchant, const core::LinkFilter& filter, const Vault& vault,
                 Composed& to) {
  const auto hash = [&](const std::string& text) {
    return vault.contact_hash(merchant, core::contact_key(text));
  };
  constexpr std::string_view kExists =
      " and exists (select 1 from contact f where f.merchant_id = l.merchant_id "
      "and f.contact_id = l.contact_id and ";
  // A hash of 0 is "none" on both sides, and none is not a match.
  if (!filter.phone.empty()) {
    to.add(kExists).add("f.phone_hash <> 0 and f.phone_hash = ").number(hash(filter.phone));
    to.add(")");
  }
  if (!filter.email.empty()) {
    to.add(kExists).add("f.email_hash <> 0 and f.email_hash = ").number(hash(filter.email));
    to.add(")");
  }
  if (filter.contact_text.empty()) return;
  const std::int64_t text_hash = hash(filter.contact_text);
  // Not lower(): what that does depends on the database's locale.
  to.add(kExists).add(
      "(translate(f.name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', "
      "'abcdefghijklmnopqrstuvwxyz') like ");
  to.text(contains(filter.contact_text))
      .add(" escape '\\' or (f.phone_hash <> 0 and f.phone_hash = ");
  to.number(text_hash).add(") or (f.email_hash <> 0 and f.email_hash = ").number(text_hash);
  to.add(")))");
}

// created_at decides; the bounds on the id keep the walk to the part of the tree where such links
// can be.
void add_times(const core::LinkFilter& filter, IdDrift drift, Composed& to) {
  if (filter.from) {
    to.add(" and l.created_at >= ").number(filter.from->ms());
    to.add(" and l.link_id >= ").number(lowest_id(filter.from->ms() - drift.early_ms));
  }
  if (filter.to) {
    to.add(" and l.created_at <= ").number(filter.to->ms());
    to.add(" and l.link_id <= ").number(highest_id(filter.to->ms() + drift.late_ms));
  }
}

void add_conditions(const core::ListLinks& query, core::Instant now, IdDrift drift,
                    const Vault& vault, Composed& to) {
  to.add(" from link l where l.merchant_id = ").number(query.merchant.value);
  add_ids(query.filter, to);
  add_texts(query.merchant, query.filter, to);
  add_times(query.filter, drift, to);
  add_states(query.filter.states, now, to);
  add_contact(query.merchant, query.filter, vault, to);
}

}  // namespace

Composed& Composed::add(std::string_view text) {
  text_ += text;
  return *this;
}

Composed& Composed::number(std::int64_t value) {
  params_.number(value);
  text_ += "$" + std::to_string(params_.count()) + "::bigint";
  return *this;
}

Composed& Composed::text(std::string_view value) {
  params_.text(value);
  text_ += "$" + std::to_string(params_.count()) + "::text";
  return *this;
}

Composed& Composed::bytes(std::string_view value) {
  params_.bytes(value);
  text_ += "$" + std::to_string(params_.count()) + "::bytea";
  return *this;
}

Composed list_page(const core::ListLinks& query, core::Instant now, IdDrift drift,
                   const Vault& vault) {
  Composed list;
  list.add("with page as (select ").add(of("l", kLinkColumns));
  add_conditions(query, now, drift, vault, list);
  list.add(" order by l.link_id desc limit ").number(query.limit);
  list.add(" offset ").number(query.skip).add(") select ").add(of("l", kLinkColumns)).add(", ");
  list.add(of("c", kContactColumns)).add(", ").add(of("a", kFundAccountColumns));
  list.add(", o.recipient_key, ").add(of("p", kPayoutColumns));
  list.add(
      " from page l "
      "left join contact c on c.merchant_id = l.merchant_id and c.contact_id = l.contact_id "
      "left join fund_account a on a.merchant_id = l.merchant_id "
      "and a.fund_account_id = l.fund_account_id "
      "left join contact o on o.merchant_id = a.merchant_id and o.contact_id = a.contact_id "
      "left join payout p on p.merchant_id = l.merchant_id and p.payout_id = l.payout_id "
      "order by l.link_id desc");
  return list;
}

Composed list_total(const core::ListLinks& query, core::Instant now, IdDrift drift,
                    const Vault& vault) {
  Composed list;
  list.add("select count(*)");
  add_conditions(query, now, drift, vault, list);
  return list;
}

Composed list_deliveries(const core::ListDeliveries& query) {
  Composed list;
  list.add("select ").add(kDeliveryColumns).add(" from delivery where merchant_id = ");
  list.number(query.merchant.value);
  if (query.endpoint) {
    list.add(" and endpoint_id = ").number(static_cast<std::int64_t>(query.endpoint.value));
  }
  if (query.link) list.add(" and link_id = ").number(static_cast<std::int64_t>(query.link.value));
  list.add(" order by delivery_id desc limit ").number(query.limit);
  return list;
}

}  // namespace disburse::store::postgres
