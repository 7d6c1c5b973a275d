// An engine over a memory store, with a clock that stands still and random numbers from a seed.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/otp.hpp"
#include "engine/engine.hpp"
#include "store/memory/memory_store.hpp"
#include "sys/crypto.hpp"

namespace disburse::engine {

class TestHash final : public core::KeyedHash {
 public:
  Hash operator()(std::string_view bytes) const override { return key_.sign(bytes); }

 private:
  sys::HmacKey key_{sys::ByteView("a key for tests")};
};

// The name of a refusal's code; "taken" when there was none.
inline std::string_view answer_of(const core::Result<core::Reply>& reply) {
  return reply ? "taken" : core::name(reply.error().code);
}

class Bench {
 public:
  static constexpr core::MerchantId kMerchant{1};

  sys::ManualClock clock;
  sys::SeededRandom random{7};
  TestHash hash;
  std::unique_ptr<store::MemoryStore> store;
  EngineOptions options;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<store::Reader> reader;

  explicit Bench(EngineOptions with = {})
      : store(store::make_memory_store()), options(std::move(with)) {
    restart();
    core::CreateMerchant create;
    create.name = "Shop";
    EXPECT_EQ(ask(create), "taken");
    deposit(1'000'000'00);
  }

  // Another engine over what is stored, as after a restart.
  void restart() {
    engine = std::make_unique<Engine>(*store, clock, random, hash, options);
    EXPECT_TRUE(engine->start());
    auto opened = store->reader();
    ASSERT_TRUE(opened);
    reader = std::move(*opened);
  }

  // Queues a command; its outcome will be in the list that is returned, once its batch has run.
  using Outcomes = std::vector<Outcome>;
  void queue(const core::Command& command, Outcomes& into,
             std::optional<Idempotency> idempotency = {}) {
    Request request{command, [&into](Outcome outcome) { into.push_back(std::move(outcome)); },
                    kMerchant, std::move(idempotency)};
    engine->submit(std::move(request));
  }
  // A batch of its own for one command.
  Outcome run(const core::Command& command, std::optional<Idempotency> idempotency = {}) {
    Outcomes outcomes;
    queue(command, outcomes, std::move(idempotency));
    engine->run_batch();
    EXPECT_EQ(outcomes.size(), 1U) << "each command is answered once";
    return outcomes.empty() ? Outcome{} : outcomes.front();
  }
  std::string_view ask(const core::Command& command) { return answer_of(run(command).reply); }

  void deposit(std::int64_t paise) {
    EXPECT_EQ(ask(core::Deposit{kMerchant, *core::Money::from_paise(paise), "operator:test"}),
              "taken");
  }
  // What happens is announced from now on.
  void listen() {
    core::AddEndpoint add;
    add.merchant = kMerchant;
    add.dialect = "house";
    add.url = "https://example.com/";
    EXPECT_EQ(ask(add), "taken");
  }
  static core::CreateLink request(std::string reference = {}) {
    core::CreateLink create;
    create.merchant = kMerchant;
    create.dialect = "house";
    create.amount = *core::Money::from_paise(10'000);
    create.reference = std::move(reference);
    create.contact_name = "Rahul Kumar";
    create.phone = "+919876543210";
    return create;
  }
  core::LinkId create(const core::CreateLink& command) {
    const Outcome outcome = run(command);
    EXPECT_EQ(answer_of(outcome.reply), "taken");
    return outcome.reply ? std::get<core::LinkView>(*outcome.reply).link.id : core::LinkId{};
  }
  core::Link link(core::LinkId id) const {
    auto found = reader->find_link(kMerchant, id);
    EXPECT_TRUE(found && *found);
    return found && *found ? (*found)->link : core::Link{};
  }
  core::Balances money() const {
    auto found = reader->find_merchant(kMerchant);
    EXPECT_TRUE(found && *found);
    return found && *found ? (*found)->balances : core::Balances{};
  }
  std::vector<core::Task> outbox(core::TaskKind kind) const {
    std::vector<core::Task> found;
    const auto due = reader->due_tasks(false, clock.now() + std::chrono::hours(24), 100'000);
    EXPECT_TRUE(due);
    for (const core::Task& task : *due) {
      if (task.kind == kind) found.push_back(task);
    }
    return found;
  }
  std::vector<core::AuditRow> audit() const {
    auto rows = reader->audit_rows(0, 100'000);
    EXPECT_TRUE(rows);
    return rows ? *rows : std::vector<core::AuditRow>{};
  }

  // From issued to processing, with an OTP.
  void claim(core::LinkId id) {
    const core::Claim claim{kMerchant, id};
    EXPECT_EQ(ask(core::SendOtp{claim, core::Channel::sms, "203.0.113.9"}), "taken");
    const core::SecretText otp = core::otp_digits(hash, id, link(id).otp.nonce);
    const Outcome proven = run(core::VerifyOtp{claim, otp, "203.0.113.9"});
    ASSERT_EQ(answer_of(proven.reply), "taken");
    core::SubmitClaim submit;
    submit.claim = claim;
    submit.claim_token = std::get<core::OtpVerified>(*proven.reply).claim_token;
    submit.holder_name = "Rahul Kumar";
    submit.account_number = core::SecretText("123456789012");
    submit.ifsc = "HDFC0000001";
    EXPECT_EQ(ask(submit), "taken");
  }

  // Balances against postings, holds against what is in flight, nothing paid twice.
  void check_ledger() const {
    const auto sums = reader->ledger_sums();
    ASSERT_TRUE(sums);
    for (const auto& sum : *sums) {
      EXPECT_EQ(sum.balances.available, sum.from_postings.available);
      EXPECT_EQ(sum.balances.held, sum.from_postings.held);
      EXPECT_EQ(sum.balances.paid, sum.from_postings.paid);
      EXPECT_EQ(sum.balances.deposited, sum.from_postings.deposited);
      EXPECT_EQ(sum.balances.held, sum.in_flight + sum.held_links);
      EXPECT_EQ(sum.paid_twice, 0U);
    }
  }
  bool audit_is_chained() const {
    std::string before;
    for (const core::AuditRow& row : audit()) {
      if (core::audit_hash(hash, before, row) != row.hash) return false;
      before = row.hash;
    }
    return true;
  }
};

}  // namespace disburse::engine
