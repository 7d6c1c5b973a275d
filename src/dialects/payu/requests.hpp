// How PayU's clients say who they are and what they mean, whatever the route: headers in any case,
// the same field in a query or a form, numbers as strings, an empty string for "absent".
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "core/error.hpp"
#include "dialects/dialect.hpp"
#include "wire/form.hpp"
#include "wire/http.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::payu {

// The access token of a request: "Bearer" in any case or no scheme, in Authorization or, as the
// page of the v2 cancel call has it, Authentication.
Presented credentials(const wire::Request& request);

// Query pairs, then the pairs of a form body, whatever the content type says: PayU's samples send
// the same field in either, one of them as application/json with an empty body.
core::Result<wire::Form> query_and_form(const wire::Request& request);
core::Result<wire::Form> query_only(const wire::Request& request);

// not_permitted unless the request names the caller's own merchant, in the first of: header pid,
// header payoutMerchantId, parameter pid, parameter payoutMerchantId.
core::Result<void> check_merchant(const wire::Request& request, const wire::Form& parameters,
                                  const Caller& caller);

// A field of a JSON body. Numbers count as their digits; null, "" and blanks as absent.
struct Field {
  bool given = false;
  bool readable = true;  // false for booleans, arrays and objects
  std::string_view text = {};
};
Field text_field(const wire::JsonValue& object, std::string_view name);

// true, "true", "False"; none when absent. field_invalid for everything else.
core::Result<std::optional<bool>> flag_field(const wire::JsonValue& object, std::string_view name);

// Without blanks and tabs at either end.
std::string_view trimmed(std::string_view text);

}  // namespace disburse::dialects::payu
