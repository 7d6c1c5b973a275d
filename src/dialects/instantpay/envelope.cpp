#include "dialects/instantpay/envelope.hpp"

#include "dialects/instantpay/errors.hpp"
#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/words.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::instantpay {

namespace {

// The provider's pages say "Live/Sandbox"; the payout-link samples have these two words.
std::string_view environment(const core::Merchant* merchant, const Context& context) {
  const bool test = merchant != nullptr && merchant->mode == core::Mode::test;
  return context.sandbox || test ? "SANDBOX" : "PRODUCTION";
}

}  // namespace

wire::Response seal(const Envelope& envelope, const core::Merchant* merchant,
                    const Context& context) {
  wire::Response response;
  wire::JsonWriter json(response.body);
  json.begin_object();
  json.field("statuscode", envelope.statuscode);
  json.field("actcode", nullptr);
  json.field("status", envelope.status);
  json.key("data").raw(envelope.data);
  json.field("timestamp", time_text(context.now));
  json.field("ipay_uuid", request_number(context.random));
  json.key("orderid");
  if (envelope.orderid.empty()) {
    json.null();
  } else {
    json.string(envelope.orderid);
  }
  json.field("environment", environment(merchant, context));
  json.field("internalCode", nullptr);
  json.end_object();
  return response;
}

wire::Response seal_refusal(const core::Error& error, const core::Merchant* merchant,
                            const Context& context) {
  const Refusal refusal = refusal_of(error);
  return seal({.statuscode = refusal.statuscode, .status = refusal.status}, merchant, context);
}

}  // namespace disburse::dialects::instantpay
