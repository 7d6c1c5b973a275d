// What this dialect answers for each error code: HTTP status, text and which members the error
// object has. Texts are the provider's own where one is documented; else they follow its grammar
// (README.md).
//
// Threads: constants and pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/limits.hpp"
#include "dialects/dialect.hpp"

namespace disburse::dialects::razorpay {

// Which members stand beside code and description, as the documented samples have them.
enum class Shape : std::uint8_t {
  business,        // source business, reason input_validation_failed, and the field or null
  nobody,          // source, step and reason null; the field only where there is one
  not_applicable,  // source, step and reason "NA", no field: the 500 sample
  bare,            // nothing: the 401 that clients see
};

// In texts, {field} is the field's name with blanks and {value} what was sent.
struct ErrorRow {
  core::Code code;
  int status;
  Shape shape;
  std::string_view description;  // empty: the core's own text, for what no call here can cause
  std::string_view field = {};   // empty: the error's
};

inline constexpr std::string_view kUrlNotFound = "The requested URL was not found on the server.";
inline constexpr std::string_view kNoSuchId = "The id provided does not exist";
inline constexpr std::string_view kNotIssued =
    "Payout Link is not in issued state and cannot be cancelled.";
inline constexpr std::string_view kTrouble =
    "We are facing some trouble completing your request at the moment. Please try again shortly.";
inline constexpr std::string_view kUnavailable = "Service Unavailable";
inline constexpr std::string_view kTooMany = "Throttling Error";
inline constexpr std::string_view kTooEarly =
    "Invalid value for field(s): `expire_by`. Cannot be less than the current time + 15min";

inline constexpr std::size_t kDescriptionCharacters = 255;
inline constexpr std::size_t kReceiptCharacters = 40;
inline constexpr std::size_t kNoteCharacters = 256;
static_assert(core::limits::kLargestLinkPaise == 100'000'000'000, "said in a text below");
static_assert(core::limits::kNotes == 15, "said in a text below");

// clang-format off
inline constexpr auto kErrors = [] {
  using enum core::Code;
  using enum Shape;
  return std::to_array<ErrorRow>({
      {malformed_request, 400, business, "The request body could not be read."},
      {body_too_large, 413, business, "The request body is too large."},
      {route_not_found, 400, nobody, kUrlNotFound},
      {method_not_allowed, 400, nobody, kUrlNotFound},
      {credentials_missing, 401, bare, "Authentication failed"},
      {credentials_invalid, 401, bare, "Authentication failed"},
      {address_not_allowed, 400, business,
       "Transactions from this IP are not allowed. Contact support for help."},
      {not_permitted, 400, business, "Access Denied"},
      {too_many_requests, 429, nobody, kTooMany},

      {field_required, 400, business, "The {field} field is required."},
      {field_invalid, 400, business, "The {field} field is invalid."},
      {field_too_long, 400, business, "The {field} is too long."},
      {amount_invalid, 400, business, "The amount must be an integer.", "amount"},
      {amount_too_small, 400, business, "The amount must be at least 100.", "amount"},
      {amount_too_large, 400, business,
       "The amount may not be greater than 100000000000.", "amount"},
      {currency_unsupported, 400, business, "The selected currency is invalid.", "currency"},
      {reference_required, 400, business, "The receipt field is required.", "receipt"},
      {reference_too_long, 400, business,
       "The receipt may not be greater than 40 characters.", "receipt"},
      {description_required, 400, business, "The description field is required.", "description"},
      {purpose_unknown, 400, business, "Invalid purpose: {value}", "purpose"},
      {contact_required, 400, business, "The contact or email field is required.", "contact"},
      {contact_name_required, 400, business, "The name field is required.", "name"},
      {contact_name_invalid, 400, business, "The name field is invalid.", "name"},
      {contact_type_unknown, 400, business, "Invalid type: {value}", "type"},
      {phone_invalid, 400, business, "The contact field is invalid.", "contact"},
      {email_invalid, 400, business, "The email must be a valid email address.", "email"},
      {notes_too_many, 400, business,
       "Number of fields in notes should be less than or equal to 15.", "notes"},
      {notes_too_long, 400, business,
       "Notes value cannot be greater than 256 characters.", "notes"},
      {expiry_invalid, 400, business, kTooEarly, "expire_by"},
      {activation_invalid, 400, business, {}},
      {method_unknown, 400, business, {}},
      {source_account_required, 400, business,
       "The account number field is required.", "account_number"},
      {source_account_unknown, 400, nobody,
       "The RazorpayX Account number is invalid.", "account_number"},
      {feature_off, 400, business,
       "expire_by is/are not required and should not be sent", "expire_by"},
      {id_malformed, 400, business, "{value} is not a valid id.", "id"},

      {merchant_not_found, 400, business, kNoSuchId, "id"},
      {link_not_found, 400, business, kNoSuchId, "id"},
      {contact_not_found, 400, business, "The contact id provided does not exist.", "id"},
      {payout_not_found, 400, business, kNoSuchId, "id"},
      {endpoint_not_found, 400, business, kNoSuchId, "id"},
      {delivery_not_found, 400, business, kNoSuchId, "id"},
      {credential_not_found, 400, business, kNoSuchId, "id"},
      {reference_taken, 400, business, "The receipt has already been taken.", "receipt"},
      {idempotency_key_invalid, 400, business,
       "The idempotency key is invalid.", "X-Payout-Idempotency"},
      {idempotency_key_reused, 400, business,
       "Different request body sent for the same Idempotency Header", "X-Payout-Idempotency"},

      {link_pending, 400, business, kNotIssued},
      {link_scheduled, 400, business, kNotIssued},
      {link_processing, 400, business, kNotIssued},
      {link_processed, 400, business, kNotIssued},
      {link_cancelled, 400, business, kNotIssued},
      {link_rejected, 400, business, kNotIssued},
      {link_expired, 400, business, kNotIssued},
      {link_not_issued, 400, business, kNotIssued},
      {expiry_not_later, 400, business, {}},

      {otp_required, 400, business, {}},
      {otp_not_needed, 400, business, {}},
      {otp_channel_unknown, 400, business, {}},
      {otp_too_soon, 429, nobody, kTooMany},
      {otp_too_many_sends, 429, nobody, kTooMany},
      {otp_not_sent, 400, business, {}},
      {otp_expired, 400, business, {}},
      {otp_wrong, 400, business, {}},
      {otp_locked, 429, nobody, kTooMany},
      {account_number_invalid, 400, business, "The account number format is invalid."},
      {account_numbers_differ, 400, business, {}},
      {ifsc_invalid, 400, business, "The IFSC must be 11 characters."},
      {vpa_invalid, 400, business, {}},
      {holder_name_invalid, 400, business, "The name field is invalid."},
      {method_not_offered, 400, business, {}},
      {contact_missing, 400, business, "The contact or email field is required.", "contact"},

      {balance_too_low, 400, business, {}},
      {payout_not_open, 400, business, {}},
      {ledger_would_break, 500, not_applicable, kTrouble},

      {webhook_url_invalid, 400, business, "The url is not a valid URL.", "url"},
      {webhook_target_forbidden, 400, business, "private ip found for host", "url"},
      {event_unknown, 400, business, {}},
      {too_many_endpoints, 400, business, {}},

      {overloaded, 503, nobody, kUnavailable},
      {store_unavailable, 503, nobody, kUnavailable},
      {draining, 503, nobody, kUnavailable},
      {version_conflict, 503, nobody, kUnavailable},
      {not_supported, 400, nobody, kUrlNotFound},
      {configuration_invalid, 500, not_applicable, kTrouble},
      {io_failed, 500, not_applicable, kTrouble},
      {internal_error, 500, not_applicable, kTrouble},
  });
}();
// clang-format on
static_assert(covers(kErrors));

// A refusal with more to say than its row: a text with a number or the offending value in it.
struct Offence {
  Offence(core::Error of) : error(std::move(of)) {}  // NOLINT: an error is an offence
  Offence(core::Code code, std::string_view field, std::string text)
      : error{.code = code, .field = field}, description(std::move(text)) {}

  core::Error error;
  std::string description;  // empty: the row's
};

wire::Response error_response(const Offence& offence, std::string_view value = {});

// The answer outside of routes: unknown paths, bad credentials, too large, draining.
wire::Response refuse(const core::Error& error, const wire::Request& request, const Context&);

}  // namespace disburse::dialects::razorpay
