// The table of refusals, and problem documents made from it.
#include "dialects/house/errors.hpp"

#include <iterator>
#include <utility>

#include "core/limits.hpp"
#include "dialects/dialect.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::house {
namespace {

using enum core::Code;

// One row for each code, in the order of the codes.
constexpr ErrorRow kErrors[] = {
    // clang-format off
    {malformed_request, 400, "",
     "The body must be one JSON object in UTF-8, or a form where the page sends one."},
    {body_too_large, 413, "", "Send a smaller body."},
    {route_not_found, 404, "", "See the list of calls in the documentation."},
    {method_not_allowed, 405, "", "The Allow header names the methods that the path takes."},
    {credentials_missing, 401, "", "Send the token as \"Authorization: Bearer dsh_...\"."},
    {credentials_invalid, 401, "", "Check the token, or make a new one."},
    {address_not_allowed, 403, "",
     "Add the address to the merchant's list, or call from one that is on it."},
    {not_permitted, 403, "", ""},
    {too_many_requests, 429, "", "Wait for the time in the Retry-After header."},
    {field_required, 400, "", ""},
    {field_invalid, 400, "", ""},
    {field_too_long, 400, "", ""},
    {amount_invalid, 400, "amount_paise", ""},
    {amount_too_small, 400, "amount_paise", ""},
    {amount_too_large, 400, "amount_paise", ""},
    {currency_unsupported, 400, "currency", ""},
    {reference_required, 400, "reference", ""},
    {reference_too_long, 400, "reference", ""},
    {description_required, 400, "description", ""},
    {purpose_unknown, 400, "purpose", ""},
    {contact_required, 400, "", ""},
    {contact_name_required, 400, "name", ""},
    {contact_name_invalid, 400, "name", ""},
    {contact_type_unknown, 400, "", ""},
    {phone_invalid, 400, "phone", ""},
    {email_invalid, 400, "email", ""},
    {notes_too_many, 400, "notes", ""},
    {notes_too_long, 400, "notes", ""},
    {expiry_invalid, 400, "expires_at", ""},
    {activation_invalid, 400, "activates_at", ""},
    {method_unknown, 400, "method", "The methods are \"bank\" and \"upi\"."},
    {source_account_required, 400, "", ""},
    {source_account_unknown, 400, "", ""},
    {feature_off, 400, "", ""},
    {id_malformed, 404, "", ""},
    {merchant_not_found, 404, "", ""},
    {link_not_found, 404, "",
     "Check that the whole link was copied, or ask the sender for a new one."},
    {contact_not_found, 404, "", ""},
    {payout_not_found, 404, "", ""},
    {endpoint_not_found, 404, "", ""},
    {delivery_not_found, 404, "", ""},
    {credential_not_found, 404, "", ""},
    {reference_taken, 409, "reference", ""},
    {idempotency_key_invalid, 400, "", ""},
    {idempotency_key_reused, 409, "", ""},
    {link_pending, 409, "", "The sender has to approve it first."},
    {link_scheduled, 409, "", "Come back after \"activates_at\"."},
    {link_processing, 409, "", "Nothing more is to be done; ask for the link's state."},
    {link_processed, 409, "", "Nothing more is to be done."},
    {link_cancelled, 409, "", "Ask the sender."},
    {link_rejected, 409, "", "Ask the sender."},
    {link_expired, 409, "", "Ask the sender for a new link."},
    {link_not_issued, 409, "", "Ask for the link's state."},
    {expiry_not_later, 400, "expires_at", ""},
    {otp_required, 401, "",
     "Send and verify a one-time password, then send the claim token as \"Authorization: Bearer ...\"."},
    {otp_not_needed, 409, "", "Submit the details at once."},
    {otp_channel_unknown, 400, "channel", "The channels of the link are in \"otp.channels\"."},
    {otp_too_soon, 429, "", "Wait for the time in the Retry-After header."},
    {otp_too_many_sends, 429, "", "Wait for the time in the Retry-After header."},
    {otp_not_sent, 409, "otp", ""},
    {otp_expired, 409, "otp", ""},
    {otp_wrong, 400, "otp", "Check the digits; use the latest one that was sent."},
    {otp_locked, 429, "otp", "Wait for the time in the Retry-After header, then send a new one."},
    {account_number_invalid, 400, "account_number",
     "An account number has nine to eighteen digits."},
    {account_numbers_differ, 400, "account_number_again", "Enter the same account number twice."},
    {ifsc_invalid, 400, "ifsc",
     "An IFSC has four letters, a zero and six letters or digits: HDFC0000001."},
    {vpa_invalid, 400, "vpa", "A UPI id looks like name@bank."},
    {holder_name_invalid, 400, "name",
     "Enter the name as the bank has it, in at most 100 characters."},
    {method_not_offered, 400, "method", "The methods of the link are in \"methods\"."},
    {contact_missing, 409, "",
     "Ask the sender for a link with a phone number or an e-mail address."},
    {balance_too_low, 409, "", ""},
    {payout_not_open, 409, "", ""},
    {ledger_would_break, 500, "", ""},
    {webhook_url_invalid, 400, "url",
     "An absolute http or https URL without a user name, in at most 2,000 characters."},
    {webhook_target_forbidden, 400, "url", ""},
    {event_unknown, 400, "events", "The events are the ones of the dialect's own documentation."},
    {too_many_endpoints, 409, "", "Remove one first."},
    {overloaded, 503, "", ""},
    {store_unavailable, 503, "", ""},
    {draining, 503, "", ""},
    {version_conflict, 503, "", ""},
    {not_supported, 501, "", ""},
    {configuration_invalid, 500, "", ""},
    {io_failed, 500, "", ""},
    {internal_error, 500, "", ""},
    // clang-format on
};
static_assert(covers(kErrors));

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kErrors); ++i) {
    if (static_cast<std::size_t>(kErrors[i].code) != i) return false;
  }
  return true;
}
static_assert(in_order());

// The most that a caller may have to wait, for the Retry-After header. None where waiting does not
// help.
constexpr core::Duration wait_after(core::Code code) {
  if (code == otp_too_soon) return core::limits::kOtpSendGap;
  if (code == otp_too_many_sends) return core::limits::kOtpWindow;
  if (code == otp_locked) return core::limits::kOtpLock;
  const int status = kErrors[static_cast<std::size_t>(code)].status;
  if (status == 429) return std::chrono::minutes(1);
  if (status == 503) return std::chrono::seconds(1);
  return core::Duration(0);
}

void add_headers(core::Code code, int status, wire::Response& response) {
  response.headers.emplace_back("Cache-Control", "no-store");
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  const auto wait = std::chrono::duration_cast<std::chrono::seconds>(wait_after(code)).count();
  if (wait > 0) response.headers.emplace_back("Retry-After", std::to_string(wait));
}

std::string capitalised(std::string_view text) {
  std::string out(text);
  const bool small = !out.empty() && out[0] >= 'a' && out[0] <= 'z';
  if (small) out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace

const ErrorRow& error_row(core::Code code) { return kErrors[static_cast<std::size_t>(code)]; }

std::string_view field_of(const core::Error& error) {
  if (error.field == "holder_name") return "name";  // the core's word for it
  if (!error.field.empty()) return error.field;
  return error_row(error.code).field;
}

wire::Response problem(const core::Error& error) {
  const ErrorRow& row = error_row(error.code);
  const std::string title = capitalised(core::text(error.code));
  const std::string_view field = field_of(error);

  wire::Response response{.status = row.status, .content_type = "application/problem+json"};
  wire::JsonWriter json(response.body);
  json.begin_object();
  json.field("type", "urn:disburse:error:" + std::string(core::name(error.code)));
  json.field("title", title);
  json.field("status", row.status);
  json.field("code", core::name(error.code));
  if (!field.empty()) json.field("field", field);
  json.field("detail", row.detail.empty() ? title + "." : std::string(row.detail));
  json.end_object();
  add_headers(error.code, row.status, response);
  return response;
}

}  // namespace disburse::dialects::house
