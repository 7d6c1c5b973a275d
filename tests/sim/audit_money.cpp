// Money: the ledger by the auditor's own sums, and the bank's books.
#include <map>

#include "sim/auditor.hpp"

namespace disburse::sim {
namespace {

using core::LedgerMove;
using core::LinkState;
using core::PayoutState;

bool is_open(LinkState state) {
  return state == LinkState::pending || state == LinkState::scheduled ||
         state == LinkState::issued || state == LinkState::processing;
}

}  // namespace

// Every link by itself: what is held for it is what it promises.
void Auditor::add_postings(const KnownLink& link, const core::Story& story, const Reading& reading,
                           Sums& sums) {
  std::int64_t held = 0;
  std::int64_t paid = 0;
  for (const core::Posting& posting : story.postings) {
    const std::int64_t sum = posting.amount.paise();
    if (sum != link.paise) model_.blame(1, link.reference + " has a posting of another sum");
    switch (posting.move) {
      case LedgerMove::deposit:
        model_.blame(1, link.reference + " has a deposit");
        break;
      case LedgerMove::hold:
        held += sum;
        sums.held += sum;
        break;
      case LedgerMove::release:
        held -= sum;
        sums.released += sum;
        break;
      case LedgerMove::settle:
        held -= sum;
        paid += sum;
        sums.settled += sum;
        break;
      case LedgerMove::reverse:
        paid -= sum;
        sums.reversed += sum;
        break;
    }
    if (held < 0 || paid < 0 || held > link.paise || paid > link.paise)
      model_.blame(1, link.reference + " takes an account below its floor");
  }
  bool in_flight = false;
  for (const core::Payout& payout : story.payouts)
    in_flight |= payout.state == PayoutState::created || payout.state == PayoutState::sent ||
                 payout.state == PayoutState::unknown;
  const bool promised = link.held_at_issue && is_open(reading.state);
  if (held != (promised || in_flight ? link.paise : 0))
    model_.blame(6, link.reference + " is " + std::string(core::name(reading.state)) +
                        (promised ? ", promised" : "") + (in_flight ? ", in flight" : "") +
                        " and holds " + std::to_string(held) + " of " + std::to_string(link.paise));
  if (story.view.link.held != promised)
    model_.blame(6, link.reference + " does not know whether it is promised");
  const bool kept = reading.state == LinkState::processed && !reading.reversed;
  if (paid != (kept ? link.paise : 0))
    model_.blame(1, link.reference + " is " + std::string(core::name(reading.state)) +
                        " and has paid " + std::to_string(paid));
}

void Auditor::check_balances(Shop& shop, const Sums& sums) {
  const auto view = world_.reader().find_merchant(shop.id);
  if (!view || !*view) return model_.blame(1, "a merchant is gone");
  const core::Balances& there = (*view)->balances;
  const std::int64_t held = sums.held - sums.released - sums.settled;
  const std::int64_t paid = sums.settled - sums.reversed;
  const std::string of = "merchant " + std::to_string(shop.id.value);
  // A deposit of which nobody heard is there or not, and then that is how it stays.
  if (there.deposited == shop.deposited + shop.deposited_unheard) shop.deposited = there.deposited;
  shop.deposited_unheard = 0;
  if (there.deposited != shop.deposited)
    model_.blame(1, of + " has deposited " + std::to_string(there.deposited) + ", not " +
                        std::to_string(shop.deposited));
  if (there.held != held || there.paid != paid || there.available != shop.deposited - held - paid)
    model_.blame(1, of + " has balances that are not the sums of its postings");
  if (there.available < 0 || there.held < 0 || there.paid < 0)
    model_.blame(1, of + " has an account below its floor");
  trace_.hash_in(std::to_string(there.available) + "," + std::to_string(there.held));
}

// By key: how often money went out, and how often it came back.
std::map<std::string, std::pair<int, int>> Auditor::books() const {
  std::map<std::string, std::pair<int, int>> books;
  for (const rails::SandboxBank::Paid& paid : world_.bank().paid()) {
    auto& [out, back] = books[paid.key];
    ++out;
    if (paid.reversed) ++back;
  }
  return books;
}

void Auditor::check_bank() {
  const std::map<std::string, std::pair<int, int>> all = books();
  std::uint64_t known = 0;
  for (const KnownLink& link : model_.links) {
    int gone = 0;
    for (const auto& [id, payout] : link.payouts) {
      const auto at = all.find(payout.key);
      const auto [out, back] = at == all.end() ? std::pair(0, 0) : at->second;
      known += at != all.end() ? 1 : 0;
      if (out > 1) model_.blame(2, link.reference + " left the bank twice with one key");
      gone += out - back;
      if (payout.state == PayoutState::settled && out == 0)
        model_.blame(2, link.reference + " is settled and never left the bank");
      if (payout.state == PayoutState::refused && out > back)
        model_.blame(2, link.reference + " failed, and its money has left the bank");
      const bool unsent =
          payout.state == PayoutState::created || payout.state == PayoutState::queued;
      if (unsent && out > 0) model_.blame(2, link.reference + " left the bank before it was sent");
      if (payout.state == PayoutState::reversed && back == 0)
        model_.blame(2, link.reference + " is reversed, and the bank knows nothing of it");
    }
    if (gone > 1) model_.blame(2, link.reference + " left the bank twice");
  }
  if (known != all.size()) model_.blame(2, "the bank paid under a key that is stored nowhere");
}

// Nothing is on its way, so books and store say the same.
void Auditor::check_bank_at_rest(const std::map<std::string, std::pair<int, int>>& all) {
  for (const KnownLink& link : model_.links) {
    for (const auto& [id, payout] : link.payouts) {
      const auto at = all.find(payout.key);
      const int gone = at == all.end() ? 0 : at->second.first - at->second.second;
      if ((payout.state == PayoutState::settled) != (gone == 1))
        model_.blame(2, link.reference + " has a payout that is " +
                            std::string(core::name(payout.state)) + " while the bank has " +
                            (gone == 1 ? "paid" : "not paid"));
    }
  }
}

// What `disburse ledger verify` adds up must agree with all this.
void Auditor::check_programs_own_sums() {
  const auto all = world_.reader().ledger_sums();
  if (!all) return model_.blame(1, "the ledger cannot be added up");
  for (const store::Reader::LedgerSums& sums : *all) {
    const core::Balances& kept = sums.balances;
    const core::Balances& added = sums.from_postings;
    const std::string of = "merchant " + std::to_string(kept.merchant.value);
    if (kept.deposited != added.deposited || kept.held != added.held || kept.paid != added.paid ||
        kept.available != added.available)
      model_.blame(1, of + " has balances that are not what the ledger adds up to");
    if (kept.held != sums.in_flight + sums.held_links)
      model_.blame(6, of + " holds another sum than is promised and in flight");
    if (sums.paid_twice != 0) model_.blame(2, of + " has a link that was paid twice");
  }
}

}  // namespace disburse::sim
