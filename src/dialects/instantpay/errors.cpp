#include "dialects/instantpay/errors.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Code;
using enum core::Code;
using namespace field;  // the names of this language, in the table below
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
    {kContact,         field_invalid,  "The contactDetails must be an array."},
    {kName,            field_invalid,  "The contactDetails.name must be a string."},
    {kName, field_too_long, "The contactDetails.name must not be greater than 100 characters."},
    {kMobile,          field_invalid,  "The contactDetails.mobile must be a string."},
    {kEmail,           field_invalid,  "The contactDetails.email must be a string."},
    {kVerify,          field_invalid,  "The verifyBene field must be true or false."},
    {kAmount,          field_invalid,  "The amount must be a number."},
    {kPurpose,         field_invalid,  "The selected purpose is invalid."},
    {kDescription,     field_invalid,  "The description must be a string."},
    {kDescription,     field_too_long, "The description must not be greater than 500 characters."},
    {kReference,       field_invalid,  "The referenceNo must be a string."},
    {kActivatedAt,     field_invalid,  "The activatedAt does not match the format Y-m-d H:i:s."},
    {kExpiredAt,       field_invalid,  "The expiredAt does not match the format Y-m-d H:i:s."},
    {kModes,           field_invalid,  "The paymentModes must be an array."},
    {kSendAlert,       field_invalid,  "The sendAlert field must be true or false."},
    {kLinkId,          field_invalid,  "The linkId must be a string."},
    {kFilters,         field_invalid,  "The filters must be an array."},
    {kFilterStatus,    field_invalid,  "The selected filters.status is invalid."},
    {kFilterContact,   field_invalid,  "The filters.contact must be a string."},
    {kFilterLinkId,    field_invalid,  "The filters.linkId must be a string."},
    {kFilterReference, field_invalid,  "The filters.referenceNo must be a string."},
    {kPagination,      field_invalid,  "The pagination must be an array."},
    {kPageNumber, field_invalid, "The pagination.pageNumber must be an integer of at least 1."},
    {kPageSize, field_invalid, "The pagination.recordsPerPage must be an integer of at least 1."},
    {kEndpointIp,      field_required, "The X-Ipay-Endpoint-Ip header is required."},
    {kEndpointIp,      field_invalid,  "The X-Ipay-Endpoint-Ip header must have valid IP address."},
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
  if (error.field == kAuthCode) return {"IAT", "Invalid Access Token"};
  const ErrorRow& row = row_of(error.code);
  for (const FieldRule& rule : kFieldRules) {
    if (rule.field == error.field && rule.code == error.code) {
      return {row.statuscode, std::string(rule.status)};
    }
  }
  return {row.statuscode, with_field(row.status, error.field)};
}

}  // namespace disburse::dialects::instantpay
