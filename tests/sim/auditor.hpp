// Believes nobody: reads the store through its Reader, the bank's books and what was sent, and
// compares with what callers were told. Uses no decision, table or sum of the program.
//
// Threads: one.
#pragma once

#include <string>
#include <vector>

#include "sim/expect.hpp"
#include "sim/model.hpp"
#include "sim/trace.hpp"
#include "world/world.hpp"

namespace disburse::sim {

class Auditor {
 public:
  Auditor(world::World& world, Model& model, Trace& trace)
      : world_(world), model_(model), trace_(trace) {}

  // The invariants that hold at any time.
  void after_step();
  // After a quiet period: nothing is on its way any more.
  void at_rest(bool is_last);

 private:
  // What a link's history adds up to, by the auditor's own reading.
  struct Reading {
    core::LinkState state = core::LinkState::none;
    std::uint64_t claims = 0;
    std::uint64_t cancels = 0;
    std::uint64_t rejections = 0;
    std::uint64_t otps = 0;
    std::uint64_t wrong_otps = 0;
    std::uint64_t proofs = 0;
    OtpReading otp;
    bool verified = false;  // the account of the last claim
    bool reversed = false;
    bool late_claim = false;        // a claim lies behind the end that the link has now
    std::vector<std::string> told;  // the observer's events, in order
    std::uint64_t told_second = 0;  // how many the second observer hears
  };

  void check_shop(std::size_t number);
  void check_settings(Shop& shop);
  void check_references(std::size_t shop);
  void check_link(KnownLink& link, const core::Story& story);
  void check_acknowledged(KnownLink& link, const core::Story& story, const Reading& reading);
  void check_counts(const KnownLink& link, const core::Story& story, const Reading& reading);
  void adopt(std::size_t shop, const core::LinkView& view);

  // audit_story.cpp: invariants 2, 3, 4
  Reading read(const KnownLink& link, const core::Story& story);
  void read_row(const KnownLink& link, const core::Story& story, const core::History& history,
                Reading& reading);
  void read_verified(const KnownLink& link, const core::Story& story, const core::History& history);
  void read_change(const KnownLink& link, const core::Link& row, const core::History& history,
                   Reading& reading);
  void check_history_kept(KnownLink& link, const core::Story& story);
  void check_payouts(KnownLink& link, const core::Story& story, const Reading& reading);

  // audit_webhooks.cpp: invariants 4, 8
  void check_announcements(const KnownLink& link, const core::Story& story, const Reading& reading);
  void check_deliveries(const KnownLink& link, const core::Story& story);
  void check_webhooks();

  // audit_money.cpp: invariants 1, 2, 6
  struct Sums {
    std::int64_t held = 0;
    std::int64_t released = 0;
    std::int64_t settled = 0;
    std::int64_t reversed = 0;
  };
  void add_postings(const KnownLink& link, const core::Story& story, const Reading& reading,
                    Sums& sums);
  void check_balances(Shop& shop, const Sums& sums);
  void check_bank();
  void check_programs_own_sums();
  void check_bank_at_rest(const std::map<std::string, std::pair<int, int>>& books);
  std::map<std::string, std::pair<int, int>> books() const;

  // auditor.cpp
  void check_rows_of_audit();
  void check_tasks_at_rest();

  world::World& world_;
  Model& model_;
  Trace& trace_;
  std::vector<core::Task> outbox_;  // all of it, as read for this audit
  std::uint64_t last_audit_row_ = 0;
  std::uint64_t audit_rows_ = 0;
  std::map<std::string, std::string> bodies_;  // what was sent under each event id
  std::set<core::DeliveryId> seen_;
  Sums sums_;
};

}  // namespace disburse::sim
