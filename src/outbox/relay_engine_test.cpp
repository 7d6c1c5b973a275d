// The relay with the real engine and the simulated bank, through crashes, refusals of the store and
// gateways that fail: however it goes, a link is paid once and everything comes to an end.
#include <gtest/gtest.h>

#include "core/decide.hpp"
#include "engine/engine.hpp"
#include "notify/captured.hpp"
#include "outbox/test_world.hpp"
#include "rails/sandbox/sandbox_bank.hpp"

namespace disburse::outbox {
namespace {

using namespace testing;
using Bank = rails::SandboxBank;

constexpr int kLinks = 12;
constexpr int kSteps = 400;

// One in three goes wrong while the storm lasts.
class Storm {
 public:
  explicit Storm(std::uint64_t seed) : random_(seed) {
    store_->before_commit([this]() -> core::Result<void> {
      if (strikes()) return core::fail(core::Code::version_conflict);
      return {};
    });
    build();
  }

  // A merchant with money, an endpoint, and links that were claimed with accounts of every kind.
  void begin() {
    raging_ = false;
    core::CreateMerchant create;
    create.name = "Acme";
    create.settings.otp = core::OtpRule::as_asked;
    const auto made = command(create);
    ASSERT_TRUE(made);
    merchant_ = std::get<core::MerchantView>(*made).merchant.id;
    ASSERT_TRUE(command(core::Deposit{merchant_, *core::Money::from_paise(10'000'000), "test"}));
    core::AddEndpoint endpoint;
    endpoint.merchant = merchant_;
    endpoint.dialect = "plain";
    endpoint.url = "https://example.com/hook";
    ASSERT_TRUE(command(endpoint));
    for (int i = 0; i < kLinks; ++i) claim_one(i);
    raging_ = true;
  }

  void claim_one(int number) {
    constexpr std::string_view kAccounts[] = {"123456789012", "41234567890", "61234567890",
                                              "71234567890"};
    core::CreateLink create;
    create.merchant = merchant_;
    create.dialect = "plain";
    create.amount = *core::Money::from_paise(1'000 + number);
    create.reference = "r" + std::to_string(number);
    create.purpose = "refund";
    create.description = "test";
    create.contact_name = "Gaurav Kumar";
    create.phone = "9876543210";
    create.send_sms = true;
    const auto link = command(create);
    ASSERT_TRUE(link) << core::name(link.error().code);
    links_.push_back(std::get<core::LinkView>(*link).link.id);
    core::SubmitClaim submit;
    submit.claim = {merchant_, links_.back()};
    submit.holder_name = "Gaurav Kumar";
    submit.account_number =
        core::SecretText(std::string(kAccounts[static_cast<std::size_t>(number) % 4]));
    submit.ifsc = "HDFC0000001";
    const auto claimed = command(submit);
    ASSERT_TRUE(claimed) << core::name(claimed.error().code);
  }

  void rage() {
    for (int i = 0; i < kSteps; ++i) {
      if (random_.below(40) == 0) program_bank();
      if (random_.below(25) == 0) crash();
      step();
      advance(core::Duration(random_.below(30'000)));
    }
  }

  // The storm is over: a quiet day, in which everything that was put off comes to its end.
  void calm() {
    raging_ = false;
    bank_.program(Bank::Outcome::settle, core::Duration(0), 0);
    for (int i = 0; i < 24 * 12; ++i) {
      for (int j = 0; j < 20; ++j) step();
      advance(std::chrono::minutes(5));
    }
  }

  void step() {
    relay_->poll(clock_.moment());
    engine_->run_batch();
  }

  // What is due by then happens on the way.
  void advance(core::Duration by) {
    const core::Instant until = clock_.now() + by;
    while (!scheduled_.empty() && scheduled_.begin()->first <= until) {
      const auto task = std::move(scheduled_.begin()->second);
      clock_.set(std::max(clock_.now(), scheduled_.begin()->first));
      scheduled_.erase(scheduled_.begin());
      task();
    }
    clock_.set(until);
    engine_->wake();
  }

  core::Result<core::Reply> command(core::Command what) {
    std::optional<core::Result<core::Reply>> reply;
    engine_->submit({std::move(what), [&reply](engine::Outcome out) { reply = out.reply; }});
    while (!reply) engine_->run_batch();
    return *reply;
  }

  // What a kill leaves: the store and the bank.
  void crash() {
    relay_.reset();
    engine_.reset();
    build();
  }

  void build() {
    reader_ = *store_->reader();
    engine_ = std::make_unique<engine::Engine>(*store_, clock_, random_, hash_,
                                               engine::EngineOptions{.conflict_retries = 1});
    EXPECT_TRUE(engine_->start());
    relay_ = std::make_unique<Relay>(parts());
  }

  std::vector<Bank::Paid> paid() const { return bank_.paid(); }
  Relay& relay() { return *relay_; }
  store::Reader& reader() { return *reader_; }
  core::MerchantId merchant() const { return merchant_; }
  const std::vector<core::LinkId>& links() const { return links_; }
  const std::map<std::string, int>& heard() const { return heard_; }

 private:
  bool strikes() { return raging_ && random_.below(3) == 0; }

  void program_bank() {
    constexpr Bank::Outcome kOutcomes[] = {Bank::Outcome::unknown, Bank::Outcome::reverse,
                                           Bank::Outcome::time_out, Bank::Outcome::answer_twice};
    bank_.program(kOutcomes[random_.below(4)], core::Duration(random_.below(60'000)), 1);
  }

  void schedule(core::Duration delay, std::function<void()> task) {
    scheduled_.emplace(clock_.now() + delay, std::move(task));
  }

  void receive(const wire::OutgoingRequest& request,
               const std::function<void(wire::OutgoingAnswer)>& answer) {
    const bool good = !strikes();
    if (good) ++heard_[request.body];
    answer(http_answer(good ? 200 : 503));
  }

  Parts parts() {
    return Parts{
        .reader = *reader_,
        .rails = std::vector<rails::Rail*>(1, &bank_),
        .notifier = inbox_,
        .http = [this](const wire::OutgoingRequest& request,
                       const auto& answer) { receive(request, answer); },
        .ids = ids_,
        .hash = hash_,
        .random = random_,
        .submit =
            [this](core::Command what, auto done) {
              engine_->submit({std::move(what), [done](engine::Outcome out) { done(out.reply); }});
            },
        .find_dialect = find_test_dialect,
        .public_url = "https://pay.example.com"};
  }

  sys::ManualClock clock_;
  sys::SeededRandom random_;
  TestHash hash_;
  core::PublicIds ids_ = test_ids();
  std::unique_ptr<store::MemoryStore> store_ = store::make_memory_store();
  std::multimap<core::Instant, std::function<void()>> scheduled_;
  Bank bank_{clock_, [this](core::Duration delay, std::function<void()> task) {
               schedule(delay, std::move(task));
             }};
  notify::Inbox inbox_;
  bool raging_ = false;
  std::map<std::string, int> heard_;
  core::MerchantId merchant_;
  std::vector<core::LinkId> links_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<Relay> relay_;
};

void check(Storm& storm) {
  std::map<core::PayoutId, int> payments;
  for (const Bank::Paid& paid : storm.paid()) ++payments[paid.payout];
  for (const auto& [payout, count] : payments) EXPECT_EQ(count, 1) << payout.value;
  for (const core::LinkId id : storm.links()) {
    const auto view = storm.reader().find_link(storm.merchant(), id);
    ASSERT_TRUE(view && *view);
    const core::Payout& payout = *(*view)->payout;
    SCOPED_TRACE(std::string(core::name(payout.state)) + " " + (*view)->link.reference);
    const bool ended = payout.state == core::PayoutState::settled ||
                       payout.state == core::PayoutState::refused ||
                       payout.state == core::PayoutState::reversed;
    EXPECT_TRUE(ended);
    const bool paid = payments[payout.id] == 1;
    EXPECT_TRUE(paid || payout.state == core::PayoutState::refused);
  }
  const auto sums = storm.reader().ledger_sums();
  ASSERT_TRUE(sums);
  for (const auto& row : *sums) {
    EXPECT_EQ(row.balances.held, 0);
    EXPECT_EQ(row.balances.available, row.from_postings.available);
    EXPECT_EQ(row.paid_twice, 0u);
  }
  EXPECT_EQ(storm.relay().in_flight(), 0u);
  const auto left = storm.reader().next_due(false);
  ASSERT_TRUE(left);
  EXPECT_FALSE(*left) << "a task is left";
}

TEST(RelayWithEngine, ThroughAStormEachPayoutIsPaidOnceAndEverythingEnds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Storm storm(seed);
    storm.begin();
    storm.rage();
    storm.calm();
    check(storm);
    EXPECT_FALSE(storm.heard().empty());
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace disburse::outbox
