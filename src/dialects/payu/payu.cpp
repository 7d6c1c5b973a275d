#include "dialects/payu/payu.hpp"

#include "dialects/payu/errors.hpp"
#include "dialects/payu/events.hpp"
#include "dialects/payu/requests.hpp"
#include "dialects/payu/smart_send.hpp"
#include "dialects/payu/token.hpp"
#include "dialects/payu/webhook_setup.hpp"

namespace disburse::dialects::payu {
namespace {

constexpr std::size_t kBodyLimit = 64 * 1024;  // a request of any of these routes is under 4 KiB

constexpr Route kRoutes[] = {
    {wire::Method::post, "/oauth/token", Access::open, parse_token, render_token, kBodyLimit},
    {wire::Method::post, "/token", Access::open, parse_token, render_token, kBodyLimit},

    {wire::Method::post, "/payout/smartPay", Access::merchant, parse_create, render_create,
     kBodyLimit},
    {wire::Method::get, "/payout/smartPay/status", Access::merchant, parse_status, render_status,
     kBodyLimit},
    {wire::Method::post, "/payout/smartPay/cancel", Access::merchant, parse_cancel, render_cancel,
     kBodyLimit},

    {wire::Method::post, "/payout/v2/webhook", Access::merchant, parse_set_webhook,
     render_set_webhook, kBodyLimit},
    {wire::Method::get, "/payout/v2/webhook", Access::merchant, parse_list_webhooks,
     render_list_webhooks, kBodyLimit},
    {wire::Method::delete_, "/payout/v2/webhook", Access::merchant, parse_delete_webhooks,
     render_delete_webhooks, kBodyLimit},
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
                          .webhook = kWebhookRules};

}  // namespace disburse::dialects::payu
