// Refusals are values with a code. One list names every code; each dialect has a row for each,
// checked at compile time (dialects/dialect.hpp), and docs/errors.md is printed from it
// (core/dump.cpp).
//
// Codes say what happened, never what HTTP says; a code is never renamed or reused.
// Threads: values only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace disburse::core {

// What kind of refusal a code is: how a caller should react, whatever the wire language.
enum class Kind : std::uint8_t {
  bad_request,   // the request is wrong and will be wrong again
  unauthorised,  // who is calling is unknown
  forbidden,     // who is calling may not do this
  not_found,     // there is no such thing, or it is somebody else's
  conflict,      // the thing is in a state in which this is refused
  limited,       // too often, too many or too large; later may work
  unavailable,   // this server cannot do it now; nothing was changed
  internal,      // our own mistake
};

// X(code, kind, text). The order is precedence: where several hold, the earlier is reported.
// clang-format off
#define DISBURSE_ERRORS(X)                                                                     \
  /* the call */                                                                               \
  X(malformed_request,          bad_request,  "the request cannot be read")                    \
  X(body_too_large,             limited,      "the body is larger than this route takes")      \
  X(route_not_found,            not_found,    "there is no such path")                         \
  X(method_not_allowed,         bad_request,  "the path does not take this method")            \
  X(credentials_missing,        unauthorised, "no credentials were sent")                      \
  X(credentials_invalid,        unauthorised, "the credentials are wrong, expired or revoked") \
  X(address_not_allowed,        forbidden,    "calls from this address are not allowed")       \
  X(not_permitted,              forbidden,    "these credentials may not do this")             \
  X(too_many_requests,          limited,      "too many requests; try again later")            \
  /* fields */                                                                                 \
  X(field_required,             bad_request,  "a field is missing")                            \
  X(field_invalid,              bad_request,  "a field has a value that is not allowed")       \
  X(field_too_long,             bad_request,  "a field is too long")                           \
  X(amount_invalid,             bad_request,  "the amount is not a positive sum of whole paise") \
  X(amount_too_small,           bad_request,  "the amount is below the least that can be sent") \
  X(amount_too_large,           bad_request,  "the amount is above the most that can be sent") \
  X(currency_unsupported,       bad_request,  "only INR can be sent")                          \
  X(reference_required,         bad_request,  "a reference is required")                       \
  X(reference_too_long,         bad_request,  "the reference is too long")                     \
  X(description_required,       bad_request,  "a description is required")                     \
  X(purpose_unknown,            bad_request,  "the purpose is not one of the account's")       \
  X(contact_required,           bad_request,  "a phone number or an e-mail address is required") \
  X(contact_name_required,      bad_request,  "the contact's name is required")                \
  X(contact_name_invalid,       bad_request,  "the contact's name has characters or a length that are not allowed") \
  X(contact_type_unknown,       bad_request,  "the contact type is not one of the account's")  \
  X(phone_invalid,              bad_request,  "the phone number is not an Indian mobile number") \
  X(email_invalid,              bad_request,  "the e-mail address is not valid")               \
  X(notes_too_many,             bad_request,  "there are more notes than allowed")             \
  X(notes_too_long,             bad_request,  "a note's key or value is too long")             \
  X(expiry_invalid,             bad_request,  "the expiry is unreadable, past or too near")    \
  X(activation_invalid,         bad_request,  "the activation time is unreadable or after the expiry") \
  X(method_unknown,             bad_request,  "a payment method is not one of those offered")  \
  X(source_account_required,    bad_request,  "the account to pay from is missing")            \
  X(source_account_unknown,     bad_request,  "the account to pay from is not the merchant's") \
  X(feature_off,                bad_request,  "the feature is switched off for this account")  \
  X(id_malformed,               not_found,    "the id does not have the shape of one")         \
  /* what is there */                                                                          \
  X(merchant_not_found,         not_found,    "merchant not found")                            \
  X(link_not_found,             not_found,    "link not found")                                \
  X(contact_not_found,          not_found,    "contact not found")                             \
  X(payout_not_found,           not_found,    "payout not found")                              \
  X(endpoint_not_found,         not_found,    "webhook endpoint not found")                    \
  X(delivery_not_found,         not_found,    "webhook delivery not found")                    \
  X(credential_not_found,       not_found,    "credential not found")                          \
  X(reference_taken,            conflict,     "a link with this reference exists already")     \
  X(idempotency_key_invalid,    bad_request,  "the idempotency key is not valid")              \
  X(idempotency_key_reused,     conflict,     "this idempotency key came with another request") \
  /* the link's state */                                                                       \
  X(link_pending,               conflict,     "the link waits for approval")                   \
  X(link_scheduled,             conflict,     "the link is not active yet")                    \
  X(link_processing,            conflict,     "the link has been claimed and its payout is running") \
  X(link_processed,             conflict,     "the link has been paid")                        \
  X(link_cancelled,             conflict,     "the link was cancelled")                        \
  X(link_rejected,              conflict,     "the link was rejected")                         \
  X(link_expired,               conflict,     "the link has expired")                          \
  X(link_not_issued,            conflict,     "the link is not in the state that this needs")  \
  X(expiry_not_later,           bad_request,  "the new expiry is not later than the old one")  \
  /* claiming */                                                                               \
  X(otp_required,               unauthorised, "prove who you are with a one-time password first") \
  X(otp_not_needed,             conflict,     "this link needs no one-time password")          \
  X(otp_channel_unknown,        bad_request,  "the link has no such channel")                  \
  X(otp_too_soon,               limited,      "a one-time password was sent a moment ago")     \
  X(otp_too_many_sends,         limited,      "too many one-time passwords were sent")         \
  X(otp_not_sent,               conflict,     "no one-time password is open; send one first")  \
  X(otp_expired,                conflict,     "the one-time password has expired; send a new one") \
  X(otp_wrong,                  bad_request,  "the one-time password is wrong")                \
  X(otp_locked,                 limited,      "too many wrong one-time passwords; the link is locked for a while") \
  X(account_number_invalid,     bad_request,  "the account number is not valid")               \
  X(account_numbers_differ,     bad_request,  "the two account numbers differ")                \
  X(ifsc_invalid,               bad_request,  "the IFSC is not valid")                         \
  X(vpa_invalid,                bad_request,  "the UPI id is not valid")                       \
  X(holder_name_invalid,        bad_request,  "the account holder's name is not valid")        \
  X(method_not_offered,         bad_request,  "the link cannot be paid in this way")           \
  X(contact_missing,            conflict,     "the link has no phone number and no e-mail address") \
  /* money */                                                                                  \
  X(balance_too_low,            conflict,     "the account's balance is too low")              \
  X(payout_not_open,            conflict,     "the payout is past the state in which this can happen") \
  X(ledger_would_break,         internal,     "the posting would take an account below its floor") \
  /* webhooks */                                                                               \
  X(webhook_url_invalid,        bad_request,  "the webhook URL is not valid")                  \
  X(webhook_target_forbidden,   bad_request,  "the webhook URL points at a private address")   \
  X(event_unknown,              bad_request,  "there is no such event")                        \
  X(too_many_endpoints,         limited,      "there are as many webhook endpoints as allowed") \
  /* us */                                                                                     \
  X(overloaded,                 unavailable,  "the server has more work than it takes; try again") \
  X(store_unavailable,          unavailable,  "the store takes no writes now; nothing was changed") \
  X(draining,                   unavailable,  "the server is stopping; nothing was changed")   \
  X(version_conflict,           unavailable,  "somebody else changed it at the same moment; try again") \
  X(not_supported,              bad_request,  "this server does not support that")             \
  X(configuration_invalid,      bad_request,  "an option is wrong")                            \
  X(io_failed,                  internal,     "reading or writing failed")                     \
  X(internal_error,             internal,     "our own mistake; nothing was changed")
// clang-format on

enum class Code : std::uint8_t {
#define X(code, kind, text) code,
  DISBURSE_ERRORS(X)
#undef X
};

#define X(code, kind, text) +1
inline constexpr std::size_t kCodeCount = 0 DISBURSE_ERRORS(X);
#undef X

std::string_view name(Code code);  // "link_not_found"
std::string_view text(Code code);  // "link not found"
Kind kind(Code code);
std::string_view name(Kind kind);

struct Error {
  Code code = Code::internal_error;
  std::string_view field =
      {};                   // the request field at fault, in the core's words; a literal or static
  std::string detail = {};  // for our log, never for the wire
};

template <class T>
struct [[nodiscard]] Result : tl::expected<T, Error> {
  using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> fail(Code code, std::string_view field = {}, std::string detail = {}) {
  return tl::unexpected<Error>(Error{code, field, std::move(detail)});
}

// Returns early with the error, else is the value. One TRY per statement; not in coroutines.
#define TRY(expression)                                                        \
  __extension__({                                                              \
    auto&& try_result_ = (expression);                                         \
    if (!try_result_) return ::tl::unexpected(std::move(try_result_).error()); \
    std::move(*try_result_);                                                   \
  })

// The same for Result<void>.
#define CHECK(expression)                                                          \
  do {                                                                             \
    auto&& check_result_ = (expression);                                           \
    if (!check_result_) return ::tl::unexpected(std::move(check_result_).error()); \
  } while (false)

}  // namespace disburse::core
