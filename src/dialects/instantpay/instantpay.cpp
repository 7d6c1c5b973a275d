#include "dialects/instantpay/instantpay.hpp"

#include "dialects/instantpay/actions.hpp"
#include "dialects/instantpay/create.hpp"
#include "dialects/instantpay/envelope.hpp"
#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/list.hpp"
#include "dialects/instantpay/new_credentials.hpp"
#include "dialects/instantpay/qr_image.hpp"
#include "dialects/instantpay/record.hpp"
#include "dialects/instantpay/request.hpp"
#include "dialects/instantpay/track.hpp"
#include "dialects/instantpay/webhook.hpp"

namespace disburse::dialects::instantpay {

namespace {

// A create is under a kilobyte; a link is never larger than this.
constexpr std::size_t kBody = 64 * 1024;

// clang-format off
namespace route_table {
using enum wire::Method;
using enum Access;
constexpr Route kRoutes[] = {
    {post, "/payments/payout/link/create", merchant, parse_create, render_create, kBody},
    {get,  "/payments/payout/link/list",   merchant, parse_list,   render_list,   kBody},
    {post, "/payments/payout/link/list",   merchant, parse_list,   render_list,   kBody},
    {post, "/payments/payout/link/cancel", merchant, parse_cancel, render_cancel, kBody},
    {post, "/payments/payout/link/notify", merchant, parse_notify, render_notify, kBody},
    {get,  "/payments/payout/link/track/{linkId}", merchant, parse_track, render_track, kBody},
    // "payment": sic, in the provider's qrUrl; the plural is its spelling everywhere else.
    {get,  "/payment/payout/link/qr/{code}",  open, parse_qr, render_qr, kBody},
    {get,  "/payments/payout/link/qr/{code}", open, parse_qr, render_qr, kBody},
};
}  // namespace route_table
using route_table::kRoutes;
// clang-format on

constexpr ClaimPath kClaimPaths[] = {{.pattern = "/l/{code}"}};

// Also the provider's other products, which this server does not have: "Unknown Method" says so.
constexpr std::string_view kPrefixes[] = {"/payments", "/payment", "/reports", "/identity",
                                          "/accounts"};

// The auth code is looked at after id and secret (request.hpp), so here IAC wins over IAT.
wire::Response refuse(const core::Error& error, const wire::Request&, const Context& context) {
  return seal_refusal(error, nullptr, context);
}

}  // namespace

const Dialect kDialect = {
    .name = kName,
    .routes = kRoutes,
    .claim_paths = kClaimPaths,
    .prefixes = kPrefixes,
    .credentials = credentials,
    .refuse = refuse,
    .link_url = link_url,
    .event_names = kEventNames,
    .events = events,
    .wants = wants_named_or_all,
    .webhook = kWebhook,
    .new_credentials = new_credentials,
    .sheet = sheet,
    .sample_call = kSampleCall,
};

}  // namespace disburse::dialects::instantpay
