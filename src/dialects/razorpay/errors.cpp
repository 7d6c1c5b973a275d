// Printing errors; see the header. Threads: pure functions.
#include "dialects/razorpay/errors.hpp"

#include <algorithm>

#include "wire/json.hpp"

namespace disburse::dialects::razorpay {
namespace {

using wire::JsonWriter;

constexpr int kServerError = 500;
constexpr int kUnauthorised = 401;

const ErrorRow& row_of(core::Code code) {
  const auto row = std::ranges::find(kErrors, code, &ErrorRow::code);
  return row == std::end(kErrors) ? row_of(core::Code::internal_error) : *row;
}

// The core names some fields by its own words.
std::string_view field_here(std::string_view core_field) {
  if (core_field == "reference") return "receipt";
  if (core_field == "phone") return "contact";
  if (core_field == "contact_name") return "name";
  if (core_field == "contact_type") return "type";
  if (core_field == "expires_at") return "expire_by";
  return core_field;
}

// The provider writes field names in sentences with blanks: "The account number field ...".
std::string in_words(std::string_view field) {
  std::string words(field);
  std::ranges::replace(words, '_', ' ');
  return words;
}

void replace_placeholder(std::string& text, std::string_view placeholder, std::string_view with) {
  const std::size_t at = text.find(placeholder);
  if (at != std::string::npos) text.replace(at, placeholder.size(), with);
}

std::string describe(const ErrorRow& row, std::string_view field, std::string_view value) {
  std::string text(row.description.empty() ? core::text(row.code) : row.description);
  replace_placeholder(text, "{field}", in_words(field));
  replace_placeholder(text, "{value}", value);
  return text;
}

void write_blame(JsonWriter& json, Shape shape, std::string_view field) {
  if (shape == Shape::bare) return;
  if (shape == Shape::business) {
    json.field("source", "business").field("step", nullptr);
    json.field("reason", "input_validation_failed");
  } else if (shape == Shape::nobody) {
    json.field("source", nullptr).field("step", nullptr).field("reason", nullptr);
  } else {
    json.field("source", "NA").field("step", "NA").field("reason", "NA");
  }
  json.key("metadata").begin_object().end_object();
  if (!field.empty()) {
    json.field("field", field);
  } else if (shape == Shape::business) {
    json.field("field", nullptr);
  }
}

wire::Response bearer_refused() {
  return {.status = kUnauthorised,
          .body = R"({"error":{"code":"BAD_REQUEST_AUTHENTICATION_ERROR",)"
                  R"("description":"The OAuth token used in the request was invalid or has )"
                  R"(expired","source":"business","reason":"authentication_failed",)"
                  R"("step":null,"metadata":{}}})"};
}

}  // namespace

wire::Response error_response(const Offence& offence, std::string_view value) {
  const ErrorRow& row = row_of(offence.error.code);
  // A text of its own names its own field: a bad contact_id is no bad id.
  const bool own_field = row.field.empty() || !offence.description.empty();
  const std::string_view field = own_field ? field_here(offence.error.field) : row.field;
  wire::Response response;
  response.status = row.status;
  JsonWriter json(response.body);
  json.begin_object().key("error").begin_object();
  json.field("code", row.status >= kServerError ? "SERVER_ERROR" : "BAD_REQUEST_ERROR");
  json.field("description",
             std::string_view(offence.description.empty() ? describe(row, field, value)
                                                          : offence.description));
  write_blame(json, row.shape, field);
  json.end_object().end_object();
  // RFC 9110 wants a challenge with each 401.
  if (row.status == kUnauthorised) {
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"v1\"");
  }
  return response;
}

wire::Response refuse(const core::Error& error, const wire::Request& request, const Context&) {
  const bool unauthorised = core::kind(error.code) == core::Kind::unauthorised;
  if (unauthorised && request.header("authorization").starts_with("Bearer ")) {
    return bearer_refused();
  }
  return error_response(Offence(error));
}

}  // namespace disburse::dialects::razorpay
