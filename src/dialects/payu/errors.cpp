#include "dialects/payu/errors.hpp"

#include <array>

namespace disburse::dialects::payu {
namespace {

using enum core::Code;
using enum Form;

constexpr std::string_view kDenied = "Access is denied";
constexpr std::string_view kProcessed = "Payout cannot be cancelled as it is already processed";
constexpr std::string_view kUnavailable = "The server is temporarily unable to handle the request";

// In the order of core/error.hpp.
constexpr ErrorRow kErrors[] = {
    {malformed_request, spring, 400, "The request cannot be read"},
    {body_too_large, spring, 413, "The request body is too large"},
    {route_not_found, spring, 404, "No message available"},
    {method_not_allowed, spring, 405, "Request method not supported"},
    {credentials_missing, spring, 401, kDenied},
    {credentials_invalid, spring, 401, kDenied},
    {address_not_allowed, spring, 401, kDenied},
    {not_permitted, spring, 401, kDenied},
    {too_many_requests, spring, 429, "Too many requests"},

    {field_required, envelope, 0, "Invalid value"},
    {field_invalid, envelope, 0, "Invalid value"},
    {field_too_long, envelope, 0, "Invalid value"},
    {amount_invalid, envelope, 1104, "amount is invalid"},
    {amount_too_small, envelope, 1104, "amount is invalid"},
    {amount_too_large, envelope, 1104, "amount is invalid"},
    {currency_unsupported, envelope, 1104, "amount is invalid"},
    {reference_required, envelope, 1101, "merchantRefId is required"},
    {reference_too_long, envelope, 1102, "merchantRefId length is invalid"},
    {description_required, envelope, 1114, "description is required"},
    {purpose_unknown, envelope, 1114, "description is invalid"},
    {contact_required, envelope, 1108, "custMobile or custEmail is required"},
    {contact_name_required, envelope, 0, "custName is required"},
    {contact_name_invalid, envelope, 0, "custName is invalid"},
    {contact_type_unknown, envelope, 0, "Invalid value"},
    {phone_invalid, envelope, 1105, "custMobile is invalid"},
    {email_invalid, envelope, 1106, "custEmail is invalid"},
    {notes_too_many, envelope, 0, "Invalid value"},
    {notes_too_long, envelope, 0, "Invalid value"},
    {expiry_invalid, envelope, 1121, "expiryDate is invalid"},
    {activation_invalid, envelope, 0, "Invalid value"},
    {method_unknown, envelope, 1107, "Link type is invalid"},
    {source_account_required, envelope, 1100, "Invalid merchant"},
    {source_account_unknown, envelope, 1100, "Invalid merchant"},
    {feature_off, envelope, 0, "Invalid value"},
    {id_malformed, envelope, 1112, "SmartPay Link not found"},

    {merchant_not_found, envelope, 1100, "Invalid merchant"},
    {link_not_found, envelope, 1112, "SmartPay Link not found"},
    {contact_not_found, envelope, 0, "Invalid value"},
    {payout_not_found, envelope, 0, "Invalid value"},
    {endpoint_not_found, envelope, 0, "Webhook not found"},
    {delivery_not_found, envelope, 0, "Invalid value"},
    {credential_not_found, envelope, 0, "Invalid value"},
    {reference_taken, envelope, 1103, "Duplicate merchantRefId"},
    {idempotency_key_invalid, envelope, 1115, "Duplicate request"},
    {idempotency_key_reused, envelope, 1115, "Duplicate request"},

    {link_pending, envelope, 1127, "SmartPay Link approval pending"},
    {link_scheduled, envelope, 1110, "SmartPay Link is not active"},
    {link_processing, envelope, 1118, "Account details already filled"},
    {link_processed, envelope, 1118, "Account details already filled"},
    {link_cancelled, envelope, 1122, "SmartPay Link cancelled"},
    {link_rejected, envelope, 1123, "SmartPay Link rejected"},
    {link_expired, envelope, 1111, "SmartPay Link expired"},
    {link_not_issued, envelope, 1110, "SmartPay Link is not active"},
    {expiry_not_later, envelope, 1121, "expiryDate is invalid"},

    {otp_required, envelope, 1113, "OTP is required"},
    {otp_not_needed, envelope, 1116, "Failed to send OTP"},
    {otp_channel_unknown, envelope, 1116, "Failed to send OTP"},
    {otp_too_soon, envelope, 1116, "Failed to send OTP"},
    {otp_too_many_sends, envelope, 1116, "Failed to send OTP"},
    {otp_not_sent, envelope, 1117, "OTP verification failed"},
    {otp_expired, envelope, 1117, "OTP verification failed"},
    {otp_wrong, envelope, 1117, "OTP verification failed"},
    {otp_locked, envelope, 1117, "OTP verification failed"},
    {account_number_invalid, envelope, 1109, "Account number is invalid"},
    {account_numbers_differ, envelope, 1109, "Account number is invalid"},
    {ifsc_invalid, envelope, 1109, "IFSC is invalid"},
    {vpa_invalid, envelope, 1120, "VPA is invalid"},
    {holder_name_invalid, envelope, 0, "Invalid value"},
    {method_not_offered, envelope, 1107, "Link type is invalid"},
    {contact_missing, envelope, 1108, "custMobile or custEmail is required"},

    {balance_too_low, envelope, 0, "Insufficient balance"},
    {payout_not_open, envelope, 0, kProcessed},
    {ledger_would_break, spring, 500, "No message available"},

    {webhook_url_invalid, envelope, 20407, "Webhook url is invalid"},
    {webhook_target_forbidden, envelope, 20407, "Webhook url is invalid"},
    {event_unknown, envelope, 0, "Invalid value"},
    {too_many_endpoints, envelope, 0, "Invalid value"},

    {overloaded, spring, 503, kUnavailable},
    {store_unavailable, spring, 503, kUnavailable},
    {draining, spring, 503, kUnavailable},
    {version_conflict, spring, 503, kUnavailable},
    {not_supported, envelope, 0, "Invalid value"},
    {configuration_invalid, spring, 500, "No message available"},
    {io_failed, spring, 500, "No message available"},
    {internal_error, spring, 500, "No message available"},
};
static_assert(covers(kErrors));

// Rows by code: render() runs for each refused request.
constexpr std::array<std::size_t, core::kCodeCount> row_numbers() {
  std::array<std::size_t, core::kCodeCount> numbers{};
  for (std::size_t i = 0; i < std::size(kErrors); ++i) {
    numbers[static_cast<std::size_t>(kErrors[i].code)] = i;
  }
  return numbers;
}
constexpr auto kRowNumbers = row_numbers();

}  // namespace

const ErrorRow& error_row(core::Code code) {
  return kErrors[kRowNumbers[static_cast<std::size_t>(code)]];
}

Problem problem_of(core::Code code) {
  const ErrorRow& row = error_row(code);
  return {row.form == Form::envelope ? row.number : 0, row.message};
}

wire::Response render_error(const core::Error& error, const wire::Request& request,
                            const Context& context) {
  const ErrorRow& row = error_row(error.code);
  if (row.form == Form::envelope) return refusal({row.number, row.message});
  return spring_error(row.number, row.message, request, context.now);
}

wire::Response render_error_list(const core::Error& error, const wire::Request& request,
                                 const Context& context) {
  const ErrorRow& row = error_row(error.code);
  if (row.form == Form::spring) return render_error(error, request, context);
  const Problem problem{row.number, row.message};
  return refusals({&problem, 1});
}

}  // namespace disburse::dialects::payu
