#include "dialects/instantpay/track.hpp"

#include <optional>

#include "dialects/instantpay/envelope.hpp"
#include "dialects/instantpay/errors.hpp"
#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/record.hpp"
#include "dialects/instantpay/request.hpp"
#include "dialects/instantpay/words.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::FundAccount;
using core::History;
using core::HistoryKind;
using core::LinkEvent;
using core::LinkState;
using core::Result;
using core::Story;

// The accounts of steps that touch one; the provider shows the number as ten of these.
constexpr std::string_view kHiddenAccount = "xxxxxxxxxx";

enum class Order : std::uint8_t { none, verification, payout };

struct Step {
  std::string_view status;
  Order order = Order::none;
};

// The provider's samples have four of these texts: created, verified, claimed and, in step_of, the
// notification. The others are ours; README.md lists them.
std::optional<Step> step_of_change(LinkEvent event) {
  switch (event) {
    case LinkEvent::create:
    case LinkEvent::create_for_approval:
    case LinkEvent::create_for_later:
      return Step{"Payout link created"};
    case LinkEvent::reject:
      return Step{"Payout link rejected"};
    case LinkEvent::cancel:
      return Step{"Payout link cancelled"};
    case LinkEvent::expire:
      return Step{"Payout link expired"};
    case LinkEvent::payout_settled:
      return Step{"Link Claimed successfully", Order::payout};
    case LinkEvent::payout_failed:
      return Step{"Payout failed", Order::payout};
    case LinkEvent::payout_reversed:
      return Step{"Payout reversed", Order::payout};
    // Approval and activation are not in this language: the link has been ISSUED all along. A claim
    // shows as "under process" for as long as it is (write_running).
    case LinkEvent::approve:
    case LinkEvent::approve_for_later:
    case LinkEvent::activate:
    case LinkEvent::claim:
    case LinkEvent::extend:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Step> step_of(const History& row) {
  switch (row.kind) {
    case HistoryKind::changed:
      return step_of_change(row.event);
    case HistoryKind::beneficiary_verified:
      return Step{"Beneficiary verification successful", Order::verification};
    case HistoryKind::beneficiary_refused:
      return Step{"Beneficiary verification failed", Order::verification};
    case HistoryKind::notified:  // write_notification
    case HistoryKind::otp_sent:
    case HistoryKind::otp_wrong:
    case HistoryKind::otp_locked:
    case HistoryKind::otp_verified:
    case HistoryKind::details_submitted:
    case HistoryKind::payout_queued:
    case HistoryKind::payout_sent:
    case HistoryKind::payout_unknown:
    case HistoryKind::bank_contradicted:
      return std::nullopt;
  }
  return std::nullopt;
}

const FundAccount* account_of(const Story& story, core::FundAccountId id) {
  for (const FundAccount& account : story.fund_accounts) {
    if (account.id == id) return &account;
  }
  return nullptr;
}

class Activities {
 public:
  Activities(wire::JsonWriter& json, const Story& story, const Context& context)
      : json_(json), story_(story), context_(context) {}

  void write_step(const History& row, const Step& step) {
    json_.begin_object();
    json_.field("status", step.status);
    json_.field("activityAt", time_text(row.at));
    if (step.order != Order::none) write_order(row, step.order);
    json_.end_object();
  }

  // The row's note says which contacts it went to, in the core's masks; ours are the provider's.
  void write_notification(const History& row) {
    const bool email = row.note.find('@') != std::string::npos;
    const bool sms = !email || row.note.find(" and ") != std::string::npos;
    const std::string status =
        "Payout link notification sent to " + masked_contacts(story_.view.contact, sms, email);
    write_step(row, Step{status});
  }

  // A claim whose payout has not ended.
  void write_running() {
    const History* last = nullptr;
    for (const History& row : story_.history) {
      const bool claim = row.kind == HistoryKind::changed && row.event == LinkEvent::claim;
      const bool payout = row.kind == HistoryKind::payout_queued ||
                          row.kind == HistoryKind::payout_sent ||
                          row.kind == HistoryKind::payout_unknown;
      if (claim || payout) last = &row;
    }
    if (last != nullptr) write_step(*last, Step{"Payout under process", Order::payout});
  }

 private:
  void write_order(const History& row, Order order) {
    const core::Link& link = story_.view.link;
    json_.field("orderId", order == Order::payout
                               ? payout_order_id(context_.ids, link.merchant, row.payout)
                               : verification_order_id(context_.ids, link.merchant, row.payout));
    const FundAccount* account = account_of(story_, row.fund_account);
    if (account == nullptr) return;
    json_.field("accountType", mode_of(account->method));
    json_.field("accountNumber", kHiddenAccount);
    json_.field("accountIfsc", account->ifsc);  // "" for a UPI id, as the provider writes it
  }

  wire::JsonWriter& json_;
  const Story& story_;
  const Context& context_;
};

void write_activities(wire::JsonWriter& json, const Story& story, const Context& context) {
  const core::Link& link = story.view.link;
  Activities activities(json, story, context);
  json.key("linkActivity").begin_array();
  for (const History& row : story.history) {
    if (row.kind == HistoryKind::notified) activities.write_notification(row);
    if (const auto step = step_of(row)) activities.write_step(row, *step);
  }
  if (link.state == LinkState::processing) activities.write_running();
  // Past its deadline the link is EXPIRED, also while its timer has not run.
  if (link.state != LinkState::expired && state_at(link, context.now) == LinkState::expired) {
    History expiry;
    expiry.at = *link.expires_at;
    activities.write_step(expiry, Step{"Payout link expired"});
  }
  json.end_array();
}

}  // namespace

Result<Call> parse_track(const wire::Request& request, const PathArguments& path,
                         const Caller& caller, const Context& context) {
  // The provider's samples send a body of one byte: whatever it is, it is not looked at.
  CHECK(check_headers(request, EndpointIp::optional));
  const auto id = parse_link_id(context.ids, caller.merchant->id, path["linkId"]);
  if (!id) return core::fail(core::Code::id_malformed, field::kLinkId);
  return Call{core::Query{core::LinkStory{caller.merchant->id, {.id = *id}}}};
}

wire::Response render_track(const Result<Answer>& answer, const wire::Request&,
                            const PathArguments&, const Caller& caller, const Context& context) {
  const Result<const Story*> story = reply_as<Story>(answer);
  if (!story) return seal_refusal(story.error(), caller.merchant, context);
  const core::Link& link = (*story)->view.link;
  std::string data;
  wire::JsonWriter json(data);
  json.begin_object();
  json.field("status", status_of(state_at(link, context.now)));
  json.key("amount").raw(amount_number(link.amount));
  write_activities(json, **story, context);
  json.end_object();
  return seal({.status = "Transaction Successful", .data = std::move(data)}, caller.merchant,
              context);
}

}  // namespace disburse::dialects::instantpay
