// The thread that makes sandbox merchants.
#include "sandbox/account_maker.hpp"

#include <utility>

#include "sandbox/account.hpp"
#include "sys/threads.hpp"

namespace disburse::sandbox {

AccountMaker::AccountMaker(engine::Door& engine, sys::Random& random, const core::PublicIds& ids,
                           std::string base_url)
    : engine_(engine), random_(random), ids_(ids), base_url_(std::move(base_url)), thread_([this] {
        work();
      }) {}

AccountMaker::~AccountMaker() { stop(); }

void AccountMaker::make(std::string name, Done done) {
  core::Code refusal = core::Code::too_many_requests;
  {
    const std::lock_guard guard(lock_);
    if (jobs_.size() < kAccountsWaiting && !stopping_) {
      jobs_.push_back({std::move(name), std::move(done)});
      arrived_.notify_one();
      return;
    }
    if (stopping_) refusal = core::Code::draining;
  }
  done(core::fail(refusal));
}

void AccountMaker::stop() {
  std::deque<Job> refused;
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
    refused.swap(jobs_);
    arrived_.notify_one();
  }
  for (const Job& job : refused) job.done(core::fail(core::Code::draining));
  if (thread_.joinable()) thread_.join();
}

void AccountMaker::work() {
  sys::name_this_thread("merchants");
  while (true) {
    std::unique_lock guard(lock_);
    arrived_.wait(guard, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    guard.unlock();
    job.done(make_account(engine_, random_, ids_, job.name, base_url_));
  }
}

}  // namespace disburse::sandbox
