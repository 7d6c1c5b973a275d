// Health and metrics.
#include "front_door/status.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <memory>
#include <utility>
#include <vector>

#include "core/otp.hpp"
#include "wire/json.hpp"

namespace disburse::front_door {
namespace {

wire::Response status_response(int status, std::string_view word) {
  wire::Response response;
  response.status = status;
  wire::JsonWriter(response.body).begin_object().field("status", word).end_object();
  return response;
}

prometheus::MetricFamily family(std::string_view name, std::string_view help, std::uint64_t value,
                                bool counter) {
  prometheus::MetricFamily out;
  out.name = "disburse_" + std::string(name);
  out.help = help;
  out.type = counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  prometheus::ClientMetric metric;
  if (counter)
    metric.counter.value = static_cast<decltype(metric.counter.value)>(value);
  else
    metric.gauge.value = static_cast<decltype(metric.gauge.value)>(value);
  out.metric.push_back(std::move(metric));
  return out;
}

std::string metrics_text(const StatusParts& parts) {
  const engine::EngineCounts engine = parts.engine.counts();
  const wire::ServerCounters server = parts.server();
  const RelayCounts relay = parts.relay();
  const std::vector<prometheus::MetricFamily> families = {
      family("commands_total", "Commands decided.", engine.commands, true),
      family("commands_refused_total", "Commands refused by a rule.", engine.refused, true),
      family("batches_total", "Batches of commands.", engine.batches, true),
      family("commits_total", "Durable commits.", engine.commits, true),
      family("commit_failures_total", "Commits that the store refused.", engine.commit_failures,
             true),
      family("commit_conflicts_total", "Batches decided again: another engine changed their rows.",
             engine.conflicts, true),
      family("timers_total", "Timers that fired.", engine.timers, true),
      family("commands_waiting", "Commands that wait for a batch.", parts.engine.waiting(), false),
      family("store_round_trips_total", "Waits of the engines for a database's answer.",
             parts.round_trips(), true),
      family("store_takes_writes", "1 while the store takes writes.",
             parts.engine.takes_writes() ? 1 : 0, false),
      family("http_connections", "Open connections.", server.connections_open, false),
      family("http_connections_refused_total", "Connections beyond the limit.",
             server.connections_refused, true),
      family("http_requests_total", "Requests read whole.", server.requests, true),
      family("http_refusals_total", "Requests refused by the server itself.", server.refusals,
             true),
      family("http_bytes_in_total", "Bytes read.", server.bytes_in, true),
      family("http_bytes_out_total", "Bytes written.", server.bytes_out, true),
      family("outbox_carried_total", "Outbox tasks started.", relay.carried, true),
      family("outbox_timed_out_total", "Calls that nobody answered in time.", relay.timed_out,
             true),
      family("outbox_refused_total", "Answers that the engine refused.", relay.refused, true),
      family("outbox_leases_lost_total", "Outbox tasks that became another node's.",
             relay.leases_lost, true),
      family("outbox_in_flight", "Calls that are open.", relay.in_flight, false),
  };
  return prometheus::TextSerializer{}.Serialize(families);
}

bool may_read_metrics(const StatusParts& parts, const wire::Request& request) {
  if (parts.metrics_token.empty()) {
    return request.peer.starts_with("127.") || request.peer == "::1" ||
           request.peer.starts_with("::ffff:127.");
  }
  return core::equal_in_constant_time("Bearer " + parts.metrics_token,
                                      request.header("authorization"));
}

}  // namespace

void add_status(FrontDoor& door, StatusParts parts) {
  // owners: the three routes
  const auto shared = std::make_shared<const StatusParts>(std::move(parts));
  door.add("/health/live", [](const wire::Request&, wire::Respond respond) {
    respond(status_response(200, "live"));
  });
  door.add("/health/ready", [shared](const wire::Request&, wire::Respond respond) {
    if (shared->draining()) return respond(status_response(503, "draining"));
    if (!shared->engine.takes_writes())
      return respond(status_response(503, "store refuses writes"));
    respond(status_response(200, "ready"));
  });
  door.add("/metrics", [shared](const wire::Request& request, wire::Respond respond) {
    if (!may_read_metrics(*shared, request)) return respond(status_response(403, "forbidden"));
    respond(wire::Response{200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(*shared)});
  });
}

}  // namespace disburse::front_door
