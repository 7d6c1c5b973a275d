#include "dialects/instantpay/actions.hpp"

#include "dialects/instantpay/envelope.hpp"
#include "dialects/instantpay/errors.hpp"
#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/record.hpp"
#include "dialects/instantpay/request.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Code;
using core::fail;
using core::LinkRef;
using core::Result;

// The link that the body names by linkId or, which the provider does not offer, by referenceNo.
Result<LinkRef> read_link_ref(const wire::Request& request, const Caller& caller,
                              const Context& context) {
  CHECK(check_headers(request, EndpointIp::required));
  const wire::JsonDocument body = TRY(read_body(request, Body::required));
  const Text link_id = TRY(read_text(body.root(), "linkId", field::kLinkId));
  const Text reference =
      TRY(read_text(body.root(), "referenceNo", field::kReference, Digits::taken));
  if (!link_id && reference) return LinkRef{.reference = *reference};
  if (!link_id) return fail(Code::field_required, field::kLinkId);
  const auto id = parse_link_id(context.ids, caller.merchant->id, *link_id);
  if (!id) return fail(Code::id_malformed, field::kLinkId);
  return LinkRef{.id = *id};
}

}  // namespace

Result<Call> parse_cancel(const wire::Request& request, const PathArguments&, const Caller& caller,
                          const Context& context) {
  core::CancelLink command;
  command.link = TRY(read_link_ref(request, caller, context));
  command.merchant = caller.merchant->id;
  command.rule = core::CancelRule::before_claim;
  command.actor = kName;
  return Call{core::Command{std::move(command)}};
}

wire::Response render_cancel(const Result<Answer>& answer, const wire::Request&,
                             const PathArguments&, const Caller& caller, const Context& context) {
  const Result<const core::LinkView*> view = reply_as<core::LinkView>(answer);
  if (!view) return seal_refusal(view.error(), caller.merchant, context);
  return seal({.status = "Link Cancelled Successfully"}, caller.merchant, context);
}

Result<Call> parse_notify(const wire::Request& request, const PathArguments&, const Caller& caller,
                          const Context& context) {
  core::NotifyLink command;
  command.link = TRY(read_link_ref(request, caller, context));
  command.merchant = caller.merchant->id;
  command.actor = kName;
  return Call{core::Command{std::move(command)}};
}

wire::Response render_notify(const Result<Answer>& answer, const wire::Request&,
                             const PathArguments&, const Caller& caller, const Context& context) {
  const Result<const core::Notified*> sent = reply_as<core::Notified>(answer);
  if (!sent) return seal_refusal(sent.error(), caller.merchant, context);
  const core::Notified& notified = **sent;
  const std::string status = "Notification Link Sent To " +
                             masked_contacts(notified.view.contact, notified.sms, notified.email);
  return seal({.status = status}, caller.merchant, context);
}

}  // namespace disburse::dialects::instantpay
