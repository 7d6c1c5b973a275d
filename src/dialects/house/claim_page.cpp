// The requests of the recipient's page: the page itself, and its three forms, each answered by a
// redirect to the page.
#include "dialects/house/claim_page.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "dialects/house/answers.hpp"
#include "dialects/house/claim_code.hpp"
#include "dialects/house/house.hpp"
#include "dialects/house/page_form.hpp"
#include "dialects/house/page_shell.hpp"
#include "dialects/house/payout_details.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::house {
namespace {

using core::Code;

constexpr int kTypedSeconds = 600;
constexpr std::size_t kBodyLimit = 16384;

bool is_secure(const Context& context) { return context.public_url.starts_with("https://"); }

// ---- where a form was sent from
// -------------------------------------------------------------------------------

// Whether the Origin header names this server. Behind a proxy that is the public URL; the Host
// header is for who opened it under another name, as when a developer forwards a port.
bool is_own_origin(std::string_view origin, const wire::Request& request, const Context& context) {
  const core::Result<wire::Url> own = wire::parse_url(context.public_url);
  if (own && origin == own->origin()) return true;
  const std::string_view scheme = request.secure ? "https://" : "http://";
  return origin.starts_with(scheme) && origin.substr(scheme.size()) == request.header("host");
}

// Browsers say where a request comes from in Sec-Fetch-Site; older ones only in Origin, which is
// "null" here because the page sends no referrer. "null" and nothing at all are let through: see
// claim_page.hpp for what else guards.
core::Result<void> check_same_site(const wire::Request& request, const Context& context) {
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty()) {
    if (site == "same-origin" || site == "none") return {};
    return core::fail(Code::not_permitted, {}, "a form of another site");
  }
  const std::string_view origin = request.header("origin");
  if (origin.empty() || origin == "null" || is_own_origin(origin, request, context)) return {};
  return core::fail(Code::not_permitted, {}, "a form of another origin");
}

struct Posted {
  core::Claim claim;
  wire::Form form;
};

core::Result<Posted> read_post(const wire::Request& request, const PathArguments& arguments,
                               const Context& context) {
  Posted posted;
  posted.claim = TRY(open_code(context.ids, arguments["code"]));
  CHECK(check_same_site(request, context));
  posted.form = TRY(wire::Form::parse(request.body));
  return posted;
}

// ---- answers
// --------------------------------------------------------------------------------------------------

wire::Response see_other(std::string location) {
  wire::Response response{.status = 303, .content_type = ""};
  response.headers.emplace_back("Location", std::move(location));
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return response;
}

// Back to the page with the mistakes that it has texts for. Refusals because of the link's state
// need none: the page shows the state.
wire::Response refused(const core::Error& error, const PathArguments& arguments,
                       std::string_view method, const Context& context) {
  const core::Result<core::Claim> claim = open_code(context.ids, arguments["code"]);
  if (!claim) return error_page(claim.error(), "", context);

  const std::string path = page_path(context.ids, *claim);
  if (is_mistake(error.code)) {
    std::string query = query_of({&error, 1});
    if (!method.empty()) query.append("&method=").append(method);
    return see_other(path + "?" + query);
  }
  const bool about_state =
      core::kind(error.code) == core::Kind::conflict || error.code == Code::otp_locked;
  return about_state ? see_other(path) : error_page(error, path, context);
}

wire::Response to_page(const PathArguments& arguments, const Context& context) {
  const core::Result<core::Claim> claim = open_code(context.ids, arguments["code"]);
  return claim ? see_other(page_path(context.ids, *claim)) : error_page(claim.error(), "", context);
}

// ---- the page
// -------------------------------------------------------------------------------------------------

core::Result<Call> parse_page(const wire::Request& request, const PathArguments& arguments,
                              const Caller&, const Context& context) {
  const core::Claim claim = TRY(open_code(context.ids, arguments["code"]));
  return Call{core::Query(core::FindClaim{claim, core::SecretText(cookie(request, kTokenCookie))})};
}

wire::Response render_page(const core::Result<Answer>& result, const wire::Request& request,
                           const PathArguments& arguments, const Caller&, const Context& context) {
  const auto* view = reply_of<core::ClaimView>(result);
  if (view == nullptr) return error_page(error_of(result), "", context);
  const core::Result<core::Claim> claim = open_code(context.ids, arguments["code"]);
  return claim ? claim_page(*view, request, *claim, context)
               : error_page(claim.error(), "", context);
}

// ---- sending and checking the one-time password
// ---------------------------------------------------------------

core::Result<Call> parse_send(const wire::Request& request, const PathArguments& arguments,
                              const Caller& caller, const Context& context) {
  const Posted posted = TRY(read_post(request, arguments, context));
  const std::string_view word = posted.form.get("channel");
  if (word != "sms" && word != "email") return core::fail(Code::otp_channel_unknown);
  const core::Channel channel = word == "sms" ? core::Channel::sms : core::Channel::email;
  return Call{core::Command(core::SendOtp{posted.claim, channel, std::string(caller.address)})};
}

wire::Response render_sent(const core::Result<Answer>& result, const wire::Request&,
                           const PathArguments& arguments, const Caller&, const Context& context) {
  return result ? to_page(arguments, context) : refused(result.error(), arguments, "", context);
}

core::Result<Call> parse_verify(const wire::Request& request, const PathArguments& arguments,
                                const Caller& caller, const Context& context) {
  const Posted posted = TRY(read_post(request, arguments, context));
  std::string otp(posted.form.get("otp"));
  std::erase(otp, ' ');  // as some messages group the digits
  if (otp.empty()) return core::fail(Code::field_required, "otp");
  return Call{core::Command(core::VerifyOtp{posted.claim, core::SecretText(std::move(otp)),
                                            std::string(caller.address)})};
}

wire::Response render_verified(const core::Result<Answer>& result, const wire::Request&,
                               const PathArguments& arguments, const Caller&,
                               const Context& context) {
  const auto* verified = reply_of<core::OtpVerified>(result);
  if (verified == nullptr) return refused(error_of(result), arguments, "", context);
  const core::Result<core::Claim> claim = open_code(context.ids, arguments["code"]);
  if (!claim) return error_page(claim.error(), "", context);

  const std::string path = page_path(context.ids, *claim);
  const core::Duration left = verified->expires_at - context.now;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left).count();
  wire::Response response = see_other(path);
  response.headers.push_back(set_cookie(kTokenCookie, verified->claim_token.expose(), path,
                                        static_cast<int>(std::max<std::int64_t>(seconds, 0)),
                                        is_secure(context)));
  return response;
}

// ---- the account
// ----------------------------------------------------------------------------------------------

TypedDetails typed_details(const wire::Form& form) {
  return {form.get("method"),         form.get("name"),
          form.get("account_number"), form.get("account_number_again"),
          form.get("ifsc"),           form.get("vpa")};
}

// All mistakes at once, which a refusal of the engine could not say.
wire::Response mistakes_page(const Posted& posted, std::span<const core::Error> errors,
                             const Context& context) {
  const std::string path = page_path(context.ids, posted.claim);
  std::string query = query_of(errors);
  if (posted.form.get("method") == "upi") query += "&method=upi";
  wire::Response response = see_other(path + "?" + query);
  response.headers.push_back(
      set_cookie(kTypedCookie, remembered(posted.form), path, kTypedSeconds, is_secure(context)));
  return response;
}

core::Result<Call> parse_submit(const wire::Request& request, const PathArguments& arguments,
                                const Caller& caller, const Context& context) {
  const Posted posted = TRY(read_post(request, arguments, context));
  core::SubmitClaim command;
  command.claim = posted.claim;
  command.claim_token = core::SecretText(cookie(request, kTokenCookie));
  command.address = std::string(caller.address);
  const std::vector<core::Error> errors = read_details(typed_details(posted.form), command);
  if (!errors.empty()) return Call{mistakes_page(posted, errors, context)};
  return Call{core::Command(std::move(command))};
}

wire::Response render_submitted(const core::Result<Answer>& result, const wire::Request& request,
                                const PathArguments& arguments, const Caller&,
                                const Context& context) {
  const core::Result<core::Claim> claim = open_code(context.ids, arguments["code"]);
  if (!claim) return error_page(claim.error(), "", context);
  const std::string path = page_path(context.ids, *claim);
  if (result) {
    wire::Response response = see_other(path);
    response.headers.push_back(set_cookie(kTypedCookie, "", path, 0, is_secure(context)));
    return response;
  }
  const core::Result<wire::Form> form = wire::Form::parse(request.body);
  const bool upi = form && form->get("method") == "upi";
  wire::Response response = refused(result.error(), arguments, upi ? "upi" : "", context);
  if (form && response.status == 303) {
    response.headers.push_back(
        set_cookie(kTypedCookie, remembered(*form), path, kTypedSeconds, is_secure(context)));
  }
  return response;
}

}  // namespace

constinit const std::array<Route, 3> kPageForms = {{
    {wire::Method::post, "/c/{code}/otp", Access::open, parse_send, render_sent, kBodyLimit},
    {wire::Method::post, "/c/{code}/otp/verify", Access::open, parse_verify, render_verified,
     kBodyLimit},
    {wire::Method::post, "/c/{code}/submit", Access::open, parse_submit, render_submitted,
     kBodyLimit},
}};

constinit const Route kClaimPage = {wire::Method::get, "/c/{code}", Access::open, parse_page,
                                    render_page};

}  // namespace disburse::dialects::house
