// Three engines at once over a real PostgreSQL, on threads of their own, and the simulator's
// auditor as the judge: what callers were told is what is there, and every invariant holds.
//
// One engine is the world's, which also runs the relay, the bank and the webhooks; it and the two
// others get the same links at the same time. Which of them is first is the machine's to say, so
// this is no life from a seed.
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "core/otp.hpp"
#include "engine/engines.hpp"
#include "sim/auditor.hpp"
#include "store/contract/test_postgres.hpp"
#include "store/postgres/postgres_store.hpp"

namespace disburse::sim {
namespace {

constexpr std::uint64_t kLinks = 60;
constexpr std::uint64_t kRounds = 3;  // so many in the short form
constexpr std::uint64_t kRoundsLong = 60;
constexpr std::int64_t kPaise = 12'500;
constexpr std::string_view kAddress = "203.0.113.9";

std::unique_ptr<store::Store> open_store(const std::string& url) {
  auto opened = store::open_postgres(
      {.url = url, .master = store::test_master_key(), .random = store::test_random()});
  EXPECT_TRUE(opened) << opened.error().detail;
  return std::move(*opened);
}

class Contest : public ::testing::Test {
 protected:
  Contest() {
    Shop shop;
    shop.id = world_.merchant();
    const auto there = world_.reader().find_merchant(shop.id);
    shop.settings = (*there)->merchant.settings;
    shop.mode = (*there)->merchant.mode;
    shop.deposited = (*there)->balances.deposited;
    shop.observer = observe("razorpay");
    shop.second_observer = observe("payu");
    model_.shops.push_back(std::move(shop));
    model_.acts.unheard = 1'000;  // the world's own, before
    std::vector<std::unique_ptr<engine::Engine>> others;
    for (unsigned node = 1; node <= 2; ++node) {
      stores_.push_back(open_store(url_));
      engine::EngineOptions options;
      options.node = node;
      options.limit_addresses = false;
      options.conflict_retries = 1'000;
      others.push_back(std::make_unique<engine::Engine>(*stores_.back(), world_.clock(), random_,
                                                        world_.keys().hash, options));
      EXPECT_TRUE(others.back()->start());
    }
    others_ = std::make_unique<engine::Engines>(std::move(others));
    others_->run();
    time_ = std::thread([this] { pass_time(); });
  }
  ~Contest() override {
    others_->stop();
    {
      const std::lock_guard guard(lock_);
      over_ = true;
    }
    ended_.notify_one();
    time_.join();
  }

  // Time passes while they work, as it does for real nodes: what one has done is a moment later
  // another's past. In a moment that lasts, ids of several makers would have no order.
  void pass_time() {
    std::unique_lock guard(lock_);
    while (!ended_.wait_for(guard, std::chrono::milliseconds(1), [this] { return over_; }))
      world_.clock().advance(std::chrono::milliseconds(2));
  }

  core::EndpointId observe(std::string_view dialect) {
    core::AddEndpoint add;
    add.merchant = world_.merchant();
    add.dialect = dialect;
    add.url = "http://observer.example/";
    add.all_links = true;
    if (dialect == "razorpay") {  // of payouts it does not want to hear
      for (const char* state :
           {"issued", "processing", "processed", "attempted", "cancelled", "expired"}) {
        add.events.push_back(std::string("payout_link.") + state);
      }
    }
    return std::get<core::Endpoint>(*world_.command(add)).id;
  }

  // To one of the three, whoever's turn it is.
  using Told = std::function<void(const core::Result<core::Reply>&)>;
  void ask(core::Command command, Told told) {
    const auto heard = [this, told = std::move(told)](const core::Result<core::Reply>& reply) {
      const std::lock_guard guard(lock_);
      told(reply);
      ++answered_;
    };
    ++asked_;
    if (asked_ % 3 == 0) return world_.begin_command(std::move(command), heard);
    others_->submit({std::move(command), [heard](const engine::Outcome& o) { heard(o.reply); }});
  }
  // All of them at work, until everything is answered and the world is at rest.
  void work() {
    const auto done = [this] {
      const std::lock_guard guard(lock_);
      return answered_ == asked_;
    };
    while (!done()) world_.step();
    ASSERT_TRUE(world_.settle());
  }

  void create(std::uint64_t round) {
    for (std::uint64_t i = 0; i < kLinks; ++i) {
      core::CreateLink link;
      link.merchant = world_.merchant();
      link.dialect = "razorpay";
      link.amount = *core::Money::from_paise(kPaise);
      link.reference = "contest-" + std::to_string(round) + "-" + std::to_string(i);
      link.contact_name = "Gaurav Kumar";
      link.phone = std::to_string(9'000'000'000 + round * kLinks + i);
      // A third ends before anybody has claimed it; the timers are everybody's.
      if (i % 3 == 0) link.expires_at = world_.now() + std::chrono::minutes(10);
      ask(link, [this](const auto& reply) {
        ASSERT_TRUE(reply) << core::name(reply.error().code);
        note_made(std::get<core::LinkView>(*reply));
      });
    }
    work();
  }
  void note_made(const core::LinkView& view) {
    KnownLink link;
    link.id = view.link.id;
    link.dialect = view.link.dialect;
    link.paise = kPaise;
    link.phone = view.contact.phone;
    link.reference = view.link.reference;
    link.created = view.link.created_at;
    model_.links.push_back(std::move(link));
    ++model_.shops.front().creates.acknowledged;
  }

  core::Claim claim(const KnownLink& link) { return {world_.merchant(), link.id}; }
  std::uint64_t nonce(const KnownLink& link) {
    const auto view = world_.reader().find_link(world_.merchant(), link.id);
    return view && *view ? (*view)->link.otp.nonce : 0;
  }

  void send_otps(std::size_t first) {
    for (std::size_t i = first; i < model_.links.size(); ++i) {
      KnownLink& link = model_.links[i];
      for (int times = 0; times < 2; ++times) {
        ask(core::SendOtp{claim(link), core::Channel::sms, std::string(kAddress)},
            [&link](const auto& reply) { link.otps.acknowledged += reply ? 1 : 0; });
      }
    }
    work();
  }
  void prove(std::size_t first) {
    tokens_.resize(model_.links.size());
    for (std::size_t i = first; i < model_.links.size(); ++i) {
      KnownLink& link = model_.links[i];
      const core::SecretText otp = core::otp_digits(world_.keys().hash, link.id, nonce(link));
      for (int times = 0; times < 2; ++times) {
        ask(core::VerifyOtp{claim(link), otp, std::string(kAddress)},
            [this, i, &link](const auto& reply) {
              if (!reply) return;
              ++link.proofs.acknowledged;
              tokens_[i] = std::get<core::OtpVerified>(*reply).claim_token;
            });
      }
    }
    work();
  }
  // Two cancels, two claims, and for a third of the links their end.
  void contest(std::size_t first) {
    world_.clock().advance(std::chrono::minutes(10));
    for (std::size_t i = first; i < model_.links.size(); ++i) {
      KnownLink& link = model_.links[i];
      core::SubmitClaim submit;
      submit.claim = claim(link);
      submit.claim_token = tokens_[i];
      submit.holder_name = "Gaurav Kumar";
      submit.account_number = core::SecretText(i % 5 == 0 ? "41234567890" : "51234567890");
      submit.ifsc = "HDFC0001234";
      core::CancelLink cancel{
          .merchant = world_.merchant(), .link = {link.id, {}}, .actor = "test"};
      for (int times = 0; times < 2; ++times) {
        ask(submit, [&link](const auto& reply) { link.claims.acknowledged += reply ? 1 : 0; });
        ask(cancel, [&link](const auto& reply) { link.cancels.acknowledged += reply ? 1 : 0; });
      }
    }
    others_->wake();
    work();
  }

  // A day of quiet, so that the bank and the receivers have said all that they will.
  void rest() {
    for (int hour = 0; hour < 24; ++hour) {
      world_.advance(std::chrono::hours(1));
      others_->wake();
    }
    while (others_->waiting() > 0) world_.step();
    ASSERT_TRUE(world_.settle());
  }

  const std::string url_ = store::TemporaryPostgres::server().fresh_url();
  world::World world_{[this] {
    world::WorldOptions options;
    options.open_store = [this] { return open_store(url_); };
    return options;
  }()};
  Model model_;
  Trace trace_;
  Auditor auditor_{world_, model_, trace_};
  sys::RealRandom random_;
  std::vector<std::unique_ptr<store::Store>> stores_;
  std::unique_ptr<engine::Engines> others_;
  std::vector<core::SecretText> tokens_;
  std::mutex lock_;
  std::condition_variable ended_;
  bool over_ = false;
  std::thread time_;
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
};

TEST_F(Contest, OfThreeEnginesOverPostgresqlKeepsEveryPromise) {
  const std::uint64_t rounds = std::getenv("DISBURSE_LONG") != nullptr ? kRoundsLong : kRounds;
  for (std::uint64_t round = 0; round < rounds && !model_.violation; ++round) {
    const std::size_t first = model_.links.size();
    create(round);
    send_otps(first);
    prove(first);
    contest(first);
    auditor_.after_step();
  }
  rest();
  if (!model_.violation) auditor_.at_rest(true);
  EXPECT_FALSE(model_.violation) << "invariant " << model_.violation->invariant << ": "
                                 << model_.violation->what;
  std::uint64_t claims = 0;
  std::uint64_t cancels = 0;
  for (const KnownLink& link : model_.links) {
    EXPECT_LE(link.claims.acknowledged + link.cancels.acknowledged, 1U) << link.reference;
    claims += link.claims.acknowledged;
    cancels += link.cancels.acknowledged;
  }
  EXPECT_GT(claims, 0U);
  EXPECT_GT(cancels, 0U);
  EXPECT_LT(claims + cancels, model_.links.size()) << "some have expired";
  EXPECT_GT(others_->counts().commits, 0U);
  EXPECT_GT(world_.engine().commits(), 0U);
}

}  // namespace
}  // namespace disburse::sim
