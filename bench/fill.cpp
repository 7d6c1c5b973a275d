// disburse_fill DATA LINKS [IDS_FILE [EXPIRES_AT_MS]]: puts so many issued links into the store of
// a sandbox's data folder, through the engine, as many requests would. The file gets a line for
// each link: its public id in RazorpayX's form, and its claim code. DISBURSE_FILL_STORE names
// another store than the folder's.
//
// Promise: exits with 0 only when every link is durable. The server may not run meanwhile.
// Threads: this one submits, the engine's answers.
#include <fmt/core.h>

#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>

#include "cli/base.hpp"

namespace disburse {
namespace {

constexpr std::uint64_t kMostWaiting = 10'000;
constexpr unsigned kNode = 62;

template <class Number>
Number number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    fmt::print(stderr, "disburse_fill: {} is not a number\n", text);
    std::exit(2);
  }
  return value;
}

class Filler {
 public:
  Filler(cli::Base& base, const char* ids_file) : base_(base) {
    if (ids_file != nullptr) ids_.open(ids_file);
  }

  bool fill(std::uint64_t links, std::optional<core::Instant> expires_at) {
    for (std::uint64_t i = 0; i < links; ++i) {
      wait_until_below(kMostWaiting);
      base_.engine().submit({command(i, expires_at),
                             [this](const engine::Outcome& outcome) { answered(outcome.reply); }});
    }
    wait_until_below(1);
    return failed_ == 0;
  }

 private:
  core::Command command(std::uint64_t i, std::optional<core::Instant> expires_at) {
    core::CreateLink create;
    create.merchant = core::MerchantId{1};
    create.dialect = "razorpay";
    create.amount = *core::Money::from_paise(1'000);
    create.reference = fmt::format("fill-{}-{}", base_.clock().now().seconds(), i);
    create.purpose = "refund";
    create.description = "Refund";
    create.contact_name = "Gaurav Kumar";
    create.contact_type = "customer";
    create.phone = fmt::format("+9190{:08}", i % 100'000'000);
    create.email = "gaurav.kumar@example.com";
    create.expires_at = expires_at;
    const std::lock_guard guard(lock_);
    ++waiting_;
    return create;
  }

  void answered(const core::Result<core::Reply>& reply) {
    if (reply && ids_.is_open()) note(std::get<core::LinkView>(*reply).link);
    const std::lock_guard guard(lock_);
    --waiting_;
    if (!reply && ++failed_ == 1)
      fmt::print(stderr, "disburse_fill: {}\n", core::name(reply.error().code));
    less_.notify_one();
  }

  void note(const core::Link& link) {
    const core::PublicIds& ids = base_.keys().ids;
    ids_ << "poutlk_"
         << core::base62(ids.seal83(core::IdKind::link, link.merchant, link.id.value), 14) << ' '
         << core::claim_code(ids, {link.merchant, link.id}) << '\n';
  }

  void wait_until_below(std::uint64_t count) {
    std::unique_lock guard(lock_);
    less_.wait(guard, [&] { return waiting_ < count; });
  }

  cli::Base& base_;
  std::ofstream ids_;  // the engine's thread only
  std::mutex lock_;    // guards the next two
  std::uint64_t waiting_ = 0;
  std::uint64_t failed_ = 0;
  std::condition_variable less_;
};

int run(int count, char** words) {
  if (count < 3) {
    fmt::print(stderr, "disburse_fill DATA LINKS [IDS_FILE [EXPIRES_AT_MS]]\n");
    return 2;
  }
  cli::Options options;
  options.data = words[1];
  options.sandbox = true;
  options.node_loops = 1;  // the file with the ids is one thread's
  if (const char* store = std::getenv("DISBURSE_FILL_STORE")) options.store = store;
  auto base = cli::Base::open(options, kNode);
  if (!base) {
    fmt::print(stderr, "disburse_fill: {} {}\n", core::name(base.error().code),
               base.error().detail);
    return 1;
  }
  (*base)->start();
  std::optional<core::Instant> expires_at;
  if (count > 4) expires_at = core::Instant::from_ms(number<std::int64_t>(words[4]));
  Filler filler(**base, count > 3 ? words[3] : nullptr);
  const bool good = filler.fill(number<std::uint64_t>(words[2]), expires_at);
  (*base)->stop();
  return good ? 0 : 1;
}

}  // namespace
}  // namespace disburse

int main(int count, char** words) { return disburse::run(count, words); }
