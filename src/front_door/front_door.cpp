// One request, from bytes to bytes.
#include "front_door/front_door.hpp"

#include <utility>

#include "engine/queries.hpp"
#include "sys/crypto.hpp"

namespace disburse::front_door {
namespace {

core::Code code_of_status(int status) {
  switch (status) {
    case 413:
      return core::Code::body_too_large;
    case 500:
      return core::Code::internal_error;
    case 503:
      return core::Code::overloaded;
    default:
      return core::Code::malformed_request;
  }
}

core::Result<dialects::Answer> answer_of(core::Result<core::Reply>&& reply) {
  if (!reply) return tl::unexpected(std::move(reply).error());
  return dialects::Answer{std::move(*reply)};
}

// What makes two requests the same: who asks is in the key's scope already.
std::string request_hash(const wire::Request& request) {
  std::string text(wire::name(request.method));
  text.append("|")
      .append(request.path)
      .append("|")
      .append(request.query)
      .append("|")
      .append(request.body);
  const sys::Digest digest = sys::sha256(text);
  return {digest.begin(), digest.end()};
}

wire::Response response_of(const core::StoredReply& stored) {
  wire::Response response;
  response.status = stored.status;
  // Only replies of dialects are stored, and they are JSON; the text outlives the response.
  response.content_type =
      stored.content_type.empty() ? std::string_view{} : std::string_view("application/json");
  response.body = stored.body;
  return response;
}

}  // namespace

// One request that is being worked on.
struct FrontDoor::Pending {
  const wire::Request& request;
  wire::Respond respond;
  Match match;
  IdentityPtr identity;
  dialects::Context context;
  std::string address = {};
  dialects::Caller caller = {};
  engine::Outcome outcome = {};  // of the engine, once it has answered
};

FrontDoor::FrontDoor(Parts parts, FrontDoorOptions options, Post post, Post defer)
    : parts_(parts),
      options_(std::move(options)),
      post_(std::move(post)),
      defer_(std::move(defer)),
      access_(parts.reader, parts.clock, parts.tokens),
      budget_(options_.calls_per_second) {}

dialects::Context FrontDoor::context() {
  return dialects::Context{parts_.ids,
                           options_.public_url,
                           parts_.clock.now(),
                           options_.sandbox,
                           {parts_.random.next_u64(), parts_.random.next_u64()}};
}

void FrontDoor::handle(const wire::Request& request, wire::Respond respond) {
  const auto extra = extras_.find(request.path);
  if (extra != extras_.end()) return extra->second(request, std::move(respond));
  Match match = parts_.router.find(request);
  if (match.route == nullptr) {
    const core::Code code =
        match.path_known ? core::Code::method_not_allowed : core::Code::route_not_found;
    return respond(match.dialect->refuse(core::Error{code}, request, context()));
  }
  const auto pending = std::make_shared<Pending>(
      Pending{request, std::move(respond), std::move(match), nullptr, context()});
  pending->address = address_for_limits(request.peer);
  pending->caller.address = pending->address;
  start(pending);
}

void FrontDoor::start(const PendingPtr& pending) {
  const dialects::Route& route = *pending->match.route;
  if (route.access == dialects::Access::merchant) {
    core::Result<IdentityPtr> identity =
        access_.identify(*pending->match.dialect, pending->request);
    if (!identity) {
      return pending->respond(
          pending->match.dialect->refuse(identity.error(), pending->request, pending->context));
    }
    if (!budget_.take((*identity)->credential.id, parts_.clock.elapsed())) {
      return pending->respond(pending->match.dialect->refuse(
          core::Error{core::Code::too_many_requests}, pending->request, pending->context));
    }
    pending->identity = std::move(*identity);
    pending->caller.merchant = &pending->identity->merchant;
    pending->caller.credential = &pending->identity->credential;
  }
  core::Result<dialects::Call> call =
      route.parse(pending->request, pending->match.arguments, pending->caller, pending->context);
  if (!call) return finish(pending, tl::unexpected(call.error()));
  run(pending, std::move(*call));
}

void FrontDoor::run(const PendingPtr& pending, dialects::Call&& call) {
  if (auto* response = std::get_if<wire::Response>(&call.what))
    return pending->respond(std::move(*response));
  if (const auto* query = std::get_if<core::Query>(&call.what)) {
    hold_one_state();
    return finish(pending, answer_of(engine::answer(parts_.reader, *query, pending->context.now,
                                                    parts_.hash)));
  }
  if (auto* sign_in = std::get_if<dialects::SignIn>(&call.what)) {
    return parts_.sign_in.check(*pending->match.dialect, std::move(*sign_in), pending->address,
                                [this, pending](core::Result<dialects::Tokens> tokens) {
                                  post_([this, pending, tokens = std::move(tokens)] {
                                    if (tokens)
                                      finish(pending, dialects::Answer{*tokens});
                                    else
                                      finish(pending, tl::unexpected(tokens.error()));
                                  });
                                });
  }
  run_command(pending, std::move(std::get<core::Command>(call.what)),
              std::move(call.idempotency_key));
}

void FrontDoor::run_command(const PendingPtr& pending, core::Command&& command, std::string&& key) {
  engine::Request request;
  request.command = std::move(command);
  if (!key.empty() && pending->caller.merchant != nullptr) {
    request.merchant = pending->caller.merchant->id;
    request.idempotency = engine::Idempotency{
        std::string(pending->match.dialect->name) + "|" + key, request_hash(pending->request),
        [this, pending](const core::Result<core::Reply>& reply) {
          wire::Response response = render(*pending, answer_of(core::Result<core::Reply>(reply)));
          core::StoredReply stored;
          stored.status = response.status;
          stored.content_type = response.content_type;
          stored.body = std::move(response.body);
          return stored;
        }};
  }
  request.done = [this, pending](engine::Outcome outcome) {
    pending->outcome = std::move(outcome);
    post_([this, pending] {
      if (pending->outcome.stored)
        pending->respond(response_of(*pending->outcome.stored));
      else
        finish(pending, answer_of(std::move(pending->outcome.reply)));
    });
  };
  submit(std::move(request));
}

void FrontDoor::hold_one_state() {
  // Counted before any answer of the commit is given: what somebody was told is always read.
  const std::uint64_t commits = parts_.engine.commits();
  if (held_commits_ == commits) return;
  parts_.reader.let_go();
  if (!parts_.reader.hold()) return;
  if (!std::exchange(held_commits_, commits)) {
    defer_([this] {
      held_commits_.reset();
      parts_.reader.let_go();
    });
  }
}

void FrontDoor::submit(engine::Request&& request) {
  if (!std::exchange(nudge_deferred_, true)) {
    defer_([this] {
      nudge_deferred_ = false;
      parts_.engine.nudge();
    });
  }
  parts_.engine.enqueue(std::move(request));
}

wire::Response FrontDoor::render(const Pending& pending,
                                 const core::Result<dialects::Answer>& answer) const {
  return pending.match.route->render(answer, pending.request, pending.match.arguments,
                                     pending.caller, pending.context);
}

void FrontDoor::finish(const PendingPtr& pending, const core::Result<dialects::Answer>& answer) {
  pending->respond(render(*pending, answer));
}

wire::Response FrontDoor::refuse(int status, const wire::Request& request) {
  const Match match = parts_.router.find(request);
  return match.dialect->refuse(core::Error{code_of_status(status)}, request, context());
}

}  // namespace disburse::front_door
