#include "dialects/instantpay/errors.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Code;
using core::Error;

// What a field has to be, said in the words of Laravel's validator: recorded failures of the
// provider are such texts ("The selected type is invalid.").
struct FieldRule {
  std::string_view field;
  Code code;
  std::string_view status;
};

// clang-format off
constexpr FieldRule kFieldRules[] = {
    {field::kContact,         Code::field_invalid,  "The contactDetails must be an array."},
    {field::kName,            Code::field_invalid,  "The contactDetails.name must be a string."},
    {field::kName,            Code::field_too_long, "The contactDetails.name must not be greater than 100 characters."},
    {field::kMobile,          Code::field_invalid,  "The contactDetails.mobile must be a string."},
    {field::kEmail,           Code::field_invalid,  "The contactDetails.email must be a string."},
    {field::kVerify,          Code::field_invalid,  "The verifyBene field must be true or false."},
    {field::kAmount,          Code::field_invalid,  "The amount must be a number."},
    {field::kPurpose,         Code::field_invalid,  "The selected purpose is invalid."},
    {field::kDescription,     Code::field_invalid,  "The description must be a string."},
    {field::kDescription,     Code::field_too_long, "The description must not be greater than 500 characters."},
    {field::kReference,       Code::field_invalid,  "The referenceNo must be a string."},
    {field::kActivatedAt,     Code::field_invalid,  "The activatedAt does not match the format Y-m-d H:i:s."},
    {field::kExpiredAt,       Code::field_invalid,  "The expiredAt does not match the format Y-m-d H:i:s."},
    {field::kModes,           Code::field_invalid,  "The paymentModes must be an array."},
    {field::kSendAlert,       Code::field_invalid,  "The sendAlert field must be true or false."},
    {field::kLinkId,          Code::field_invalid,  "The linkId must be a string."},
    {field::kFilters,         Code::field_invalid,  "The filters must be an array."},
    {field::kFilterStatus,    Code::field_invalid,  "The selected filters.status is invalid."},
    {field::kFilterContact,   Code::field_invalid,  "The filters.contact must be a string."},
    {field::kFilterLinkId,    Code::field_invalid,  "The filters.linkId must be a string."},
    {field::kFilterReference, Code::field_invalid,  "The filters.referenceNo must be a string."},
    {field::kPagination,      Code::field_invalid,  "The pagination must be an array."},
    {field::kPageNumber,      Code::field_invalid,  "The pagination.pageNumber must be an integer of at least 1."},
    {field::kPageSize,        Code::field_invalid,  "The pagination.recordsPerPage must be an integer of at least 1."},
    {field::kEndpointIp,      Code::field_required, "The X-Ipay-Endpoint-Ip header is required."},
    {field::kEndpointIp,      Code::field_invalid,  "The X-Ipay-Endpoint-Ip header must have valid IP address."},
};
// clang-format on

const ErrorRow& row_of(Code code) {
  for (const ErrorRow& row : kErrors) {
    if (row.code == code) return row;
  }
  return kErrors[0];  // not reached: covers(kErrors)
}

std::string with_field(std::string_view status, std::string_view name) {
  constexpr std::string_view kPlace = "{field}";
  std::string text(status);
  const std::size_t at = text.find(kPlace);
  if (at != std::string::npos) text.replace(at, kPlace.size(), name.empty() ? "request" : name);
  return text;
}

}  // namespace

Refusal refusal_of(const Error& error) {
  // The auth code has its own row in the provider's table, beside the one of id and secret.
  if (error.field == field::kAuthCode) return {"IAT", "Invalid Access Token"};
  const ErrorRow& row = row_of(error.code);
  for (const FieldRule& rule : kFieldRules) {
    if (rule.field == error.field && rule.code == error.code) {
      return {row.statuscode, std::string(rule.status)};
    }
  }
  return {row.statuscode, with_field(row.status, error.field)};
}

}  // namespace disburse::dialects::instantpay
