// Events for the merchant's receivers; see the header. Threads: pure functions.
#include "dialects/razorpay/webhook.hpp"

#include <algorithm>

#include "dialects/razorpay/sealed_ids.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::Topic;
using namespace std::chrono_literals;

constexpr core::Duration kFirstWait = 1min;
constexpr core::Duration kLongestWait = 3h;
constexpr core::Duration kPatience = 24h;  // "setup-edit-payouts": from the event's creation

// sic: the samples of these two have the contact's e-mail first, the other six its phone.
Layout layout_of(std::string_view event) {
  const bool email_first = event == "payout_link.pending" || event == "payout_link.issued";
  return email_first ? Layout::event_email_first : Layout::fetched;
}

}  // namespace

std::string_view event_name(Topic topic) {
  switch (topic) {
    case Topic::link_pending:
      return "payout_link.pending";
    case Topic::link_issued:
      return "payout_link.issued";
    case Topic::link_processing:
      return "payout_link.processing";
    case Topic::link_processed:
      return "payout_link.processed";
    case Topic::link_attempted:
      return "payout_link.attempted";
    case Topic::link_cancelled:
      return "payout_link.cancelled";
    case Topic::link_rejected:
      return "payout_link.rejected";
    case Topic::link_expired:
      return "payout_link.expired";
    case Topic::none:
    case Topic::link_scheduled:   // only other dialects make such links
    case Topic::payout_reversed:  // a late reversal changes nothing of the link here
      return {};
  }
  return {};
}

std::string event_body(std::string_view account_id, std::string_view event, const PayoutLink& link,
                       std::int64_t created_at) {
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object().field("entity", "event");
  json.field("account_id", account_id);
  json.field("event", event);
  json.key("contains").begin_array().string("payout_link").end_array();
  json.key("payload").begin_object().key("payout_link").begin_object().key("entity");
  write_link(json, link, layout_of(event));
  json.end_object().end_object();
  json.field("created_at", created_at).end_object();
  return body;
}

std::vector<Event> events(const core::Task& announcement, const core::LinkView& view,
                          const core::Merchant& merchant, const Context& context) {
  const std::string_view name = event_name(announcement.topic);
  if (name.empty()) return {};
  const std::string account = print_id(kAccountIds, context.ids, merchant.id, merchant.id.value);
  const std::string event_id = print_id(kEventIds, context.ids, merchant.id, announcement.id.value);
  const PayoutLink link = payout_link_of(view, view.link.state, merchant, context);
  Event event;
  event.name = name;
  event.event_id = event_id;
  event.body = event_body(account, name, link, announcement.at.seconds());
  event.headers.emplace_back("X-Razorpay-Event-Id", event_id);
  return {std::move(event)};
}

std::optional<core::Duration> retry_after(std::uint32_t tries, core::Duration since_event) {
  constexpr std::uint32_t kDoublings = 8;  // enough to reach the longest wait
  const std::uint32_t doublings = std::min(tries == 0 ? 0 : tries - 1, kDoublings);
  const core::Duration wait = std::min(kFirstWait * (1 << doublings), kLongestWait);
  if (since_event + wait > kPatience) return std::nullopt;
  return wait;
}

bool acknowledged(const core::Delivery&, int status, std::string_view) {
  return status >= 200 && status < 300;
}

}  // namespace disburse::dialects::razorpay
