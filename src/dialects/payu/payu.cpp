#include "dialects/payu/payu.hpp"

#include "dialects/payu/errors.hpp"
#include "dialects/payu/events.hpp"
#include "dialects/payu/new_credentials.hpp"
#include "dialects/payu/requests.hpp"
#include "dialects/payu/smart_send.hpp"
#include "dialects/payu/token.hpp"
#include "dialects/payu/webhook_setup.hpp"

namespace disburse::dialects::payu {
namespace {

constexpr std::size_t kBodyLimit = 64 * 1024;  // a request of any of these routes is under 4 KiB

using Parse = decltype(Route::parse);
using Render = decltype(Route::render);
using enum wire::Method;

constexpr Route open(wire::Method method, std::string_view path, Parse parse, Render render) {
  return {method, path, Access::open, parse, render, kBodyLimit};
}
constexpr Route route(wire::Method method, std::string_view path, Parse parse, Render render) {
  return {method, path, Access::merchant, parse, render, kBodyLimit};
}

constexpr Route kRoutes[] = {
    open(post, "/oauth/token", parse_token, render_token),
    open(post, "/token", parse_token, render_token),

    route(post, "/payout/smartPay", parse_create, render_create),
    route(get, "/payout/smartPay/status", parse_status, render_status),
    route(post, "/payout/smartPay/cancel", parse_cancel, render_cancel),

    route(post, "/payout/v2/webhook", parse_set_webhook, render_set_webhook),
    route(get, "/payout/v2/webhook", parse_list_webhooks, render_list_webhooks),
    route(delete_, "/payout/v2/webhook", parse_delete_webhooks, render_delete_webhooks),
};

constexpr ClaimPath kClaimPaths[] = {{.pattern = "/smartPay", .query_parameter = "id"}};
constexpr std::string_view kPrefixes[] = {"/payout", "/oauth", "/token"};

}  // namespace

constinit const Dialect kDialect = {.name = "payu",
                                    .routes = kRoutes,
                                    .claim_paths = kClaimPaths,
                                    .prefixes = kPrefixes,
                                    .credentials = credentials,
                                    .refuse = render_error,
                                    .link_url = link_url,
                                    .event_names = kEventNames,
                                    .events = events,
                                    .wants = wants,
                                    .webhook = kWebhookRules,
                                    .new_credentials = new_credentials,
                                    .sheet = sheet,
                                    .sample_call = kSampleCall};

}  // namespace disburse::dialects::payu
