#include "dialects/instantpay/create.hpp"

#include "core/limits.hpp"
#include "core/recipient.hpp"
#include "dialects/instantpay/envelope.hpp"
#include "dialects/instantpay/errors.hpp"
#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/record.hpp"
#include "dialects/instantpay/request.hpp"
#include "dialects/instantpay/words.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Code;
using core::CreateLink;
using core::fail;
using core::Instant;
using core::PayMethod;
using core::Result;
using wire::JsonValue;

struct ContactFields {
  std::string name;
  std::string mobile;
  std::string email;
};

Result<std::string> required_if(bool required, Text text, std::string_view field) {
  if (!text && required) return fail(Code::field_required, field);
  return text.value_or("");
}

Result<void> check_name(const std::string& name) {
  if (name.size() > core::limits::kNameLength) return fail(Code::field_too_long, field::kName);
  if (!core::is_clean_text(name)) return fail(Code::contact_name_invalid, field::kName);
  return {};
}

// The three are needed when the account is to be verified (there must be a name to compare it
// with).
Result<ContactFields> read_contact(const JsonValue& contact, bool required) {
  ContactFields fields;
  Text name = TRY(read_text(contact, "name", field::kName));
  fields.name = TRY(required_if(required, std::move(name), field::kName));
  CHECK(check_name(fields.name));
  Text mobile = TRY(read_text(contact, "mobile", field::kMobile, Digits::taken));
  fields.mobile = TRY(required_if(required, std::move(mobile), field::kMobile));
  if (!fields.mobile.empty()) CHECK(core::parse_indian_mobile(fields.mobile));
  Text email = TRY(read_text(contact, "email", field::kEmail));
  fields.email = TRY(required_if(required, std::move(email), field::kEmail));
  if (!fields.email.empty()) CHECK(core::parse_email(fields.email));
  return fields;
}

Result<ContactFields> read_contact_of(const JsonValue& body, bool required) {
  const JsonValue* contact = TRY(read_object(body, "contactDetails", field::kContact));
  if (contact != nullptr) return read_contact(*contact, required);
  if (required) return fail(Code::field_required, field::kName);
  return ContactFields{};
}

Result<core::Money> read_amount(const JsonValue& body) {
  const Text text = TRY(read_text(body, "amount", field::kAmount, Digits::taken));
  if (!text) return fail(Code::field_required, field::kAmount);
  return parse_amount(*text);
}

Result<std::string> read_purpose(const JsonValue& body) {
  const Text text = TRY(read_text(body, "purpose", field::kPurpose));
  if (!text) return fail(Code::field_required, field::kPurpose);
  const std::optional<std::string> purpose = parse_purpose(*text);
  if (!purpose) return fail(Code::purpose_unknown, field::kPurpose);
  return *purpose;
}

Result<std::string> read_description(const JsonValue& body) {
  const Text text = TRY(read_text(body, "description", field::kDescription));
  if (!text) return fail(Code::field_required, field::kDescription);
  if (text->size() > core::limits::kDescriptionLength) {
    return fail(Code::field_too_long, field::kDescription);
  }
  if (!core::is_clean_text(*text, true)) return fail(Code::field_invalid, field::kDescription);
  return *text;
}

// "NA" is what the provider calls no reference, so it is stored as none.
Result<std::string> read_reference(const JsonValue& body) {
  const Text text = TRY(read_text(body, "referenceNo", field::kReference, Digits::taken));
  if (!text || *text == kNoReference) return std::string();
  if (text->size() > core::limits::kReferenceLength) {
    return fail(Code::reference_too_long, field::kReference);
  }
  if (!core::is_clean_text(*text)) return fail(Code::field_invalid, field::kReference);
  return *text;
}

Result<Instant> read_time(const JsonValue& body, std::string_view key) {
  const Text text = TRY(read_text(body, key, key));
  if (!text) return fail(Code::field_required, key);
  const std::optional<Instant> at = parse_time(*text);
  if (!at) return fail(Code::field_invalid, key);
  return *at;
}

// The provider's own request had an expiry before its activation, and its answer one 90 days after
// creation: an expiry that cannot be used is replaced, not refused.
Instant usable_expiry(Instant asked, Instant activates_at, Instant now) {
  return asked > now && asked > activates_at ? asked : now + kReplacedLinkLife;
}

Result<core::PayMethods> read_modes(const JsonValue& body) {
  const JsonValue* modes = present(body, "paymentModes");
  if (modes == nullptr) return fail(Code::field_required, field::kModes);
  if (!modes->is_array()) return fail(Code::field_invalid, field::kModes);
  if (modes->size() == 0) return fail(Code::field_required, field::kModes);
  unsigned set = 0;
  for (const JsonValue& mode : *modes) {
    const std::optional<PayMethod> method =
        mode.is_string() ? parse_mode(trimmed(mode.text())) : std::nullopt;
    if (!method) return fail(Code::method_unknown, field::kModes);
    set |= static_cast<unsigned>(*method);
  }
  const auto methods = static_cast<core::PayMethods>(set);
  // Our page pays to bank accounts and UPI ids only: a link that offers neither could not be
  // claimed.
  if (!has(methods, PayMethod::bank) && !has(methods, PayMethod::upi)) {
    return fail(Code::method_not_offered, field::kModes);
  }
  return methods;
}

// Fields are looked at in the order of the provider's table, and the first fault is told. Whether
// the contact's fields are needed hangs on verifyBene, which comes after them: while that is
// unreadable, they are not.
Result<CreateLink> read_link(const JsonValue& body, Instant now) {
  CreateLink link;
  const Result<std::optional<bool>> flag = read_flag(body, "verifyBene", field::kVerify);
  const bool verify = flag && flag->value_or(false);
  ContactFields contact = TRY(read_contact_of(body, verify));
  link.contact_name = std::move(contact.name);
  link.phone = std::move(contact.mobile);
  link.email = std::move(contact.email);
  CHECK(flag);
  if (!flag->has_value()) return fail(Code::field_required, field::kVerify);
  link.verify_beneficiary = verify;
  link.amount = TRY(read_amount(body));
  link.purpose = TRY(read_purpose(body));
  link.description = TRY(read_description(body));
  link.reference = TRY(read_reference(body));
  link.activates_at = TRY(read_time(body, field::kActivatedAt));
  const Instant expiry = TRY(read_time(body, field::kExpiredAt));
  link.expires_at = usable_expiry(expiry, *link.activates_at, now);
  link.methods = TRY(read_modes(body));
  const std::optional<bool> alert = TRY(read_flag(body, "sendAlert", field::kSendAlert));
  link.send_sms = alert.value_or(false) && !link.phone.empty();
  link.send_email = alert.value_or(false) && !link.email.empty();
  return link;
}

std::string data_of(const core::LinkView& view, const Context& context) {
  const core::Link& link = view.link;
  std::string data;
  wire::JsonWriter json(data);
  json.begin_object();
  json.field("linkId", link_id_text(context.ids, link.merchant, link.id));
  json.field("url", link_url(link, context));
  json.field("status", status_of(state_at(link, context.now)));
  json.key("contactDetails").begin_object();
  json.field("name", view.contact.name);
  json.field("mobile", view.contact.phone);
  json.field("email", view.contact.email);
  json.end_object();
  json.key("amount").raw(amount_number(link.amount));
  json.field("purpose", link.purpose);
  json.field("description", link.description);
  json.field("referenceNo", reference_of(link));
  json.field("verifyBene", link.verify_beneficiary);
  write_modes(json, link.methods);
  json.field("orderId", link_order_id(context.ids, link.merchant, link.id));
  write_times(json, link);
  json.end_object();
  return data;
}

}  // namespace

Result<Call> parse_create(const wire::Request& request, const PathArguments&, const Caller& caller,
                          const Context& context) {
  CHECK(check_headers(request, EndpointIp::required));
  const wire::JsonDocument body = TRY(read_body(request, Body::required));
  CreateLink link = TRY(read_link(body.root(), context.now));
  link.merchant = caller.merchant->id;
  link.dialect = kName;
  return Call{core::Command{std::move(link)}};
}

wire::Response render_create(const Result<Answer>& answer, const wire::Request&,
                             const PathArguments&, const Caller& caller, const Context& context) {
  const Result<const core::LinkView*> view = reply_as<core::LinkView>(answer);
  if (!view) return seal_refusal(view.error(), caller.merchant, context);
  const core::Link& link = (*view)->link;
  return seal({.status = "Link Created Successfully",
               .data = data_of(**view, context),
               .orderid = link_order_id(context.ids, link.merchant, link.id)},
              caller.merchant, context);
}

}  // namespace disburse::dialects::instantpay
