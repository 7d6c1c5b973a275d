#include "dialects/instantpay/webhook.hpp"

#include <array>

#include "dialects/instantpay/ids.hpp"
#include "wire/form.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Topic;

struct Outcome {
  std::string_view status;
  std::string_view code;
  std::string_view message;
  std::string_view mode;
};

constexpr Outcome kPending = {"PENDING", "TUP", "Transaction Under Process", "DR"};
constexpr Outcome kSuccess = {"SUCCESS", "TXN", "Transaction Successful", "DR"};
constexpr Outcome kRefund = {"REFUND", "TRP", "Transaction Refund Processed", "CR"};
// Money that was put aside when the link was issued stays aside when a payout fails: nothing was
// paid back, so the code is the failing one.
constexpr Outcome kFailed = {"REFUND", "FAB", "Failure at Bank end", "DR"};

std::optional<Outcome> outcome_of(Topic topic, const core::Link& link) {
  switch (topic) {
    case Topic::link_processing:
      return kPending;
    case Topic::link_processed:
      return kSuccess;
    // The claim was told as PENDING, so its end is told too; what it had taken is back.
    case Topic::link_attempted:
      return link.held ? kFailed : kRefund;
    case Topic::payout_reversed:
      return kRefund;
    case Topic::none:
    case Topic::link_pending:
    case Topic::link_scheduled:
    case Topic::link_issued:
    case Topic::link_rejected:
    case Topic::link_cancelled:
    case Topic::link_expired:
      return std::nullopt;
  }
  return std::nullopt;
}

// The caller's own number, or the link's id where there is none.
std::string agent_id(const core::Link& link, const Context& context) {
  return link.reference.empty() ? link_id_text(context.ids, link.merchant, link.id)
                                : link.reference;
}

// The last one: ours was added behind whatever the merchant's URL had.
std::string sent_ipay_id(const core::Delivery& delivery) {
  const std::size_t query = delivery.url.find('?');
  if (query == std::string::npos) return {};
  const std::string_view text = std::string_view(delivery.url).substr(query + 1);
  const core::Result<wire::Form> form = wire::Form::parse(text.substr(0, text.find('#')));
  if (!form) return {};
  const std::vector<std::string_view> all = form->all("ipay_id");
  return all.empty() ? std::string() : std::string(all.back());
}

}  // namespace

std::vector<Event> events(const core::Task& announcement, const core::LinkView& view,
                          const core::Merchant&, const Context& context) {
  const core::Link& link = view.link;
  const std::optional<Outcome> outcome = outcome_of(announcement.topic, link);
  if (!outcome) return {};
  const core::PayoutId payout = announcement.payout ? announcement.payout : link.payout;
  const std::string ipay_id = payout_order_id(context.ids, link.merchant, payout);
  const bool shown = view.payout && view.payout->id == payout;

  Event event;
  event.name = outcome->status;
  event.event_id = ipay_id + "-" + std::string(outcome->status);
  event.query = {{"ipay_id", ipay_id},
                 {"agent_id", agent_id(link, context)},
                 {"opr_id", shown ? view.payout->utr : std::string()},
                 {"status", std::string(outcome->status)},
                 {"res_code", std::string(outcome->code)},
                 {"res_msg", std::string(outcome->message)},
                 {"txn_mode", std::string(outcome->mode)}};
  return {std::move(event)};
}

std::optional<core::Duration> retry_after(std::uint32_t tries, core::Duration) {
  using std::chrono::minutes;
  constexpr std::array<core::Duration, 5> kGaps = {minutes(5), minutes(15), minutes(30),
                                                   minutes(60), minutes(240)};
  if (tries == 0 || tries > kGaps.size()) return std::nullopt;
  return kGaps[tries - 1];
}

bool acknowledged(const core::Delivery& delivery, int status, std::string_view answer) {
  if (status < 200 || status > 299) return false;
  const core::Result<wire::JsonDocument> body = wire::parse_json(answer);
  if (!body || !body->root().is_object()) return false;
  const wire::JsonValue* success = body->find("success");
  const wire::JsonValue* echo = body->find("ipay_id");
  const std::string sent = sent_ipay_id(delivery);
  return success != nullptr && success->boolean() && echo != nullptr && echo->is_string() &&
         !sent.empty() && echo->text() == sent;
}

}  // namespace disburse::dialects::instantpay
