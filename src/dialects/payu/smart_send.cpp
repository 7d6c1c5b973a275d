#include "dialects/payu/smart_send.hpp"

#include "dialects/payu/errors.hpp"
#include "dialects/payu/identifiers.hpp"
#include "dialects/payu/requests.hpp"
#include "wire/json.hpp"
#include "wire/url.hpp"

namespace disburse::dialects::payu {

using core::Code;
using core::fail;
using core::Result;

namespace {

// A link as a status request names it: by linkId, or by merchantRefId of the merchant that the
// query's payoutMerchantId says.
Result<core::LinkRef> named_link(const wire::Form& parameters, core::MerchantId merchant,
                                 const core::PublicIds& ids) {
  const std::string_view id = parameters.get("linkId");
  if (!trimmed(id).empty()) {
    const auto claim = parse_link_id(ids, id);
    // Another merchant's link is as unknown as a forged id.
    if (!claim || claim->merchant != merchant) return fail(Code::link_not_found);
    return core::LinkRef{.id = claim->link};
  }

  const std::string_view reference = parameters.get("merchantRefId");
  if (trimmed(reference).empty()) return fail(Code::reference_required);
  const std::string_view of = trimmed(parameters.get("payoutMerchantId"));
  if (!of.empty() && of != payout_merchant_id(merchant)) return fail(Code::link_not_found);
  return core::LinkRef{.reference = std::string(reference)};
}

// What a link in this state is told as; none while it waits for the payee.
std::optional<Code> refusal_of(core::LinkState state) {
  switch (state) {
    case core::LinkState::issued:
    case core::LinkState::scheduled:
      return std::nullopt;
    case core::LinkState::pending:
      return Code::link_pending;
    case core::LinkState::processing:
      return Code::link_processing;
    case core::LinkState::processed:
      return Code::link_processed;
    case core::LinkState::cancelled:
      return Code::link_cancelled;
    case core::LinkState::rejected:
      return Code::link_rejected;
    case core::LinkState::expired:
      return Code::link_expired;
    case core::LinkState::none:
      return Code::link_not_found;
  }
  return Code::link_not_found;
}

void allowed_method(wire::JsonWriter& json, core::PayMethods methods) {
  const bool bank = core::has(methods, core::PayMethod::bank);
  const bool upi = core::has(methods, core::PayMethod::upi);
  json.key("allowedMethod");
  if (bank && upi) {
    json.string("both");
  } else if (bank) {
    json.string("account");
  } else if (upi) {
    json.string("vpa");
  } else {
    json.null();  // only wallets or cards, which PayU's links do not have
  }
}

// The documented sample prints null for the contact, the merchant's name and the expiry, all of
// which every v1 link has: so v1 never tells them, and a client can not have relied on them.
std::string pending_details(const core::LinkView& view, core::LinkState state,
                            const Context& context) {
  const core::Link& link = view.link;
  std::string out;
  wire::JsonWriter json(out);
  json.begin_object()
      .field("link", nullptr)
      .field("linkId", link_id(context.ids, link.merchant, link.id))
      .field("merchantRefId", link.reference)
      .field("custEmail", nullptr)
      .field("custName", nullptr)
      .field("custMoblie", nullptr)  // sic; the "Smart Send Status" page spells it so
      .field("merchantName", nullptr)
      .field("amount", java_double(link.amount));
  json.key("isOtpVerified");
  if (link.otp.proven != 0) {
    json.boolean(true);
  } else {
    json.null();
  }
  json.field("linkExpiryDate", nullptr)
      .field("detailFilled", false)
      .field("isLinkValid", state == core::LinkState::issued);
  allowed_method(json, link.methods);
  json.end_object();
  return out;
}

// What cancelling answers where it differs from the table of errors.hpp. PayU does not say when
// each of its four refusals applies. A link that is over is 1110, whose text names both ends; the
// text "already cancelled" is for a cancelled transfer, which no link here has.
Problem cancel_problem(Code code) {
  switch (code) {
    case Code::link_processing:
      return {0, "Payout transaction in progress. Try after sometime!"};
    case Code::link_processed:
      return {0, "Payout cannot be cancelled as it is already processed"};
    case Code::link_cancelled:
    case Code::link_rejected:
    case Code::link_expired:
    case Code::link_not_issued:
      return {1110, "Payout cannot be cancelled as it is already processed or cancelled"};
    default:
      return problem_of(code);
  }
}

}  // namespace

std::string link_url(const core::Link& link, const Context& context) {
  return std::string(context.public_url) +
         "/smartPay?id=" + wire::percent_encode(link_id(context.ids, link.merchant, link.id));
}

wire::Response render_create(const Result<Answer>& answer, const wire::Request& request,
                             const PathArguments&, const Caller&, const Context& context) {
  if (!answer) return render_error_list(answer.error(), request, context);
  const auto* reply = std::get_if<core::Reply>(&*answer);
  const auto* view = reply == nullptr ? nullptr : std::get_if<core::LinkView>(reply);
  if (view == nullptr) return render_error({Code::internal_error}, request, context);

  std::string created;
  wire::JsonWriter(created)
      .begin_object()
      .field("link", link_url(view->link, context))
      .field("linkId", link_id(context.ids, view->link.merchant, view->link.id))
      .end_object();
  return success("Success", created);
}

Result<Call> parse_status(const wire::Request& request, const PathArguments&, const Caller& caller,
                          const Context& context) {
  const wire::Form parameters = TRY(query_only(request));
  CHECK(check_merchant(request, parameters, caller));
  core::LinkRef link = TRY(named_link(parameters, caller.merchant->id, context.ids));
  return Call{core::Query(core::FindLink{caller.merchant->id, std::move(link)})};
}

wire::Response render_status(const Result<Answer>& answer, const wire::Request& request,
                             const PathArguments&, const Caller&, const Context& context) {
  if (!answer) return render_error(answer.error(), request, context);
  const auto* reply = std::get_if<core::Reply>(&*answer);
  const auto* view = reply == nullptr ? nullptr : std::get_if<core::LinkView>(reply);
  if (view == nullptr) return render_error({Code::internal_error}, request, context);

  const core::LinkState state = core::state_at(view->link, context.now);
  if (const auto refused = refusal_of(state)) return refusal(problem_of(*refused));
  return success("Account Detail Pending", pending_details(*view, state, context));
}

Result<Call> parse_cancel(const wire::Request& request, const PathArguments&, const Caller& caller,
                          const Context&) {
  const wire::Form parameters = TRY(query_and_form(request));
  CHECK(check_merchant(request, parameters, caller));
  const std::string_view reference = parameters.get("merchantRefId");
  if (trimmed(reference).empty()) return fail(Code::reference_required);
  return Call{core::Command(core::CancelLink{.merchant = caller.merchant->id,
                                             .link = {.reference = std::string(reference)},
                                             .rule = core::CancelRule::before_claim,
                                             .actor = "payu"})};
}

wire::Response render_cancel(const Result<Answer>& answer, const wire::Request& request,
                             const PathArguments&, const Caller&, const Context& context) {
  if (answer) return success("Smart send link cancelled");
  if (error_row(answer.error().code).form == Form::spring) {
    return render_error(answer.error(), request, context);
  }
  return refusal(cancel_problem(answer.error().code));
}

}  // namespace disburse::dialects::payu
