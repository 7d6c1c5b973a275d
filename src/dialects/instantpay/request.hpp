// What every call of this language has: its headers, and JSON fields as Laravel's validator reads
// them (blanks around a text dropped; null and blank as good as missing).
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "dialects/dialect.hpp"
#include "wire/http.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::instantpay {

// Id and secret; nothing is looked up by the auth code, which check_headers reads.
Presented credentials(const wire::Request& request);

enum class EndpointIp : std::uint8_t { required, optional };
// The auth code, "1" or "01", then the address of the end customer, which is IPv4 or IPv6.
core::Result<void> check_headers(const wire::Request& request, EndpointIp endpoint_ip);

// A body that is one JSON object. A blank body, or "[]" (which is how PHP writes an empty object),
// is malformed_request, or an empty object where it may be left out.
enum class Body : std::uint8_t { required, optional };
core::Result<wire::JsonDocument> read_body(const wire::Request& request, Body body);

using Text = std::optional<std::string>;
enum class Digits : std::uint8_t { refused, taken };  // whether a JSON number may stand for a text

// field_invalid under the name `field` when the member is there and is of another type.
core::Result<Text> read_text(const wire::JsonValue& object, std::string_view key,
                             std::string_view field, Digits digits = Digits::refused);
// true, false, "true" and "false": older copies of the provider's page call the type String.
core::Result<std::optional<bool>> read_flag(const wire::JsonValue& object, std::string_view key,
                                            std::string_view field);
// A member that is an object; null when it is missing or, as PHP writes an empty one, "[]".
core::Result<const wire::JsonValue*> read_object(const wire::JsonValue& object,
                                                 std::string_view key, std::string_view field);
// The member, unless it is missing or null.
const wire::JsonValue* present(const wire::JsonValue& object, std::string_view key);

}  // namespace disburse::dialects::instantpay
