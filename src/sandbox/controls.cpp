// The sandbox's controls.
#include "sandbox/controls.hpp"

#include <charconv>
#include <memory>
#include <utility>

#include "core/calendar.hpp"
#include "dialects/dialect.hpp"
#include "wire/form.hpp"
#include "wire/json.hpp"

namespace disburse::sandbox {
namespace {

constexpr std::string_view kClockFile = "sandbox-clock";
constexpr std::int64_t kLongestAdvanceSeconds = 10LL * 366 * 24 * 3600;
constexpr core::Duration kTimersPoll = std::chrono::milliseconds(2);
constexpr int kTimersPolls = 5'000;  // ten seconds for what is due after the clock was moved

using Shared =
    std::shared_ptr<Parts>;  // owners: the routes, and answers that wait for timers or the engine
using Later = std::shared_ptr<wire::Respond>;  // owners: an answer's request, wherever it waits

wire::Response problem(int status, std::string_view title, std::string_view detail) {
  wire::Response response{status, "application/problem+json", {}};
  wire::JsonWriter(response.body)
      .begin_object()
      .field("type", "about:blank")
      .field("title", title)
      .field("status", status)
      .field("detail", detail)
      .end_object();
  return response;
}

bool is_loopback(std::string_view peer) {
  return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

// A whole number of the JSON body; none when it is not there or not one.
std::optional<std::int64_t> whole_number(const wire::JsonDocument& body, std::string_view name) {
  const wire::JsonValue* value = body.find(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  std::int64_t number = 0;
  const std::string_view digits = value->text();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

using Post = void (*)(const Shared&, const wire::JsonDocument&, wire::Respond);

// A POST with a JSON object, from this machine.
front_door::FrontDoor::Extra post(Shared parts, Post run) {
  return [parts = std::move(parts), run](const wire::Request& request, wire::Respond respond) {
    if (!is_loopback(request.peer))
      return respond(problem(403, "Forbidden", "the sandbox's controls are for this machine"));
    if (request.method != wire::Method::post)
      return respond(problem(405, "Method Not Allowed", "POST is what this takes"));
    const auto body = wire::parse_json(request.body.empty() ? "{}" : request.body);
    if (!body || !body->root().is_object())
      return respond(problem(400, "Bad Request", "the body is not a JSON object"));
    run(parts, *body, std::move(respond));
  };
}

// Answers when the timers that are due now have run.
void answer_when_quiet(const Shared& parts, Later respond, int polls) {
  const auto due = parts->reader.due_tasks(true, parts->clock.now(), 1);
  const bool quiet = due && due->empty() && parts->engine.waiting() == 0;
  if (!quiet && polls < kTimersPolls) {
    parts->engine.wake();
    parts->run_after(kTimersPoll,
                     [parts, respond, polls] { answer_when_quiet(parts, respond, polls + 1); });
    return;
  }
  wire::Response response;
  wire::JsonWriter(response.body)
      .begin_object()
      .field("now", core::rfc3339(parts->clock.now()))
      .end_object();
  (*respond)(std::move(response));
}

void advance_clock(const Shared& parts, const wire::JsonDocument& body, wire::Respond respond) {
  const auto seconds = whole_number(body, "advance_seconds");
  if (!seconds || *seconds < 0 || *seconds > kLongestAdvanceSeconds) {
    return respond(problem(400, "Bad Request",
                           "advance_seconds is a whole number, not negative, at most ten years"));
  }
  parts->clock.advance(std::chrono::seconds(*seconds));
  const std::string offset = std::to_string(parts->clock.offset().count());
  if (!parts->files.write_file_durably(parts->folder / kClockFile, offset)) {
    return respond(problem(500, "Internal Server Error", "the clock's place cannot be kept"));
  }
  parts->engine.wake();
  parts->wake_relay();
  // owners: this answer, wherever it waits
  answer_when_quiet(parts, std::make_shared<wire::Respond>(std::move(respond)), 0);
}

void deposit(const Shared& parts, const wire::JsonDocument& body, wire::Respond respond) {
  const auto paise = whole_number(body, "amount_paise");
  const auto amount = core::Money::from_paise(paise.value_or(-1));
  if (!amount || amount->is_zero()) {
    return respond(problem(400, "Bad Request", "amount_paise is a positive whole number"));
  }
  // owners: the engine's request
  auto answer = std::make_shared<wire::Respond>(std::move(respond));
  parts->engine.submit(
      {core::Deposit{parts->merchant, *amount, "sandbox"}, [answer](engine::Outcome outcome) {
         if (!outcome.reply)
           return (*answer)(problem(409, "Conflict", text(outcome.reply.error().code)));
         const auto& view = std::get<core::MerchantView>(*outcome.reply);
         wire::Response response;
         wire::JsonWriter(response.body)
             .begin_object()
             .field("available_paise", view.balances.available)
             .field("held_paise", view.balances.held)
             .end_object();
         (*answer)(std::move(response));
       }});
}

void new_merchant(const Shared& parts, const wire::JsonDocument& body, wire::Respond respond) {
  const wire::JsonValue* name = body.find("name");
  if (name == nullptr || !name->is_string() || name->text().empty()) {
    return respond(problem(400, "Bad Request", "name is a text"));
  }
  // owners: the maker's request
  auto answer = std::make_shared<wire::Respond>(std::move(respond));
  parts->accounts.make(std::string(name->text()),
                       [answer](const core::Result<std::string>& account) {
                         if (account)
                           return (*answer)(wire::Response{200, "application/json", *account});
                         const core::Code code = account.error().code;
                         if (code == core::Code::draining || code == core::Code::too_many_requests)
                           return (*answer)(problem(503, "Service Unavailable", text(code)));
                         (*answer)(problem(400, "Bad Request", text(code)));
                       });
}

void program_bank(const Shared& parts, const wire::JsonDocument& body, wire::Respond respond) {
  const wire::JsonValue* word = body.find("outcome");
  const auto outcome = rails::parse_sandbox_outcome(word == nullptr ? "" : word->text());
  const std::int64_t delay =
      body.find("delay_ms") == nullptr ? 0 : whole_number(body, "delay_ms").value_or(-1);
  const std::int64_t times =
      body.find("times") == nullptr ? 1 : whole_number(body, "times").value_or(-1);
  if (!outcome || delay < 0 || delay > 3'600'000 || times < 0 || times > 1'000'000) {
    return respond(problem(400, "Bad Request",
                           "outcome is settle, refuse, unknown, reverse, time_out or answer_twice; "
                           "delay_ms at most an "
                           "hour; times at most a million"));
  }
  parts->bank.program(*outcome, core::Duration(delay), static_cast<std::uint32_t>(times));
  wire::Response response;
  wire::JsonWriter(response.body)
      .begin_object()
      .field("outcome", word->text())
      .field("delay_ms", delay)
      .field("times", times)
      .end_object();
  respond(std::move(response));
}

}  // namespace

void add_controls(front_door::FrontDoor& door, Parts parts) {
  // owners: the routes below
  const Shared shared = std::make_shared<Parts>(std::move(parts));
  door.add("/sandbox/messages", [shared](const wire::Request& request, wire::Respond respond) {
    if (!is_loopback(request.peer))
      return respond(problem(403, "Forbidden", "the sandbox's controls are for this machine"));
    if (request.method != wire::Method::get && request.method != wire::Method::head) {
      return respond(problem(405, "Method Not Allowed", "GET is what this takes"));
    }
    const auto query = wire::Form::parse(request.query);
    if (!query) return respond(problem(400, "Bad Request", "the query cannot be read"));
    respond(wire::Response{200, "application/json", shared->inbox.json(query->get("to"))});
  });
  door.add("/sandbox/clock", post(shared, advance_clock));
  door.add("/sandbox/deposits", post(shared, deposit));
  door.add("/sandbox/merchants", post(shared, new_merchant));
  door.add("/sandbox/rail", post(shared, program_bank));
}

core::Duration saved_offset(const sys::Files& files, const sys::Path& folder) {
  const auto text = files.read_file(folder / kClockFile);
  std::int64_t ms = 0;
  if (!text) return core::Duration(0);
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ms);
  return core::Duration(error == std::errc{} && ms > 0 ? ms : 0);
}

}  // namespace disburse::sandbox
