// Reading what both APIs take: bearer tokens and JSON bodies.
//
// Threads: pure functions.
#pragma once

#include <string_view>

#include "core/error.hpp"
#include "core/secret.hpp"
#include "wire/http.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::house {

// Of "Authorization: Bearer …"; empty when there is none.
core::SecretText bearer_token(const wire::Request& request);

// The body, which must be one JSON object.
core::Result<wire::JsonDocument> json_object(const wire::Request& request);

// A member that is text. Missing and null are the empty text; anything else than text is
// field_invalid. `name` is a literal: an error carries it.
core::Result<std::string_view> text_member(const wire::JsonDocument& body, std::string_view name);
// The same; field_required when it is missing or empty.
core::Result<std::string_view> required_text(const wire::JsonDocument& body, std::string_view name);

}  // namespace disburse::dialects::house
