// Merchants' receivers: good ones, broken ones, slow ones, silent ones, and those that call back.
#include "sim/life.hpp"

namespace disburse::sim {
namespace {

using std::chrono::minutes;

wire::OutgoingAnswer failure(int status, wire::Failure why) {
  wire::OutgoingAnswer answer;
  answer.status = status;
  answer.failure = why;
  answer.error = why == wire::Failure::none ? "" : std::string(wire::name(why));
  answer.sent = why != wire::Failure::connect;
  return answer;
}

}  // namespace

void Life::receive(const wire::OutgoingRequest& request,
                   std::function<void(wire::OutgoingAnswer)> answer) {
  const wire::OutgoingAnswer good = world::World::good_answer(request);
  model_.count("webhooks");
  if (calm_) return answer(good);
  pass_by("before a webhook");
  const bool observer = request.url.starts_with("http://observer.");
  const auto later = [&](core::Duration delay, const wire::OutgoingAnswer& what) {
    world_.run_after(delay, [answer, what] { answer(what); });
  };
  const std::uint64_t way = dice_.below(observer ? 12 : 24);
  // The observer may be slow, but never fails.
  if (way < 8) return answer(good);
  if (way < 11) return later(dice_.seconds(0, 4), good);
  if (way == 11) {
    call_from_webhook(request.body);
    return answer(good);
  }
  if (way < 16) return answer(failure(dice_.chance(50) ? 500 : 404, wire::Failure::none));
  if (way < 18) return answer(failure(0, wire::Failure::connect));
  if (way < 20) return later(request.timeout, failure(0, wire::Failure::timeout));
  if (way < 22) return later(minutes(dice_.between(1, 40)), good);  // as no client would
  say("a receiver hangs");
}

// A merchant's receiver that calls the API about the link which it is told of, before it answers.
void Life::call_from_webhook(const std::string& body) {
  if (in_webhook_ || model_.links.empty()) return;
  std::size_t chosen = model_.links.size();
  for (std::size_t i = 0; i < model_.links.size(); ++i) {
    if (body.find("\"" + model_.links[i].reference + "\"") != std::string::npos) chosen = i;
  }
  if (chosen == model_.links.size()) return;
  in_webhook_ = true;
  const bool waits = std::exchange(waits_, dice_.chance(50));
  const std::uint64_t what = dice_.below(10);
  model_.count("calls from a webhook");
  if (what < 6)
    cancel(chosen, dice_.chance(50) ? "razorpay" : "instantpay");
  else if (what < 8)
    create(model_.links[chosen].shop, "razorpay", wish(model_.links[chosen].shop));
  else
    submit_any(chosen);
  waits_ = waits;
  in_webhook_ = false;
}

}  // namespace disburse::sim
