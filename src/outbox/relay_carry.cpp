// How the relay carries each kind of task. Whatever a task needs is read when it starts, so that
// one that has waited is carried as things are then.
#include <algorithm>
#include <utility>

#include "core/event_view.hpp"
#include "outbox/announcement.hpp"
#include "outbox/notice.hpp"
#include "outbox/order.hpp"
#include "outbox/relay.hpp"
#include "sys/crash_point.hpp"

namespace disburse::outbox {
namespace {

using core::Code;
using core::Instant;
using core::PayoutState;
using core::Task;

// Where the payout may be at the bank: before, nothing must be sent; after, nothing is to be asked.
// A settled one is asked about once more where the rail wished so.
bool is_for_bank(const core::Payout& payout) {
  return core::is_in_flight(payout.state) || payout.state == PayoutState::settled;
}

// An answer that says nothing; the engine then asks again, or drops a task that has no point any
// more.
core::Command no_answer(const Task& task) {
  if (task.kind == core::TaskKind::verify) {
    return core::AccountVerified{
        .merchant = task.merchant, .payout = task.payout, .task = task.id, .name = {}};
  }
  core::BankSaid said;
  said.merchant = task.merchant;
  said.payout = task.payout;
  said.task = task.id;
  return said;
}

core::Command announced(const Task& task, std::vector<core::Delivery> deliveries) {
  return core::Announced{.merchant = task.merchant,
                         .link = task.link,
                         .task = task.id,
                         .deliveries = std::move(deliveries)};
}

core::Command not_sent(const Task& task, std::string why) {
  return core::NoticeTried{.merchant = task.merchant,
                           .task = task.id,
                           .sent = false,
                           .worth_retrying = false,
                           .error = std::move(why)};
}

// The delivery is given up without a try.
core::Command given_up(const Task& task, Instant now, std::string why) {
  core::DeliveryTried tried;
  tried.merchant = task.merchant;
  tried.link = task.link;
  tried.task = task.id;
  tried.delivery = task.delivery;
  tried.attempt.merchant = task.merchant;
  tried.attempt.delivery = task.delivery;
  tried.attempt.at = now;
  tried.attempt.error = std::move(why);
  return tried;
}

const core::Endpoint* find_endpoint(const std::vector<core::Endpoint>& endpoints,
                                    core::EndpointId id) {
  for (const core::Endpoint& endpoint : endpoints) {
    if (endpoint.id == id) return &endpoint;
  }
  return nullptr;
}

bool any_enabled(const std::vector<core::Endpoint>& endpoints) {
  for (const core::Endpoint& endpoint : endpoints) {
    if (!endpoint.disabled_at) return true;
  }
  return false;
}

}  // namespace

Relay::Start Relay::start(const Task& task, sys::Moment now) {
  sys::crash_point(sys::CrashPoint::relay_before_carrying);
  switch (task.kind) {
    case core::TaskKind::announce:
      return start_announce(task, now);
    case core::TaskKind::notify:
      return start_notice(task, now);
    case core::TaskKind::verify:
    case core::TaskKind::pay:
      return start_bank(task, now);
    case core::TaskKind::deliver:
      return start_delivery(task, now);
    case core::TaskKind::expire_link:
    case core::TaskKind::activate_link:
    case core::TaskKind::retry_queued:
      break;  // the engine's own
  }
  return Start::failed;
}

// One after the other for each link: a receiver is told of its changes in their order.
Relay::Start Relay::start_announce(const Task& task, sys::Moment now) {
  if (resting_links_.contains(task.link)) return Start::failed;
  const LaneKey lane{LaneKind::link, task.link.value};
  if (!enters(lane, task)) return Start::lane_full;
  const auto endpoints = records_.endpoints(task.merchant);
  if (!endpoints) return failed(endpoints.error());
  // Most often there is nobody to tell, and then nothing needs to be read.
  if (!any_enabled(**endpoints)) return answer_at_once(task, now, announced(task, {}), lane);
  const auto merchant = records_.merchant(task.merchant);
  if (!merchant) return failed(merchant.error());
  auto view = records_.link_of(task);
  if (!view && view.error().code == Code::link_not_found) {
    return answer_at_once(task, now, announced(task, {}), lane);
  }
  if (!view) return failed(view.error());
  sys::crash_point(sys::CrashPoint::announcement_before_recorded);
  // The event's own time, so that a deadline which passed since does not change what it says.
  return answer_at_once(
      task, now,
      announced(task, deliveries_of(task, core::as_it_was(std::move(*view), task), **merchant,
                                    **endpoints, parts_.find_dialect, context(task.at))),
      lane);
}

Relay::Start Relay::start_notice(const Task& task, sys::Moment now) {
  const LaneKey lane{LaneKind::channel, static_cast<std::uint64_t>(task.channel)};
  if (!enters(lane, task)) return Start::lane_full;
  const auto view = records_.link(task.merchant, task.link);
  if (!view) return failed(view.error());
  const auto merchant = records_.merchant(task.merchant);
  if (!merchant) return failed(merchant.error());
  const dialects::Dialect* dialect = parts_.find_dialect(view->link.dialect);
  if (dialect == nullptr || dialect->link_url == nullptr) {
    return answer_at_once(task, now, not_sent(task, "the link's dialect is not built in"));
  }
  auto made = message_of(task, *view, **merchant, dialect->link_url(view->link, context(now.time)),
                         parts_.hash, parts_.dlt, now.time);
  if (auto* pointless = std::get_if<Pointless>(&made)) {
    return answer_at_once(task, now, not_sent(task, std::move(pointless->why)));
  }
  const Run run = open(task, lane, now, parts_.limits.notice).first;
  sys::crash_point(sys::CrashPoint::notice_before_sent);
  parts_.notifier.send(std::get<notify::Message>(made),
                       [mailbox = mailbox_, run](notify::NotifyResult result) {
                         sys::crash_point(sys::CrashPoint::notice_sent_before_recorded);
                         mailbox->put(NoticeWord{run, std::move(result)});
                       });
  return Start::started;
}

Relay::Start Relay::start_bank(const Task& task, sys::Moment now) {
  const auto record = records_.payout(task);
  if (!record) return failed(record.error());
  const bool wanted = task.kind == core::TaskKind::verify
                          ? record->payout.state == PayoutState::created
                          : is_for_bank(record->payout);
  const auto number = rail_number(record->payout.rail);
  if (!wanted || !number) return answer_at_once(task, now, no_answer(task));
  const LaneKey lane{LaneKind::rail, *number};
  if (!enters(lane, task)) return Start::lane_full;
  ask_rail(*parts_.rails[*number], task, order_of(task, *record), lane, now);
  return Start::started;
}

void Relay::ask_rail(rails::Rail& rail, const Task& task, const rails::Order& order, LaneKey lane,
                     sys::Moment now) {
  const Run run = open(task, lane, now, parts_.limits.rail).first;
  if (task.kind == core::TaskKind::verify) {
    rail.verify(order, [mailbox = mailbox_, run](rails::HolderReply reply) {
      mailbox->put(HolderWord{run, std::move(reply)});
    });
    return;
  }
  sys::crash_point(sys::CrashPoint::bank_before_paying);
  rail.submit(order, [mailbox = mailbox_, run, merchant = task.merchant,
                      payout = task.payout](rails::RailReply reply) {
    sys::crash_point(sys::CrashPoint::bank_answer_before_handed_on);
    mailbox->put(BankWord{run, merchant, payout, std::move(reply)});
  });
}

Relay::Start Relay::start_delivery(const Task& task, sys::Moment now) {
  auto delivery = records_.delivery(task);
  if (!delivery && delivery.error().code == Code::delivery_not_found) {
    return answer_at_once(task, now, given_up(task, now.time, "the delivery is gone"));
  }
  if (!delivery) return failed(delivery.error());
  const LaneKey lane{LaneKind::endpoint, delivery->endpoint.value};
  if (!enters(lane, task)) return Start::lane_full;
  const auto endpoints = records_.endpoints(task.merchant);
  if (!endpoints) return failed(endpoints.error());
  const core::Endpoint* endpoint = find_endpoint(**endpoints, delivery->endpoint);
  if (endpoint == nullptr) {
    return answer_at_once(task, now, given_up(task, now.time, "the endpoint was removed"));
  }
  // Whoever asks for a replay has most likely mended what the endpoint was disabled for.
  if (endpoint->disabled_at && !delivery->replay_of) {
    return answer_at_once(task, now, given_up(task, now.time, "the endpoint is disabled"));
  }
  const dialects::Dialect* dialect = parts_.find_dialect(endpoint->dialect);
  if (dialect == nullptr) {
    return answer_at_once(task, now, given_up(task, now.time, "the dialect is not built in"));
  }
  const DeliveryPlan plan{std::move(*delivery), dialect->webhook};
  const core::Duration limit =
      std::max(plan.rules.time_limit, webhook::kDefaultTimeLimit) + parts_.limits.delivery_slack;
  const auto [run, opened] = open(task, lane, now, limit);
  opened.delivery = plan;
  sys::crash_point(sys::CrashPoint::webhook_before_sent);
  sender_.send(plan.delivery, plan.rules, now.time,
               [mailbox = mailbox_, run = run](core::Attempt attempt) {
                 sys::crash_point(sys::CrashPoint::webhook_sent_before_recorded);
                 mailbox->put(AttemptWord{run, std::move(attempt)});
               });
  return Start::started;
}

Relay::Start Relay::answer_at_once(const Task& task, sys::Moment now, core::Command command,
                                   std::optional<LaneKey> lane) {
  const auto [run, opened] = open(task, lane, now, core::Duration::zero());
  report(run, opened, std::move(command));
  return Start::started;
}

Relay::Start Relay::failed(const core::Error&) {
  ++counters_.read_errors;
  return Start::failed;
}

std::pair<Run, Relay::Open&> Relay::open(const Task& task, std::optional<LaneKey> lane,
                                         sys::Moment now, core::Duration limit) {
  ++counters_.carried;
  if (lane) lanes_.enter(*lane);
  const Run run = ++last_run_;
  Open& opened = open_[run];
  opened.task = task;
  opened.lane = lane;
  opened.started = now;
  opened.deadline = now.elapsed + limit;
  return {run, opened};
}

bool Relay::enters(const LaneKey& lane, const Task& task) {
  if (lanes_.in_flight(lane) < room_of(lane)) return true;
  if (leased_ && lanes_.waiting_in(lane) >= parts_.limits.leased_per_lane)
    known_.erase(task.id);
  else
    lanes_.wait(lane, task);
  return false;
}

std::size_t Relay::room_of(const LaneKey& lane) const {
  switch (lane.kind) {
    case LaneKind::endpoint:
      return parts_.limits.per_endpoint;
    case LaneKind::rail:
      return parts_.limits.per_rail;
    case LaneKind::channel:
      return parts_.limits.per_channel;
    case LaneKind::link:
      return 1;
  }
  return 1;
}

dialects::Context Relay::context(Instant now) {
  return {.ids = parts_.ids,
          .public_url = parts_.public_url,
          .now = now,
          .sandbox = parts_.sandbox,
          .random = {parts_.random.next_u64(), parts_.random.next_u64()}};
}

std::optional<std::size_t> Relay::rail_number(std::string_view name) const {
  for (std::size_t i = 0; i < parts_.rails.size(); ++i) {
    if (parts_.rails[i]->name() == name) return i;
  }
  return std::nullopt;
}

}  // namespace disburse::outbox
