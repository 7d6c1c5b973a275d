// What every refusal of the core is called in this language: a three-letter code and a text.
// Sources: the provider's code table, and the Laravel validator texts of recorded traffic; the rows
// without a source are ours and are named in README.md.
//
// Threads: constants and pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

// The field names of this language that parse() and the texts below have in common.
namespace field {
inline constexpr std::string_view kAuthCode = "X-Ipay-Auth-Code";
inline constexpr std::string_view kEndpointIp = "X-Ipay-Endpoint-Ip";
inline constexpr std::string_view kContact = "contactDetails";
inline constexpr std::string_view kName = "contactDetails.name";
inline constexpr std::string_view kMobile = "contactDetails.mobile";
inline constexpr std::string_view kEmail = "contactDetails.email";
inline constexpr std::string_view kVerify = "verifyBene";
inline constexpr std::string_view kAmount = "amount";
inline constexpr std::string_view kPurpose = "purpose";
inline constexpr std::string_view kDescription = "description";
inline constexpr std::string_view kReference = "referenceNo";
inline constexpr std::string_view kActivatedAt = "activatedAt";
inline constexpr std::string_view kExpiredAt = "expiredAt";
inline constexpr std::string_view kModes = "paymentModes";
inline constexpr std::string_view kSendAlert = "sendAlert";
inline constexpr std::string_view kLinkId = "linkId";
inline constexpr std::string_view kFilters = "filters";
inline constexpr std::string_view kFilterStatus = "filters.status";
inline constexpr std::string_view kFilterContact = "filters.contact";
inline constexpr std::string_view kFilterLinkId = "filters.linkId";
inline constexpr std::string_view kFilterReference = "filters.referenceNo";
inline constexpr std::string_view kPagination = "pagination";
inline constexpr std::string_view kPageNumber = "pagination.pageNumber";
inline constexpr std::string_view kPageSize = "pagination.recordsPerPage";
}  // namespace field

struct ErrorRow {
  core::Code code;
  std::string_view statuscode;
  std::string_view status;  // "{field}" stands for the field's name
};

// clang-format off
namespace error_rows {
using enum core::Code;
inline constexpr ErrorRow kErrors[] = {
    // the call
    {malformed_request,        "RPI", "Request Parameters are Invalid or Incomplete"},
    {body_too_large,           "RPI", "Request Parameters are Invalid or Incomplete"},
    {route_not_found,          "OUE", "Unknown Method"},
    {method_not_allowed,       "OUE", "Unknown Method"},
    {credentials_missing,      "IAC", "Invalid Dealer Credentials"},
    {credentials_invalid,      "IAC", "Invalid Dealer Credentials"},
    {address_not_allowed,      "UAD", "User Access Denied"},
    {not_permitted,            "UAD", "User Access Denied"},
    {too_many_requests,        "ERR", "Too Many Attempts."},
    // fields
    {field_required,           "ERR", "The {field} field is required."},
    {field_invalid,            "ERR", "The {field} format is invalid."},
    {field_too_long,           "ERR", "The {field} is too long."},
    {amount_invalid,           "ERR", "The amount must be greater than 0."},
    {amount_too_small,         "ERR", "The amount must be at least 1."},
    {amount_too_large,         "ERR", "The amount must not be greater than 1000000000."},
    {currency_unsupported,     "ERR", "The selected currency is invalid."},
    {reference_required,       "ERR", "The referenceNo field is required."},
    {reference_too_long,       "ERR", "The referenceNo must not be greater than 40 characters."},
    {description_required,     "ERR", "The description field is required."},
    {purpose_unknown,          "ERR", "The selected purpose is invalid."},
    {contact_required,         "ERR", "The contactDetails field is required."},
    {contact_name_required,    "ERR", "The contactDetails.name field is required."},
    {contact_name_invalid,     "ERR", "The contactDetails.name format is invalid."},
    {contact_type_unknown,     "ERR", "The contactDetails format is invalid."},
    {phone_invalid,            "ERR", "The contactDetails.mobile format is invalid."},
    {email_invalid,            "ERR", "The contactDetails.email must be a valid email address."},
    {notes_too_many,           "ERR", "The notes format is invalid."},
    {notes_too_long,           "ERR", "The notes format is invalid."},
    {expiry_invalid,           "ERR", "The selected expiredAt is invalid."},
    {activation_invalid,       "ERR", "The activatedAt must be a date before expiredAt."},
    {method_unknown,           "ERR", "The selected paymentModes is invalid."},
    {source_account_required,  "ERR", "The account field is required."},
    {source_account_unknown,   "ERR", "The selected account is invalid."},
    {feature_off,              "SNA", "Service not available"},
    {id_malformed,             "ERR", "No Record Found"},
    // what is there
    {merchant_not_found,       "ERR", "No Record Found"},
    {link_not_found,           "ERR", "No Record Found"},
    {contact_not_found,        "ERR", "No Record Found"},
    {payout_not_found,         "ERR", "No Record Found"},
    {endpoint_not_found,       "ERR", "No Record Found"},
    {delivery_not_found,       "ERR", "No Record Found"},
    {credential_not_found,     "ERR", "No Record Found"},
    {reference_taken,          "DTX", "Duplicate Transaction"},
    {idempotency_key_invalid,  "ERR", "The idempotency key format is invalid."},
    {idempotency_key_reused,   "DTX", "Duplicate Transaction"},
    // the link's state, in the words of words.hpp
    {link_pending,             "ERR", "Link not activated yet"},
    {link_scheduled,           "ERR", "Link not activated yet"},
    {link_processing,          "ERR", "Link already PROCESSING"},
    {link_processed,           "ERR", "Link already CLAIMED"},
    {link_cancelled,           "ERR", "Link already CANCELLED"},
    {link_rejected,            "ERR", "Link already CANCELLED"},
    {link_expired,             "ERR", "Link already EXPIRED"},
    {link_not_issued,          "ERR", "Link is not ISSUED"},
    {expiry_not_later,         "ERR", "The selected expiredAt is invalid."},
    // claiming
    {otp_required,             "IVC", "Invalid Verification Code or OTP"},
    {otp_not_needed,           "ERR", "OTP not required"},
    {otp_channel_unknown,      "ERR", "Contact details not available"},
    {otp_too_soon,             "OLR", "OTP limit reached"},
    {otp_too_many_sends,       "OLR", "OTP limit reached"},
    {otp_not_sent,             "ONV", "OTP not valid"},
    {otp_expired,              "EOP", "OTP Expired"},
    {otp_wrong,                "IVC", "Invalid Verification Code or OTP"},
    {otp_locked,               "OLR", "OTP limit reached"},
    {account_number_invalid,   "IAN", "Invalid Account Number"},
    {account_numbers_differ,   "IAN", "Invalid Account Number"},
    {ifsc_invalid,             "IAN", "Invalid Account Number"},
    {vpa_invalid,              "IAN", "Invalid Account Number"},
    {holder_name_invalid,      "ERR", "The name format is invalid."},
    {method_not_offered,       "ERR", "The paymentModes must contain ACCOUNT or VPA."},
    {contact_missing,          "ERR", "Contact details not available"},
    // money
    {balance_too_low,          "IAB", "Insufficient Wallet Balance"},
    {payout_not_open,          "ITI", "Invalid Transaction ID"},
    {ledger_would_break,       "IPE", "Internal Processing Error"},
    // webhooks
    {webhook_url_invalid,      "ERR", "The url format is invalid."},
    {webhook_target_forbidden, "ERR", "The selected url is invalid."},
    {event_unknown,            "ERR", "The selected event is invalid."},
    {too_many_endpoints,       "ERR", "The endpoint limit is reached."},
    // us
    {overloaded,               "SPD", "Service Provider Downtime"},
    {store_unavailable,        "SPD", "Service Provider Downtime"},
    {draining,                 "USM", "Under Scheduled Maintenance"},
    {version_conflict,         "SPD", "Service Provider Downtime"},
    {not_supported,            "SNA", "Service not available"},
    {configuration_invalid,    "ISE", "System Error"},
    {io_failed,                "ISE", "System Error"},
    {internal_error,           "ISE", "System Error"},
};
// clang-format on
}  // namespace error_rows
using error_rows::kErrors;
static_assert(covers(kErrors));

struct Refusal {
  std::string_view statuscode;
  std::string status;
};

// The row of the error's code, with the field's name and the rule of that field in it.
Refusal refusal_of(const core::Error& error);

}  // namespace disburse::dialects::instantpay
