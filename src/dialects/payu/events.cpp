#include "dialects/payu/events.hpp"

#include <algorithm>

#include "core/calendar.hpp"
#include "dialects/payu/identifiers.hpp"
#include "dialects/payu/requests.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::payu {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view kDefault = "default";
std::string capitals(std::string_view key) {
  std::string out(key);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

Event event(std::string_view key, std::string body) {
  return {.name = std::string(key),
          .event_id = {},
          .body = std::move(body),
          .query = {},
          .headers = {}};
}

wire::JsonWriter& begin(wire::JsonWriter& json, std::string_view key, std::string_view msg) {
  return json.begin_object().field("event", capitals(key)).field("msg", msg);
}

// The two keys that the newer documentation adds to most events. `authorization` is empty in every
// sample: the endpoint's value goes into a header, never into bodies, which get logged.
void end(wire::JsonWriter& json, core::MerchantId merchant) {
  json.field("authorization", "")
      .field("payoutMerchantId", payout_merchant_id(merchant))
      .end_object();
}

Event detail_submitted(const core::Link& link, const Context& context) {
  constexpr std::string_view kKey = "smart_send_detail_submitted";
  std::string body;
  wire::JsonWriter json(body);
  // The one payload that has no `authorization` and `payoutMerchantId`, in PayU's sample too.
  begin(json, kKey, "Detail filled")
      .field("linkId", link_id(context.ids, link.merchant, link.id))
      .field("merchantReferenceId", link.reference)
      .field("merchantMiscId", "")
      .end_object();
  return event(kKey, std::move(body));
}

core::PayoutId payout_id(const core::Task& announcement, const core::LinkView& view) {
  return announcement.payout ? announcement.payout : view.link.payout;
}

// The payout that the change was about; null when a later claim has put another in its place.
const core::Payout* payout_of(const core::Task& announcement, const core::LinkView& view) {
  const bool same = view.payout && view.payout->id == payout_id(announcement, view);
  return same ? &*view.payout : nullptr;
}

// What success, failure and reversal have in common. A failure has a bank reference and an error
// code only where the bank gave them.
Event transfer(std::string_view key, std::string_view msg, const core::Task& announcement,
               const core::LinkView& view) {
  const core::Link& link = view.link;
  const bool failed = key == "transfer_failed";
  const core::Payout* payout = payout_of(announcement, view);
  const std::string_view utr = payout == nullptr ? std::string_view() : payout->utr;
  const std::string_view reason = payout == nullptr ? std::string_view() : payout->reason;
  std::string body;
  wire::JsonWriter json(body);
  begin(json, key, msg)
      .field("payuRefId", transfer_reference(link.merchant, payout_id(announcement, view)))
      .field("merchantReferenceId", link.reference);
  if (!failed || !utr.empty()) json.field("bankReferenceId", utr);
  if (failed && !reason.empty()) json.field("errorCode", reason);
  end(json, link.merchant);
  return event(key, std::move(body));
}

Event failed_transfer(const core::Task& announcement, const core::LinkView& view) {
  const core::Payout* payout = payout_of(announcement, view);
  const std::string_view text = payout == nullptr ? std::string_view() : payout->reason_text;
  return transfer("transfer_failed",
                  text.empty() ? "Transfer failed due to technical decline. Please reinitiate "
                                 "the transaction"
                               : text,
                  announcement, view);
}

// expireOn is in Indian time; PayU prints it with stray blanks, which are not repeated. A link that
// another dialect made may never expire.
Event link_over(std::string_view key, std::string_view msg, const core::Link& link) {
  const std::string expires =
      link.expires_at ? core::format_time(*link.expires_at, core::kIndia, "%Y-%m-%d %H:%M:%S") : "";
  std::string body;
  wire::JsonWriter json(body);
  begin(json, key, msg).field("expireOn", expires).field("merchantReferenceId", link.reference);
  end(json, link.merchant);
  return event(key, std::move(body));
}

bool names(const core::Endpoint& endpoint, std::string_view key) {
  return std::any_of(endpoint.events.begin(), endpoint.events.end(),
                     [key](const std::string& named) { return canonical_key(named) == key; });
}

}  // namespace

std::optional<core::Duration> retry_after(std::uint32_t tries, core::Duration) {
  if (tries == 1) return 1min;
  if (tries == 2) return 5min;
  return std::nullopt;
}

bool acknowledged(const core::Delivery&, int status, std::string_view) { return status == 200; }

std::string canonical_key(std::string_view key) {
  std::string out(trimmed(key));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  // The older page's names, and a misprint of the newer one.
  if (out == "deposit" || out == "deposit__success") return "deposit_success";
  return out == "low_balance" ? "low_balance_alert" : out;
}

bool is_event_key(std::string_view canonical) {
  const auto end_of_keys = kEventNames.begin() + kKeyCount;
  return std::find(kEventNames.begin(), end_of_keys, canonical) != end_of_keys;
}

std::vector<Event> events(const core::Task& announcement, const core::LinkView& view,
                          const core::Merchant&, const Context& context) {
  const core::Link& link = view.link;
  switch (announcement.topic) {
    case core::Topic::link_processing:
      return {detail_submitted(link, context)};
    case core::Topic::link_processed:
      return {transfer("transfer_success", "Success", announcement, view)};
    case core::Topic::link_attempted:
      return {failed_transfer(announcement, view)};
    // One page says "Transaction Successful" here, which would mislead who reads it.
    case core::Topic::payout_reversed:
      return {transfer("transfer_reversed", "Transfer Reversed", announcement, view)};
    case core::Topic::link_expired:
      return {link_over("smart_send_expired", "Smart send link expired, create a new link.", link)};
    case core::Topic::link_cancelled:
      return {link_over("smart_send_cancelled",
                        "Smart Send Link cancelled by the merchant, create a new link.", link)};
    case core::Topic::link_rejected:
      return {link_over("smart_send_rejected",
                        "Smart Send approval rejected, check with the approver.", link)};
    case core::Topic::none:
    case core::Topic::link_pending:
    case core::Topic::link_scheduled:
    case core::Topic::link_issued:
      return {};
  }
  return {};
}

bool wants(const core::Endpoint& endpoint, std::span<const core::Endpoint> all,
           std::string_view event_name) {
  if (endpoint.events.empty()) return true;
  const std::string key = canonical_key(event_name);
  if (names(endpoint, key)) return true;
  const bool somebody_named = std::any_of(
      all.begin(), all.end(),
      [&key](const core::Endpoint& other) { return other.dialect == "payu" && names(other, key); });
  return names(endpoint, kDefault) && !somebody_named;
}

}  // namespace disburse::dialects::payu
