#include "wire/server.hpp"

#include <utility>

#include "wire/server_core.hpp"

namespace disburse::wire {

namespace {

class CallBack final : public Answerable {
 public:
  explicit CallBack(std::function<void(Response&&)> call) : call_(std::move(call)) {}
  void answer(Response&& response) override { call_(std::move(response)); }
  void abandon() override { call_(Response{.status = 500}); }

 private:
  std::function<void(Response&&)> call_;
};

}  // namespace

Respond& Respond::operator=(Respond&& other) noexcept {
  Respond dropped(std::move(*this));
  target_ = std::move(other.target_);
  return *this;
}

Respond::~Respond() {
  if (target_ != nullptr) target_->abandon();
}

void Respond::operator()(Response&& response) {
  // Kept until answer() has returned: it may be the last to hold the connection.
  const AnswerablePtr target = std::exchange(target_, nullptr);
  if (target != nullptr) target->answer(std::move(response));
}

Respond respond_to(std::function<void(Response&&)> answer) {
  return Respond(std::make_shared<CallBack>(std::move(answer)));
}

Server::Server(ServerOptions options, Handler handler)
    : core_(std::make_shared<ServerCore>(std::move(options), std::move(handler))) {}

Server::~Server() { core_->shut(); }

core::Result<void> Server::listen() { return core_->listen(); }
std::uint16_t Server::port() const { return core_->port(); }
void Server::run() { core_->run(); }
void Server::drain(std::chrono::milliseconds grace) { core_->drain(grace); }
void Server::post(std::function<void()> task) { core_->post(std::move(task)); }

void Server::defer(std::function<void()> task) { core_->defer(std::move(task)); }

void Server::together(const std::function<void()>& task) { core_->together(task); }

void Server::run_after(std::chrono::milliseconds delay, std::function<void()> task) {
  core_->run_after(delay, std::move(task));
}

ServerCounters Server::counters() const {
  const ServerTotals& totals = core_->totals;
  return {
      .connections_open = totals.connections_open.load(std::memory_order_relaxed),
      .connections_accepted = totals.connections_accepted.load(std::memory_order_relaxed),
      .connections_refused = totals.connections_refused.load(std::memory_order_relaxed),
      .requests = totals.requests.load(std::memory_order_relaxed),
      .requests_in_flight = totals.requests_in_flight.load(std::memory_order_relaxed),
      .refusals = totals.refusals.load(std::memory_order_relaxed),
      .bytes_in = totals.bytes_in.load(std::memory_order_relaxed),
      .bytes_out = totals.bytes_out.load(std::memory_order_relaxed),
  };
}

}  // namespace disburse::wire
