// What the simulator knows: what callers were told, and what may have happened though nobody was
// told (a crash took the answer). Filled in by the life that is lived, read by the auditor, and
// never by the program under test.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/link.hpp"
#include "core/merchant.hpp"

namespace disburse::sim {

// So many were acknowledged, and so many more may have been done.
struct Count {
  std::uint64_t acknowledged = 0;
  std::uint64_t unheard = 0;
  bool allows(std::uint64_t done) const {
    return done >= acknowledged && done <= acknowledged + unheard;
  }
};

// The answer to a request with an idempotency key.
struct KeptAnswer {
  std::string request;
  int status = 0;
  std::string body;
  std::string content_type;
  core::Instant at;
  std::multiset<std::string> unheard = {};  // requests that were sent and never answered
};

struct Shop {
  core::MerchantId id;
  core::Mode mode = core::Mode::test;
  core::Settings settings;
  std::optional<core::Settings> settings_unheard;  // perhaps these, since a crash
  Count creates;
  std::int64_t deposited = 0;          // acknowledged
  std::int64_t deposited_unheard = 0;  // perhaps so much more, since a crash
  core::EndpointId observer;           // hears of every link, and never fails
  core::EndpointId second_observer;    // the same in another language
  std::map<std::string, KeptAnswer> answers;
  std::set<std::string> references;  // of every create that was asked for
  std::string token;                 // for the dialect that signs in
  core::Instant token_until;
};

// A claim token and when it was asked for and given: the clock may have been set in between, and
// the program has decided at one of the two.
struct Proof {
  std::string token;
  core::Instant asked_at;
  core::Instant at;
};

struct KnownLink {
  std::size_t shop = 0;
  core::LinkId id;
  std::string dialect;
  std::int64_t paise = 0;
  std::string phone;
  std::string reference;
  bool held_at_issue = false;
  core::Instant created;
  Count claims;
  Count cancels;
  Count rejections;
  Count otps;        // sent
  Count wrong_otps;  // refused as wrong, each remembered
  Count proofs;
  std::vector<Proof> tokens;  // newest last
  std::string otp_before;     // what its recipient had heard when the last one was asked for
  // When it ends, as the create and the extensions said; those of which nobody heard are possible.
  bool end_known = false;
  std::optional<core::Instant> end;
  std::vector<std::optional<core::Instant>> ends_unheard;
  // What the auditor saw last.
  std::vector<core::History> history;
  std::map<core::PayoutId, core::Payout> payouts;
};

// A broken promise.
struct Violation {
  int invariant = 0;
  std::string what;
};

// What a secret is tells where it may be shown.
enum class Secret : std::uint8_t { otp, claim_token, account, signing, credential };

class Model {
 public:
  std::deque<Shop> shops;
  std::deque<KnownLink> links;  // in the order in which they were acknowledged or seen
  std::map<std::string, Secret, std::less<>> secrets;
  std::set<std::int64_t> sums;  // of all links that were asked for
  core::Duration set_back{0};   // so much the clock was set back in all
  Count acts;                   // of operators: each leaves a row in their log
  std::optional<Violation> violation;
  // What is told of in the trace and in statistics.
  std::map<std::string, std::uint64_t, std::less<>> tally;

  // The first one counts; what follows may follow from it.
  void blame(int invariant, std::string what) {
    if (!violation) violation = Violation{invariant, std::move(what)};
  }
  void count(std::string_view what) {
    const auto at = tally.find(what);
    if (at == tally.end())
      tally.emplace(what, 1);
    else
      ++at->second;
  }
  KnownLink* find(core::MerchantId merchant, core::LinkId id) {
    for (KnownLink& link : links) {
      if (link.id == id && shops[link.shop].id == merchant) return &link;
    }
    return nullptr;
  }
  void keep_secret(Secret kind, std::string_view text) {
    if (text.size() >= 6) secrets.emplace(text, kind);
  }
};

}  // namespace disburse::sim
