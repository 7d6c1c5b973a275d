// The dialect as data: routes, credentials, webhook rules. Threads: immutable.
#include "dialects/razorpay/razorpay.hpp"

#include "dialects/razorpay/account.hpp"
#include "dialects/razorpay/create.hpp"
#include "dialects/razorpay/entity.hpp"
#include "dialects/razorpay/errors.hpp"
#include "dialects/razorpay/links.hpp"
#include "dialects/razorpay/payout.hpp"
#include "dialects/razorpay/sealed_ids.hpp"
#include "dialects/razorpay/webhook.hpp"
#include "wire/base64.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::Code;
using core::Result;

// ---- parse ------------------------------------------------------------------------------------

// An offence with a text of its own is answered here; the others go the way of all errors.
tl::unexpected<core::Error> pass_on(const Offence& offence) {
  return tl::unexpected<core::Error>(offence.error);
}
Call answered(const Offence& offence) { return Call{.what = error_response(offence)}; }

Result<Call> parse_create(const wire::Request& request, const PathArguments&, const Caller& caller,
                          const Context& context) {
  auto create = read_create(request, *caller.merchant, context);
  if (create) {
    return Call{.what = core::Command(std::move(*create)),
                .idempotency_key = idempotency_key(request)};
  }
  if (create.error().description.empty()) return pass_on(create.error());
  return answered(create.error());
}

Result<Call> parse_list(const wire::Request& request, const PathArguments&, const Caller& caller,
                        const Context& context) {
  auto call = read_list(request, *caller.merchant, context);
  if (call) return std::move(*call);
  if (call.error().description.empty()) return pass_on(call.error());
  return answered(call.error());
}

Result<Call> parse_fetch(const wire::Request& request, const PathArguments& path,
                         const Caller& caller, const Context& context) {
  auto query = read_fetch(request, path["id"], *caller.merchant, context);
  if (!query) return pass_on(query.error());
  return Call{.what = std::move(*query)};
}

// The body is not looked at: clients send none, "null" or "{}".
Result<Call> parse_cancel(const wire::Request&, const PathArguments& path, const Caller& caller,
                          const Context& context) {
  const core::MerchantId merchant = caller.merchant->id;
  core::CancelLink cancel;
  cancel.merchant = merchant;
  cancel.link.id.value = TRY(read_id(kLinkIds, context.ids, merchant, path["id"]));
  cancel.rule = core::CancelRule::issued_only;
  cancel.actor = "razorpay";
  return Call{.what = core::Command(std::move(cancel))};
}

// ---- render -----------------------------------------------------------------------------------

template <class Wanted>
const Wanted* reply_as(const Result<Answer>& answer) {
  const auto* reply = answer ? std::get_if<core::Reply>(&*answer) : nullptr;
  return reply == nullptr ? nullptr : std::get_if<Wanted>(reply);
}

wire::Response render_error(const Result<Answer>& answer, std::string_view value) {
  if (answer) return error_response(core::Error{.code = Code::internal_error});
  return error_response(answer.error(), value);
}

wire::Response render_link(const core::LinkView& view, Layout layout, const Caller& caller,
                           const Context& context) {
  const core::LinkState state = core::state_at(view.link, context.now);
  wire::Response response;
  wire::JsonWriter json(response.body);
  write_link(json, payout_link_of(view, state, *caller.merchant, context), layout);
  return response;
}

wire::Response render_story(const core::Story& story, const Caller& caller,
                            const Context& context) {
  const core::LinkState state = core::state_at(story.view.link, context.now);
  wire::Response response;
  wire::JsonWriter json(response.body);
  json.begin_object();
  write_members(json, payout_link_of(story.view, state, *caller.merchant, context),
                Layout::fetched);
  write_payouts(json, story, *caller.merchant, context);
  json.end_object();
  return response;
}

wire::Response render_created(const Result<Answer>& answer, const wire::Request&,
                              const PathArguments&, const Caller& caller, const Context& context) {
  const auto* view = reply_as<core::LinkView>(answer);
  if (view == nullptr) return render_error(answer, {});
  return render_link(*view, Layout::created, caller, context);
}

wire::Response render_listed(const Result<Answer>& answer, const wire::Request&,
                             const PathArguments&, const Caller& caller, const Context& context) {
  const auto* page = reply_as<core::LinkPage>(answer);
  if (page == nullptr) return render_error(answer, {});
  return render_list(*page, *caller.merchant, context);
}

wire::Response render_fetched(const Result<Answer>& answer, const wire::Request&,
                              const PathArguments& path, const Caller& caller,
                              const Context& context) {
  if (const auto* story = reply_as<core::Story>(answer)) {
    return render_story(*story, caller, context);
  }
  const auto* view = reply_as<core::LinkView>(answer);
  if (view == nullptr) return render_error(answer, path["id"]);
  return render_link(*view, Layout::fetched, caller, context);
}

wire::Response render_cancelled(const Result<Answer>& answer, const wire::Request&,
                                const PathArguments& path, const Caller& caller,
                                const Context& context) {
  const auto* view = reply_as<core::LinkView>(answer);
  if (view == nullptr) return render_error(answer, path["id"]);
  return render_link(*view, Layout::fetched, caller, context);
}

// ---- the rest ---------------------------------------------------------------------------------

// The scheme is written "Basic" and one blank: the authentication page lists other spellings as
// wrong, and every client in use writes it so.
Presented credentials(const wire::Request& request) {
  constexpr std::string_view kScheme = "Basic ";
  const std::string_view header = request.header("authorization");
  if (!header.starts_with(kScheme)) return {};
  const auto pair = wire::base64_decode(trimmed(header.substr(kScheme.size())));
  if (!pair) return {};
  const std::size_t colon = pair->find(':');
  if (colon == std::string::npos || colon == 0) return {};
  return {.kind = "key",
          .name = pair->substr(0, colon),
          .secret = core::SecretText(pair->substr(colon + 1))};
}

std::string link_url(const core::Link& link, const Context& context) {
  return short_url(context.public_url, context.ids, link);
}

using enum Access;
using enum wire::Method;
// clang-format off
constexpr Route kRoutes[] = {
    {post, "/v1/payout-links",             merchant, parse_create, render_created},
    {get,  "/v1/payout-links",             merchant, parse_list,   render_listed},
    {get,  "/v1/payout-links/{id}",        merchant, parse_fetch,  render_fetched},
    {post, "/v1/payout-links/{id}/cancel", merchant, parse_cancel, render_cancelled},
};
// clang-format on
constexpr ClaimPath kClaimPaths[] = {{.pattern = "/i/{code}"}};
constexpr std::string_view kPrefixes[] = {"/v1/"};

}  // namespace

const Dialect kDialect = {
    .name = "razorpay",
    .routes = kRoutes,
    .claim_paths = kClaimPaths,
    .prefixes = kPrefixes,
    .credentials = credentials,
    .refuse = refuse,
    .link_url = link_url,
    .event_names = kEventNames,
    .events = events,
    .wants = wants_named_or_all,
    .webhook = {.time_limit = std::chrono::seconds(5),
                .signature_header = "X-Razorpay-Signature",
                .retry_after = retry_after,
                .acknowledged = acknowledged,
                .giving_up_disables_endpoint = true},
    .new_credentials = new_credentials,
    .sheet = account_sheet,
    .sample_call = kSampleCall,
};

}  // namespace disburse::dialects::razorpay
