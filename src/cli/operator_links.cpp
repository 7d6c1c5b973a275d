// Links, payouts, the ledger and webhooks, as operators see them.
#include <fmt/core.h>

#include "cli/base.hpp"
#include "cli/find_link.hpp"
#include "cli/operator.hpp"
#include "core/calendar.hpp"
#include "front_door/new_credentials.hpp"

namespace disburse::cli {
namespace {

std::string when(core::Instant at) {
  return core::format_time(at, core::kUtc, "%Y-%m-%dT%H:%M:%SZ");
}
std::string when(const std::optional<core::Instant>& at) { return at ? when(*at) : "never"; }

std::string sealed(const core::PublicIds& ids, std::string_view prefix, core::IdKind kind,
                   core::MerchantId merchant, std::uint64_t id) {
  return std::string(prefix) + core::base62(ids.seal83(kind, merchant, id), 14);
}

void print_link(const core::LinkView& view, core::Instant now) {
  const core::Link& link = view.link;
  fmt::print("link of merchant {}, made through {}\n", link.merchant.value, link.dialect);
  fmt::print("  state       {}\n", name(state_at(link, now)));
  fmt::print("  amount      Rs {}\n", rupees_text(link.amount));
  fmt::print("  reference   {}\n", link.reference);
  fmt::print("  purpose     {}\n", link.purpose);
  fmt::print("  description {}\n", link.description);
  fmt::print("  contact     {} {} {}\n", view.contact.name,
             view.contact.phone.empty() ? "" : core::masked(view.contact.phone),
             view.contact.email.empty() ? "" : core::masked_email(view.contact.email));
  fmt::print("  created     {}\n  expires     {}\n", when(link.created_at), when(link.expires_at));
  fmt::print("  attempts    {}{}\n", link.attempts, link.held ? ", money held" : "");
}

std::string history_text(const core::History& row) {
  if (row.kind != core::HistoryKind::changed) return std::string(name(row.kind));
  return std::string(name(row.event)) + ": " + std::string(name(row.from)) + " to " +
         std::string(name(row.to));
}

void print_story(const core::Story& story) {
  fmt::print("history\n");
  for (const core::History& row : story.history) {
    fmt::print("  {}  {:<12} {}{}{}\n", when(row.at), row.actor, history_text(row),
               row.note.empty() ? "" : "  ", row.note);
  }
  if (!story.payouts.empty()) fmt::print("payouts\n");
  for (const core::Payout& payout : story.payouts) {
    fmt::print("  {}  {:<9} {} {} key {} {} {}\n", when(payout.created_at), name(payout.state),
               payout.mode, payout.rail, payout.key, payout.utr, payout.reason_text);
  }
  if (!story.postings.empty()) fmt::print("ledger\n");
  for (const core::Posting& posting : story.postings) {
    fmt::print("  {}  {:<8} Rs {}\n", when(posting.at), name(posting.move),
               rupees_text(posting.amount));
  }
  if (!story.deliveries.empty()) fmt::print("webhooks\n");
  for (const core::Delivery& delivery : story.deliveries) {
    fmt::print("  {}  {:<9} {} ({} tries)\n", when(delivery.created_at), name(delivery.state),
               delivery.event, delivery.tries);
  }
}

// Opens the store for reading only.
struct ReadOnly {
  std::unique_ptr<Base> base;
  std::unique_ptr<store::Reader> reader;
};
core::Result<ReadOnly> open_to_read(const Options& options) {
  ReadOnly opened;
  opened.base = TRY(Base::open(options, kOperatorNode));
  opened.reader = TRY(opened.base->store().reader());
  return opened;
}

}  // namespace

core::Result<void> show_link(const Options& options, const std::string& id) {
  ReadOnly opened = TRY(open_to_read(options));
  const core::LinkView view = TRY(find_link(*opened.reader, opened.base->keys().ids, id));
  const auto story = TRY(opened.reader->link_story(view.link.merchant, view.link.id));
  print_link(view, opened.base->clock().now());
  if (story) print_story(*story);
  return {};
}

namespace {

bool check(bool good, core::MerchantId merchant, std::string_view what) {
  if (!good) fmt::print("merchant {}: {}\n", merchant.value, what);
  return good;
}

bool verify_merchant(const store::Reader::LedgerSums& sums) {
  const core::Balances& kept = sums.balances;
  const core::Balances& posted = sums.from_postings;
  const core::MerchantId merchant = kept.merchant;
  bool good = check(kept.deposited == posted.deposited && kept.available == posted.available &&
                        kept.held == posted.held && kept.paid == posted.paid,
                    merchant, "balances are not what the postings add up to");
  good &= check(kept.available + kept.held + kept.paid == kept.deposited, merchant,
                "the postings do not sum to zero");
  good &= check(kept.available >= 0 && kept.held >= 0 && kept.paid >= 0, merchant,
                "an account is below its floor");
  good &= check(kept.held == sums.in_flight + sums.held_links, merchant,
                "held money is not that of payouts in flight and links held at issue");
  good &= check(sums.paid_twice == 0, merchant, "a link was paid twice");
  return good;
}

core::Result<bool> verify_audit(store::Reader& reader, const core::KeyedHash& hash) {
  constexpr std::uint32_t kPage = 1'000;
  std::string before;
  std::uint64_t last = 0;
  while (true) {
    const auto rows = TRY(reader.audit_rows(last, kPage));
    for (const core::AuditRow& row : rows) {
      if (core::audit_hash(hash, before, row) != row.hash) {
        fmt::print("audit row {}: its hash does not follow from the one before it\n", row.id);
        return false;
      }
      before = row.hash;
      last = row.id;
    }
    if (rows.size() < kPage) return true;
  }
}

}  // namespace

core::Result<bool> verify_ledger(const Options& options) {
  ReadOnly opened = TRY(open_to_read(options));
  const auto sums = TRY(opened.reader->ledger_sums());
  bool good = true;
  for (const store::Reader::LedgerSums& merchant : sums) good &= verify_merchant(merchant);
  good &= TRY(verify_audit(*opened.reader, opened.base->keys().hash));
  fmt::print("{} merchants checked: {}\n", sums.size(),
             good ? "the ledger and the audit log are right" : "WRONG");
  return good;
}

core::Result<void> list_webhooks(const Options& options, std::uint32_t merchant,
                                 const std::string& link) {
  ReadOnly opened = TRY(open_to_read(options));
  core::ListDeliveries query;
  query.merchant = core::MerchantId{merchant};
  if (!link.empty()) {
    const core::LinkView view = TRY(find_link(*opened.reader, opened.base->keys().ids, link));
    query.merchant = view.link.merchant;
    query.link = view.link.id;
  }
  const core::PublicIds& ids = opened.base->keys().ids;
  for (const core::Endpoint& endpoint : TRY(opened.reader->list_endpoints(query.merchant))) {
    fmt::print("endpoint {}  {:<10} {}{}\n",
               sealed(ids, "whep_", core::IdKind::endpoint, query.merchant, endpoint.id.value),
               endpoint.dialect, endpoint.url, endpoint.disabled_at ? "  DISABLED" : "");
  }
  const core::DeliveryList list = TRY(opened.reader->list_deliveries(query));
  for (const core::DeliveryRecord& record : list.deliveries) {
    const core::Delivery& delivery = record.delivery;
    fmt::print("{}  {}  {:<9} {}\n",
               sealed(ids, "whdl_", core::IdKind::delivery, query.merchant, delivery.id.value),
               when(delivery.created_at), name(delivery.state), delivery.event);
    for (const core::Attempt& attempt : record.attempts) {
      fmt::print("    try {} at {}: {} {}\n", attempt.number, when(attempt.at),
                 attempt.status == 0 ? "no answer" : std::to_string(attempt.status), attempt.error);
    }
  }
  return {};
}

core::Result<void> replay_webhook(const Options& options, std::uint32_t merchant,
                                  const std::string& delivery) {
  auto base = TRY(Base::open(options, kOperatorNode));
  const core::MerchantId id{merchant};
  const std::size_t underscore = delivery.rfind('_');
  const auto digits = core::parse_base62(
      std::string_view(delivery).substr(underscore == std::string::npos ? 0 : underscore + 1), 14);
  const auto opened =
      digits ? base->keys().ids.open83(core::IdKind::delivery, id, *digits) : std::nullopt;
  if (!opened) return core::fail(core::Code::delivery_not_found);
  base->start();
  const core::Reply reply =
      TRY(front_door::ask(base->engine(), core::ReplayDelivery{id, {}, core::DeliveryId{*opened}}));
  const auto& again = std::get<core::Delivery>(reply);
  fmt::print("queued as {}\n",
             sealed(base->keys().ids, "whdl_", core::IdKind::delivery, id, again.id.value));
  return {};
}

namespace {

core::Result<void> say_for_bank(const Options& options, const std::string& link,
                                core::BankSaid said) {
  auto base = TRY(Base::open(options, kOperatorNode));
  auto reader = TRY(base->store().reader());
  const core::LinkView view = TRY(find_link(*reader, base->keys().ids, link));
  if (!view.link.payout) return core::fail(core::Code::payout_not_found);
  said.merchant = view.link.merchant;
  said.payout = view.link.payout;
  base->start();
  const core::Reply reply = TRY(front_door::ask(base->engine(), std::move(said)));
  const auto& after = std::get<core::LinkView>(reply);
  fmt::print("payout {}, link {}\n",
             name(after.payout ? after.payout->state : core::PayoutState::none),
             name(after.link.state));
  return {};
}

}  // namespace

core::Result<void> settle_payout(const Options& options, const std::string& link,
                                 const std::string& utr) {
  core::BankSaid said;
  said.outcome = core::BankOutcome::settled;
  said.utr = utr;
  return say_for_bank(options, link, std::move(said));
}

core::Result<void> refuse_payout(const Options& options, const std::string& link,
                                 const std::string& why) {
  core::BankSaid said;
  said.outcome = core::BankOutcome::refused;
  said.reason = "refused_by_operator";
  said.reason_text = why;
  return say_for_bank(options, link, std::move(said));
}

}  // namespace disburse::cli
