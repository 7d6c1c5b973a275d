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

template <class WriteEntity>
std::string in_envelope(std::string_view account_id, std::string_view event, std::string_view key,
                        std::int64_t created_at, const WriteEntity& write_entity) {
  std::string body;
  wire::JsonWriter json(body);
  json.begin_object().field("entity", "event");
  json.field("account_id", account_id);
  json.field("event", event);
  json.key("contains").begin_array().string(key).end_array();
  json.key("payload").begin_object().key(key).begin_object().key("entity");
  write_entity(json);
  json.end_object().end_object();
  json.field("created_at", created_at).end_object();
  return body;
}

// What the events of one announcement have in common.
struct Teller {
  const core::Task& announcement;
  const core::Merchant& merchant;
  const Context& context;
  std::string account;

  template <class Entity>
  Event event(std::string_view name, const IdForm& ids, const Entity& entity) const {
    Event out;
    out.name = name;
    out.event_id = print_id(ids, context.ids, merchant.id, announcement.id.value);
    out.body = event_body(account, name, entity, announcement.at.seconds());
    out.headers.emplace_back("X-Razorpay-Event-Id", out.event_id);
    return out;
  }
};

}  // namespace

std::string_view link_event_name(Topic topic) {
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
    case Topic::payout_reversed:  // a late reversal changes nothing of the link
      return {};
  }
  return {};
}

std::string_view payout_event_name(Topic topic) {
  switch (topic) {
    case Topic::link_processing:
      return "payout.initiated";
    case Topic::link_processed:
      return "payout.processed";
    case Topic::link_attempted:
      return "payout.failed";
    case Topic::payout_reversed:
      return "payout.reversed";
    case Topic::none:
    case Topic::link_pending:
    case Topic::link_scheduled:
    case Topic::link_issued:
    case Topic::link_cancelled:
    case Topic::link_rejected:
    case Topic::link_expired:
      return {};
  }
  return {};
}

std::string event_body(std::string_view account_id, std::string_view event, const PayoutLink& link,
                       std::int64_t created_at) {
  return in_envelope(account_id, event, "payout_link", created_at,
                     [&](wire::JsonWriter& json) { write_link(json, link, layout_of(event)); });
}

std::string event_body(std::string_view account_id, std::string_view event,
                       const PrintedPayout& payout, std::int64_t created_at) {
  return in_envelope(account_id, event, "payout", created_at,
                     [&](wire::JsonWriter& json) { write_payout(json, payout); });
}

std::vector<Event> events(const core::Task& announcement, const core::LinkView& view,
                          const core::Merchant& merchant, const Context& context) {
  const Teller teller{announcement, merchant, context,
                      print_id(kAccountIds, context.ids, merchant.id, merchant.id.value)};
  std::vector<Event> told;
  if (const auto name = link_event_name(announcement.topic); !name.empty()) {
    const PayoutLink link = payout_link_of(view, view.link.state, merchant, context);
    told.push_back(teller.event(name, kEventIds, link));
  }
  const auto name = payout_event_name(announcement.topic);
  if (!name.empty() && view.payout) {
    const PrintedPayout payout = payout_of_link(*view.payout, view.link, merchant, context);
    const bool begins = announcement.topic == Topic::link_processing;
    told.insert(begins ? told.end() : told.begin(), teller.event(name, kSecondEventIds, payout));
  }
  return told;
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
