#include "dialects/instantpay/record.hpp"

#include "core/secret.hpp"
#include "dialects/instantpay/words.hpp"

namespace disburse::dialects::instantpay {

namespace {

// Six stars whatever the length of the local part, as in the provider's sample.
std::string masked_address(std::string_view email) {
  const std::size_t at = email.rfind('@');
  return "******" + (at == std::string_view::npos ? std::string() : std::string(email.substr(at)));
}

}  // namespace

std::string_view reference_of(const core::Link& link) {
  return link.reference.empty() ? kNoReference : std::string_view(link.reference);
}

void write_modes(wire::JsonWriter& json, core::PayMethods methods) {
  json.key("paymentModes").begin_array();
  for (const core::PayMethod method : kModesInOrder) {
    if (has(methods, method)) json.string(mode_of(method));
  }
  json.end_array();
}

void write_times(wire::JsonWriter& json, const core::Link& link) {
  json.field("activatedAt", time_text(link.activates_at.value_or(link.created_at)));
  if (link.expires_at) {
    json.field("expiredAt", time_text(*link.expires_at));
  } else {
    json.field("expiredAt", nullptr);
  }
}

std::string masked_contacts(const core::Contact& contact, bool sms, bool email) {
  std::string text;
  if (sms) text = core::masked(contact.phone);
  if (sms && email) text += " and ";
  if (email) text += masked_address(contact.email);
  return text;
}

}  // namespace disburse::dialects::instantpay
