// Spreading requests over engines.
#include "engine/engines.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sys/threads.hpp"

namespace disburse::engine {
namespace {

// Numbers of different kinds must not all fall on one engine: merchant 4 and link 4 are spread
// apart. Never 0.
std::uint64_t mixed(std::uint64_t value) {
  value *= 0x9E3779B97F4A7C15ULL;
  return (value ^ (value >> 32)) | 1ULL << 63;
}
std::uint64_t mixed(std::string_view text) { return mixed(std::hash<std::string_view>{}(text)); }

std::uint64_t number_of(core::LinkId link) { return mixed(link.value); }
std::uint64_t number_of(core::MerchantId merchant) { return mixed(merchant.value); }
std::uint64_t number_of(core::MerchantId merchant, std::string_view reference) {
  return mixed(mixed(reference) ^ merchant.value);
}
std::uint64_t number_of(core::MerchantId merchant, const core::LinkRef& link) {
  return link.id ? number_of(link.id) : number_of(merchant, link.reference);
}

// What moves money changes the merchant's balances.
constexpr bool moves_money(const core::SubmitClaim*) { return true; }
constexpr bool moves_money(const core::BankSaid*) { return true; }
constexpr bool moves_money(const core::AccountVerified*) { return true; }
constexpr bool moves_money(const core::Deposit*) { return true; }
constexpr bool moves_money(const void*) { return false; }

// So many commands are a batch that is worth an engine of its own.
constexpr std::size_t kEnoughForOne = 64;
constexpr core::Duration kHeldUp = std::chrono::milliseconds(25);

// Operators' commands are numbered or chained one after the other, in the whole store.
constexpr std::uint64_t kOperators = 1ULL << 63;

struct Spread {
  const Request& request;

  std::uint64_t operator()(const core::CreateLink& create) const {
    if (request.idempotency) return number_of(request.merchant, request.idempotency->key);
    if (!create.reference_unique || create.reference.empty()) return 0;
    return number_of(create.merchant, create.reference);
  }
  std::uint64_t operator()(const core::IssueRefreshToken&) const { return 0; }
  std::uint64_t operator()(const core::UseRefreshToken& use) const { return mixed(use.hash); }
  std::uint64_t operator()(const core::NoticeTried& tried) const { return mixed(tried.task.value); }
  std::uint64_t operator()(const core::CreateMerchant&) const { return kOperators; }
  std::uint64_t operator()(const core::RevokeCredential&) const { return kOperators; }
  std::uint64_t operator()(const core::IssueCredential&) const { return kOperators; }
  std::uint64_t operator()(const core::UpdateMerchant&) const { return kOperators; }

  template <class Command>
  std::uint64_t operator()(const Command& command) const {
    if constexpr (moves_money(static_cast<const Command*>(nullptr))) {
      return merchant_of(command);
    } else if constexpr (requires { command.claim; }) {
      return number_of(command.claim.link);
    } else if constexpr (requires { command.link.reference; }) {
      return number_of(command.merchant, command.link);
    } else if constexpr (requires { command.link; }) {
      return number_of(command.link);
    } else {
      return number_of(command.merchant);
    }
  }
  template <class Command>
  static std::uint64_t merchant_of(const Command& command) {
    if constexpr (requires { command.claim; })
      return number_of(command.claim.merchant);
    else
      return number_of(command.merchant);
  }
};

}  // namespace

std::uint64_t spread_number(const Request& request) {
  return std::visit(Spread{request}, request.command);
}

Engines::Engines(std::vector<std::unique_ptr<Engine>> engines) : engines_(std::move(engines)) {}

Engines::~Engines() { stop(); }

void Engines::run() {
  for (const auto& engine : engines_) {
    threads_.emplace_back([engine = engine.get()] {
      sys::name_this_thread("engine");
      engine->run();
    });
  }
}

void Engines::stop() {
  for (const auto& engine : engines_) engine->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Engines::on_outbox(const std::function<void()>& listener) {
  for (const auto& engine : engines_) engine->on_outbox(listener);
}

void Engines::on_answers(const std::function<void(const Engine::Answers&)>& carry) {
  for (const auto& engine : engines_) engine->on_answers(carry);
}

Door& Engines::door() {
  if (engines_.size() == 1) return *engines_.front();
  return *this;
}

Engine& Engines::engine_for(const Request& request) {
  const std::size_t at_work = engines_at_work();
  const std::uint64_t number = spread_number(request);
  if (number != 0) return *engines_[number % at_work];
  const auto fewest =
      std::min_element(engines_.begin(), engines_.begin() + static_cast<std::ptrdiff_t>(at_work),
                       [](const auto& a, const auto& b) {
                         return std::pair(a->works_longer_than(kHeldUp), a->waiting()) <
                                std::pair(b->works_longer_than(kHeldUp), b->waiting());
                       });
  return **fewest;
}

std::size_t Engines::engines_at_work() const {
  std::size_t wanted = 1 + waiting() / kEnoughForOne;
  for (const auto& engine : engines_) wanted += engine->works_longer_than(kHeldUp) ? 1 : 0;
  return std::min(wanted, engines_.size());
}

void Engines::submit(Request request) { engine_for(request).submit(std::move(request)); }

void Engines::enqueue(Request request) { engine_for(request).enqueue(std::move(request)); }

void Engines::nudge() {
  for (const auto& engine : engines_) {
    if (engine->waiting() > 0) engine->nudge();
  }
}

void Engines::wake() {
  for (const auto& engine : engines_) engine->wake();
}

bool Engines::takes_writes() const {
  return std::all_of(engines_.begin(), engines_.end(),
                     [](const auto& engine) { return engine->takes_writes(); });
}

EngineCounts Engines::counts() const {
  EngineCounts all;
  for (const auto& engine : engines_) {
    const EngineCounts one = engine->counts();
    all.commands += one.commands;
    all.refused += one.refused;
    all.batches += one.batches;
    all.commits += one.commits;
    all.commit_failures += one.commit_failures;
    all.conflicts += one.conflicts;
    all.timers += one.timers;
  }
  return all;
}

std::uint64_t Engines::commits() const {
  return std::accumulate(
      engines_.begin(), engines_.end(), std::uint64_t{0},
      [](std::uint64_t sum, const auto& engine) { return sum + engine->commits(); });
}

std::size_t Engines::waiting() const {
  return std::accumulate(
      engines_.begin(), engines_.end(), std::size_t{0},
      [](std::size_t sum, const auto& engine) { return sum + engine->waiting(); });
}

}  // namespace disburse::engine
