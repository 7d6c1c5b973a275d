// GET /api/v1/claims/{code} and the three calls under it.
#include "dialects/house/claim_api.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "dialects/house/answers.hpp"
#include "dialects/house/claim_code.hpp"
#include "dialects/house/claim_state.hpp"
#include "dialects/house/payout_details.hpp"
#include "dialects/house/requests.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;

// A claim's answers name people and money: no cache keeps them.
wire::Response answer(int status, std::string body) {
  wire::Response response{.status = status, .body = std::move(body)};
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

// ---- requests
// -------------------------------------------------------------------------------------------------

core::Result<Call> parse_look(const wire::Request& request, const PathArguments& arguments,
                              const Caller&, const Context& context) {
  const core::Claim claim = TRY(open_code(context.ids, arguments["code"]));
  return Call{core::Query(core::FindClaim{claim, bearer_token(request)})};
}

core::Result<Call> parse_send(const wire::Request& request, const PathArguments& arguments,
                              const Caller& caller, const Context& context) {
  const core::Claim claim = TRY(open_code(context.ids, arguments["code"]));
  const wire::JsonDocument body = TRY(json_object(request));
  const std::string_view word = TRY(required_text(body, "channel"));
  if (word != "sms" && word != "email") return core::fail(Code::otp_channel_unknown, "channel");

  const core::Channel channel = word == "sms" ? core::Channel::sms : core::Channel::email;
  return Call{core::Command(core::SendOtp{claim, channel, std::string(caller.address)})};
}

core::Result<Call> parse_verify(const wire::Request& request, const PathArguments& arguments,
                                const Caller& caller, const Context& context) {
  const core::Claim claim = TRY(open_code(context.ids, arguments["code"]));
  const wire::JsonDocument body = TRY(json_object(request));
  const std::string_view otp = TRY(required_text(body, "otp"));
  return Call{core::Command(
      core::VerifyOtp{claim, core::SecretText(std::string(otp)), std::string(caller.address)})};
}

core::Result<Call> parse_submit(const wire::Request& request, const PathArguments& arguments,
                                const Caller& caller, const Context& context) {
  const core::Claim claim = TRY(open_code(context.ids, arguments["code"]));
  const wire::JsonDocument body = TRY(json_object(request));
  TypedDetails typed;
  typed.method = TRY(text_member(body, "method"));
  typed.name = TRY(text_member(body, "name"));
  typed.account_number = TRY(text_member(body, "account_number"));
  typed.account_number_again = TRY(text_member(body, "account_number_again"));
  typed.ifsc = TRY(text_member(body, "ifsc"));
  typed.vpa = TRY(text_member(body, "vpa"));

  core::SubmitClaim command;
  command.claim = claim;
  command.claim_token = bearer_token(request);
  command.address = std::string(caller.address);
  const std::vector<core::Error> errors = read_details(typed, command);
  if (errors.empty()) return Call{core::Command(std::move(command))};
  // The codes' order is their precedence (core/error.hpp).
  return tl::unexpected(*std::min_element(
      errors.begin(), errors.end(),
      [](const core::Error& a, const core::Error& b) { return a.code < b.code; }));
}

// ---- answers
// --------------------------------------------------------------------------------------------------

void write_methods(wire::JsonWriter& json, core::PayMethods methods) {
  json.key("methods").begin_array();
  if (core::has(methods, core::PayMethod::bank)) json.string("bank");
  if (core::has(methods, core::PayMethod::upi)) json.string("upi");
  json.end_array();
}

void write_otp(wire::JsonWriter& json, const core::ClaimView& claim, core::Instant now) {
  const core::OtpState& otp = claim.view.link.otp;
  const bool open = otp_is_open(claim.view.link, now);
  json.key("otp").begin_object();
  json.field("required", claim.view.link.otp_required);
  json.field("verified", claim.otp_verified);
  json.key("channels").begin_array();
  for (const OtpTarget& target : otp_targets(claim.view)) {
    json.begin_object();
    json.field("channel", core::name(target.channel)).field("to", target.masked);
    json.end_object();
  }
  json.end_array();
  write_time(json, "sent_at", open ? std::optional(otp.sent_at) : std::nullopt);
  write_time(json, "locked_until",
             is_locked(claim.view.link, now) ? std::optional(otp.locked_until) : std::nullopt);
  json.end_object();
}

void write_failure(wire::JsonWriter& json, const core::LinkView& view) {
  const std::optional<Failure> failure = last_failure(view);
  json.key("last_failure");
  if (!failure) {
    json.null();
    return;
  }
  json.begin_object().field("code", failure->reason).field("reason", failure->text).end_object();
}

std::string claim_body(const core::ClaimView& claim, core::Instant now) {
  const core::Link& link = claim.view.link;
  const ClaimState state = claim_state(claim.view, now);
  const bool paid = state == ClaimState::paid && claim.view.payout;
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object();
  json.field("state", name(state));
  json.field("merchant", claim.merchant_name);
  json.field("amount_paise", link.amount.paise());
  json.field("currency", "INR");
  json.field("description", link.description);
  write_methods(json, offered(link));
  write_time(json, "expires_at", link.expires_at);
  write_otp(json, claim, now);
  json.field("purpose", link.purpose);
  write_time(json, "activates_at", link.activates_at);
  json.key("utr");
  paid ? json.string(claim.view.payout->utr) : json.null();
  write_failure(json, claim.view);
  json.field("support", claim.support_contact);
  json.end_object();
  return body;
}

wire::Response render_look(const core::Result<Answer>& result, const wire::Request&,
                           const PathArguments&, const Caller&, const Context& context) {
  const auto* claim = reply_of<core::ClaimView>(result);
  return claim == nullptr ? problem(error_of(result))
                          : answer(200, claim_body(*claim, context.now));
}

wire::Response render_sent(const core::Result<Answer>& result, const wire::Request&,
                           const PathArguments&, const Caller&, const Context&) {
  const auto* sent = reply_of<core::OtpSent>(result);
  if (sent == nullptr) return problem(error_of(result));
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object().field("channel", core::name(sent->channel));
  json.field("expires_at", core::rfc3339(sent->expires_at)).end_object();
  return answer(202, std::move(body));
}

wire::Response render_verified(const core::Result<Answer>& result, const wire::Request&,
                               const PathArguments&, const Caller&, const Context&) {
  const auto* verified = reply_of<core::OtpVerified>(result);
  if (verified == nullptr) return problem(error_of(result));
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object().field("claim_token", verified->claim_token.expose());
  json.field("expires_at", core::rfc3339(verified->expires_at)).end_object();
  return answer(200, std::move(body));
}

// The payout runs on: what the caller is told is that it was taken, whatever the bank has said
// meanwhile.
wire::Response render_submitted(const core::Result<Answer>& result, const wire::Request&,
                                const PathArguments&, const Caller&, const Context&) {
  if (!result) return problem(error_of(result));
  return answer(202, R"({"state":"submitted"})");
}

}  // namespace

constinit const std::array<Route, 4> kClaimApi = {{
    {wire::Method::get, "/api/v1/claims/{code}", Access::open, parse_look, render_look},
    {wire::Method::post, "/api/v1/claims/{code}/otp", Access::open, parse_send, render_sent, 4096},
    {wire::Method::post, "/api/v1/claims/{code}/otp/verify", Access::open, parse_verify,
     render_verified, 4096},
    {wire::Method::post, "/api/v1/claims/{code}/submit", Access::open, parse_submit,
     render_submitted, 16384},
}};

}  // namespace disburse::dialects::house
