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
inline constexpr ErrorRow kErrors[] = {
    // the call
    {core::Code::malformed_request,        "RPI", "Request Parameters are Invalid or Incomplete"},
    {core::Code::body_too_large,           "RPI", "Request Parameters are Invalid or Incomplete"},
    {core::Code::route_not_found,          "OUE", "Unknown Method"},
    {core::Code::method_not_allowed,       "OUE", "Unknown Method"},
    {core::Code::credentials_missing,      "IAC", "Invalid Dealer Credentials"},
    {core::Code::credentials_invalid,      "IAC", "Invalid Dealer Credentials"},
    {core::Code::address_not_allowed,      "UAD", "User Access Denied"},
    {core::Code::not_permitted,            "UAD", "User Access Denied"},
    {core::Code::too_many_requests,        "ERR", "Too Many Attempts."},
    // fields
    {core::Code::field_required,           "ERR", "The {field} field is required."},
    {core::Code::field_invalid,            "ERR", "The {field} format is invalid."},
    {core::Code::field_too_long,           "ERR", "The {field} is too long."},
    {core::Code::amount_invalid,           "ERR", "The amount must be greater than 0."},
    {core::Code::amount_too_small,         "ERR", "The amount must be at least 1."},
    {core::Code::amount_too_large,         "ERR", "The amount must not be greater than 1000000000."},
    {core::Code::currency_unsupported,     "ERR", "The selected currency is invalid."},
    {core::Code::reference_required,       "ERR", "The referenceNo field is required."},
    {core::Code::reference_too_long,       "ERR", "The referenceNo must not be greater than 40 characters."},
    {core::Code::description_required,     "ERR", "The description field is required."},
    {core::Code::purpose_unknown,          "ERR", "The selected purpose is invalid."},
    {core::Code::contact_required,         "ERR", "The contactDetails field is required."},
    {core::Code::contact_name_required,    "ERR", "The contactDetails.name field is required."},
    {core::Code::contact_name_invalid,     "ERR", "The contactDetails.name format is invalid."},
    {core::Code::contact_type_unknown,     "ERR", "The contactDetails format is invalid."},
    {core::Code::phone_invalid,            "ERR", "The contactDetails.mobile format is invalid."},
    {core::Code::email_invalid,            "ERR", "The contactDetails.email must be a valid email address."},
    {core::Code::notes_too_many,           "ERR", "The notes format is invalid."},
    {core::Code::notes_too_long,           "ERR", "The notes format is invalid."},
    {core::Code::expiry_invalid,           "ERR", "The selected expiredAt is invalid."},
    {core::Code::activation_invalid,       "ERR", "The activatedAt must be a date before expiredAt."},
    {core::Code::method_unknown,           "ERR", "The selected paymentModes is invalid."},
    {core::Code::source_account_required,  "ERR", "The account field is required."},
    {core::Code::source_account_unknown,   "ERR", "The selected account is invalid."},
    {core::Code::feature_off,              "SNA", "Service not available"},
    {core::Code::id_malformed,             "ERR", "No Record Found"},
    // what is there
    {core::Code::merchant_not_found,       "ERR", "No Record Found"},
    {core::Code::link_not_found,           "ERR", "No Record Found"},
    {core::Code::contact_not_found,        "ERR", "No Record Found"},
    {core::Code::payout_not_found,         "ERR", "No Record Found"},
    {core::Code::endpoint_not_found,       "ERR", "No Record Found"},
    {core::Code::delivery_not_found,       "ERR", "No Record Found"},
    {core::Code::credential_not_found,     "ERR", "No Record Found"},
    {core::Code::reference_taken,          "DTX", "Duplicate Transaction"},
    {core::Code::idempotency_key_invalid,  "ERR", "The idempotency key format is invalid."},
    {core::Code::idempotency_key_reused,   "DTX", "Duplicate Transaction"},
    // the link's state, in the words of words.hpp
    {core::Code::link_pending,             "ERR", "Link not activated yet"},
    {core::Code::link_scheduled,           "ERR", "Link not activated yet"},
    {core::Code::link_processing,          "ERR", "Link already PROCESSING"},
    {core::Code::link_processed,           "ERR", "Link already CLAIMED"},
    {core::Code::link_cancelled,           "ERR", "Link already CANCELLED"},
    {core::Code::link_rejected,            "ERR", "Link already CANCELLED"},
    {core::Code::link_expired,             "ERR", "Link already EXPIRED"},
    {core::Code::link_not_issued,          "ERR", "Link is not ISSUED"},
    {core::Code::expiry_not_later,         "ERR", "The selected expiredAt is invalid."},
    // claiming
    {core::Code::otp_required,             "IVC", "Invalid Verification Code or OTP"},
    {core::Code::otp_not_needed,           "ERR", "OTP not required"},
    {core::Code::otp_channel_unknown,      "ERR", "Contact details not available"},
    {core::Code::otp_too_soon,             "OLR", "OTP limit reached"},
    {core::Code::otp_too_many_sends,       "OLR", "OTP limit reached"},
    {core::Code::otp_not_sent,             "ONV", "OTP not valid"},
    {core::Code::otp_expired,              "EOP", "OTP Expired"},
    {core::Code::otp_wrong,                "IVC", "Invalid Verification Code or OTP"},
    {core::Code::otp_locked,               "OLR", "OTP limit reached"},
    {core::Code::account_number_invalid,   "IAN", "Invalid Account Number"},
    {core::Code::account_numbers_differ,   "IAN", "Invalid Account Number"},
    {core::Code::ifsc_invalid,             "IAN", "Invalid Account Number"},
    {core::Code::vpa_invalid,              "IAN", "Invalid Account Number"},
    {core::Code::holder_name_invalid,      "ERR", "The name format is invalid."},
    {core::Code::method_not_offered,       "ERR", "The paymentModes must contain ACCOUNT or VPA."},
    {core::Code::contact_missing,          "ERR", "Contact details not available"},
    // money
    {core::Code::balance_too_low,          "IAB", "Insufficient Wallet Balance"},
    {core::Code::payout_not_open,          "ITI", "Invalid Transaction ID"},
    {core::Code::ledger_would_break,       "IPE", "Internal Processing Error"},
    // webhooks
    {core::Code::webhook_url_invalid,      "ERR", "The url format is invalid."},
    {core::Code::webhook_target_forbidden, "ERR", "The selected url is invalid."},
    {core::Code::event_unknown,            "ERR", "The selected event is invalid."},
    {core::Code::too_many_endpoints,       "ERR", "The endpoint limit is reached."},
    // us
    {core::Code::overloaded,               "SPD", "Service Provider Downtime"},
    {core::Code::store_unavailable,        "SPD", "Service Provider Downtime"},
    {core::Code::draining,                 "USM", "Under Scheduled Maintenance"},
    {core::Code::version_conflict,         "SPD", "Service Provider Downtime"},
    {core::Code::not_supported,            "SNA", "Service not available"},
    {core::Code::configuration_invalid,    "ISE", "System Error"},
    {core::Code::io_failed,                "ISE", "System Error"},
    {core::Code::internal_error,           "ISE", "System Error"},
};
// clang-format on
static_assert(covers(kErrors));

struct Refusal {
  std::string_view statuscode;
  std::string status;
};

// The row of the error's code, with the field's name and the rule of that field in it.
Refusal refusal_of(const core::Error& error);

}  // namespace disburse::dialects::instantpay
