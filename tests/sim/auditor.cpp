// One audit: every link of every shop, then money, bank, webhooks and the operators' log.
#include "sim/auditor.hpp"

#include <algorithm>
#include <limits>

#include "sim/words.hpp"

namespace disburse::sim {
namespace {

constexpr core::Instant kEndOfTime =
    core::Instant::from_ms(std::numeric_limits<std::int64_t>::max() / 4);
constexpr std::uint32_t kAllTasks = 1'000'000;

}  // namespace

void Auditor::after_step() {
  const auto tasks = world_.reader().due_tasks(false, kEndOfTime, kAllTasks);
  outbox_ = tasks ? *tasks : std::vector<core::Task>{};
  for (std::size_t i = 0; i < model_.shops.size(); ++i) check_shop(i);
  check_bank();
  check_webhooks();
  check_rows_of_audit();
}

// Settings are what was set, and nothing else changes them.
void Auditor::check_settings(Shop& shop) {
  const auto view = world_.reader().find_merchant(shop.id);
  if (!view || !*view) return model_.blame(1, "a merchant is gone");
  const core::Settings& there = (*view)->merchant.settings;
  if (shop.settings_unheard && there == *shop.settings_unheard) shop.settings = there;
  shop.settings_unheard.reset();
  if (there != shop.settings) model_.blame(3, "a merchant's settings are not what was set");
  if ((*view)->merchant.mode != shop.mode) model_.blame(3, "a merchant has changed its mode");
}

void Auditor::check_shop(std::size_t number) {
  Shop& shop = model_.shops[number];
  check_settings(shop);
  std::uint64_t there = 0;
  sums_ = Sums{};
  for (std::uint32_t skip = 0;; skip += core::limits::kPageSize) {
    const auto page = world_.reader().list_links(
        {shop.id, {}, skip, core::limits::kPageSize, false}, world_.now());
    if (!page) return model_.blame(3, "the store cannot be read");
    for (const core::LinkView& view : page->links) {
      ++there;
      if (model_.find(shop.id, view.link.id) == nullptr) adopt(number, view);
      const auto story = world_.reader().link_story(shop.id, view.link.id);
      if (!story || !*story) return model_.blame(3, "a listed link has no story");
      check_link(*model_.find(shop.id, view.link.id), **story);
    }
    if (page->links.size() < core::limits::kPageSize) break;
  }
  if (!shop.creates.allows(there))
    model_.blame(5, std::to_string(there) + " links are there, " +
                        std::to_string(shop.creates.acknowledged) + " were acknowledged and " +
                        std::to_string(shop.creates.unheard) + " may be there");
  for (const KnownLink& link : model_.links) {
    if (link.shop != number) continue;
    const auto found = world_.reader().find_link(shop.id, link.id);
    if (!found || !*found) model_.blame(3, link.reference + " was acknowledged and is not there");
  }
  check_references(number);
  check_balances(shop, sums_);
}

// A link that PayU made is the first with its reference.
void Auditor::check_references(std::size_t shop) {
  std::map<std::string_view, core::LinkId> first;
  for (const KnownLink& link : model_.links) {
    if (link.shop != shop || link.reference.empty()) continue;
    const auto [at, is_new] = first.try_emplace(link.reference, link.id);
    at->second = std::min(at->second, link.id);
  }
  for (const KnownLink& link : model_.links) {
    if (link.shop == shop && link.dialect == "payu" && first[link.reference] < link.id)
      model_.blame(5, link.reference + " was given to a second link through PayU");
  }
}

// A link of a call whose answer was lost.
void Auditor::adopt(std::size_t shop, const core::LinkView& view) {
  KnownLink link;
  link.shop = shop;
  link.id = view.link.id;
  link.dialect = view.link.dialect;
  link.paise = view.link.amount.paise();
  link.phone = view.contact.phone;
  link.reference = view.link.reference;
  link.held_at_issue = model_.shops[shop].settings.hold == core::HoldAt::issue;
  link.created = view.link.created_at;
  model_.links.push_back(std::move(link));
  model_.count("links that nobody was told of");
}

void Auditor::check_link(KnownLink& link, const core::Story& story) {
  const core::Link& row = story.view.link;
  trace_.hash_in(std::to_string(row.id.value) + core::name(row.state).data() +
                 std::to_string(row.version));
  const Reading reading = read(link, story);
  check_acknowledged(link, story, reading);
  check_history_kept(link, story);
  check_payouts(link, story, reading);
  check_announcements(link, story, reading);
  check_deliveries(link, story);
  add_postings(link, story, reading, sums_);
}

void Auditor::check_acknowledged(KnownLink& link, const core::Story& story,
                                 const Reading& reading) {
  const core::Link& row = story.view.link;
  const auto blame = [&](int invariant, const std::string& what) {
    model_.blame(invariant, link.reference + " " + what);
  };
  if (row.amount.paise() != link.paise || row.reference != link.reference ||
      row.dialect != link.dialect)
    blame(3, "is not what was asked for");
  const auto unheard =
      std::find(link.ends_unheard.begin(), link.ends_unheard.end(), row.expires_at);
  if (!link.end_known || unheard != link.ends_unheard.end()) link.end = row.expires_at;
  link.end_known = true;
  if (row.expires_at != link.end) blame(3, "ends at another time than was asked for");
  if (row.state != reading.state)
    blame(3, "is " + std::string(core::name(row.state)) + " where its history ends at " +
                 std::string(core::name(reading.state)));
  check_counts(link, story, reading);
}

// Whatever was acknowledged is there, and nothing that nobody asked for.
void Auditor::check_counts(const KnownLink& link, const core::Story& story,
                           const Reading& reading) {
  const auto compare = [&](int invariant, const Count& count, std::uint64_t done,
                           std::string_view what) {
    if (count.allows(done)) return;
    model_.blame(invariant, link.reference + " was " + std::string(what) + " " +
                                std::to_string(done) + " times, acknowledged " +
                                std::to_string(count.acknowledged) + ", unheard " +
                                std::to_string(count.unheard));
  };
  compare(3, link.claims, reading.claims, "claimed");
  compare(3, link.cancels, reading.cancels, "cancelled");
  compare(3, link.rejections, reading.rejections, "rejected");
  compare(3, link.otps, reading.otps, "sent a one-time password");
  compare(2, link.wrong_otps, reading.wrong_otps, "given a wrong one-time password");
  compare(2, link.proofs, reading.proofs, "proven");
  if (story.view.link.attempts != reading.claims)
    model_.blame(3, link.reference + " counts attempts that are not its claims");
}

void Auditor::check_rows_of_audit() {
  const auto rows = world_.reader().audit_rows(last_audit_row_, 1'000);
  if (!rows) return;
  for (const core::AuditRow& row : *rows) {
    check_words(model_, row.detail, "the operators' log");
    check_words(model_, row.actor, "the operators' log");
    last_audit_row_ = std::max(last_audit_row_, row.id);
    ++audit_rows_;
  }
  if (!model_.acts.allows(audit_rows_))
    model_.blame(3, "the operators' log has " + std::to_string(audit_rows_) +
                        " rows, acknowledged " + std::to_string(model_.acts.acknowledged) +
                        ", unheard " + std::to_string(model_.acts.unheard));
}

void Auditor::at_rest(bool is_last) {
  after_step();
  check_tasks_at_rest();
  check_bank_at_rest(books());
  check_programs_own_sums();
  for (const KnownLink& link : model_.links) {
    const auto story = world_.reader().link_story(model_.shops[link.shop].id, link.id);
    if (!story || !*story) continue;
    for (const core::Payout& payout : (*story)->payouts) {
      using enum core::PayoutState;
      if (payout.state != settled && payout.state != refused && payout.state != reversed &&
          payout.state != cancelled)
        model_.blame(
            7, link.reference + " has a payout for ever " + std::string(core::name(payout.state)));
    }
    for (const core::Delivery& delivery : (*story)->deliveries) {
      if (delivery.state != core::DeliveryState::delivered &&
          delivery.state != core::DeliveryState::given_up)
        model_.blame(7, link.reference + " has a delivery of " + delivery.event + " for ever " +
                            std::string(core::name(delivery.state)));
    }
    const core::Link& row = (*story)->view.link;
    if (row.state == core::LinkState::processing)
      model_.blame(7, link.reference + " is for ever processing");
    if (core::state_at(row, world_.now()) != row.state)
      model_.blame(
          7, link.reference + " is past its time and still " + std::string(core::name(row.state)));
    if (is_last) model_.count("end: " + std::string(core::name(row.state)));
  }
}

void Auditor::check_tasks_at_rest() {
  if (world_.relay().in_flight() != 0) model_.blame(7, "the relay still carries something");
  for (const core::Task& task : outbox_) {
    model_.blame(7, "a task is left for ever: " + std::string(core::name(task.kind)) +
                        (task.due_at > world_.now() ? ", due later" : ", due"));
  }
  const auto timers = world_.reader().due_tasks(true, kEndOfTime, kAllTasks);
  if (!timers) return;
  for (const core::Task& task : *timers) {
    if (task.due_at <= world_.now())
      model_.blame(7, "a timer is overdue: " + std::string(core::name(task.kind)));
    if (task.kind == core::TaskKind::retry_queued) model_.blame(7, "a payout waits for money");
  }
}

}  // namespace disburse::sim
