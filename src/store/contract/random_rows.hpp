// Rows with random contents for tests: every field filled, every text awkward, all from one seed.
//
// Threads: one.
#pragma once

#include "core/changes.hpp"
#include "core/decide.hpp"
#include "sys/random.hpp"

namespace disburse::store {

class RandomRows {
 public:
  explicit RandomRows(std::uint64_t seed) : random_(seed) {}

  // Rising, as the engine's are.
  template <class AnyId>
  AnyId id() {
    return AnyId{next_id()};
  }
  std::uint64_t next_id();
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  bool coin() { return below(2) == 0; }
  core::Instant instant();
  core::Money money();
  std::string text(std::size_t longest = 24);   // valid UTF-8, quotes and percent signs among it
  std::string bytes(std::size_t longest = 40);  // anything, zeros too
  std::string phone();
  std::string email();

  core::Merchant merchant(std::uint32_t number);
  core::Contact contact(core::MerchantId merchant);
  core::FundAccount fund_account(const core::Contact& contact);
  core::Link link(const core::Contact& contact);
  core::Payout payout(const core::Link& link, const core::FundAccount& account);
  core::History history(const core::Link& link, std::uint32_t number);
  core::Posting posting(const core::Link& link, core::PayoutId payout);
  core::Balances balances(core::MerchantId merchant, std::uint32_t version);
  core::Task task(core::MerchantId merchant);
  core::Endpoint endpoint(core::MerchantId merchant);
  core::Delivery delivery(const core::Link& link, core::EndpointId endpoint);
  core::Attempt attempt(const core::Delivery& delivery, std::uint32_t number);
  core::StoredReply reply(core::MerchantId merchant);
  core::Counter counter(core::MerchantId merchant);
  core::Credential credential(core::MerchantId merchant);
  core::RefreshToken refresh_token(core::MerchantId merchant);
  core::AuditRow audit(core::MerchantId merchant);

  // A batch that makes a whole link: contact, two tasks, history, and so on.
  core::Changes create(core::MerchantId merchant) { return creates(merchant, 1); }
  core::Changes creates(core::MerchantId merchant, std::uint64_t count);
  // A batch with at least two rows of every kind, for the merchants 1 and 2.
  core::Changes everything();
  // The same rows, the next version of each that can change.
  core::Changes changed(core::Changes changes);

 private:
  template <class Enum>
  Enum any(Enum last) {
    return static_cast<Enum>(below(static_cast<std::uint64_t>(last) + 1));
  }
  std::optional<core::Instant> maybe_instant();
  std::vector<std::string> texts();
  core::Notes pairs();
  core::OtpState otp();
  void add_merchant(core::MerchantId id, core::Changes& changes);

  sys::SeededRandom random_;
  std::uint64_t last_id_ = std::uint64_t{20'000'000'000} << 16;  // in 2024
};

// What a batch would ask for to get all rows of the changes back.
core::Keys keys_of(const core::Changes& changes);

}  // namespace disburse::store
