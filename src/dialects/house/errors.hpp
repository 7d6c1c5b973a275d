// How our own language says a refusal: RFC 9457 problem documents, and the HTTP status of each
// code.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "wire/http.hpp"

namespace disburse::dialects::house {

struct ErrorRow {
  core::Code code;
  int status;
  std::string_view field;   // the member at fault where the code alone tells it, else empty
  std::string_view detail;  // what the caller can do about it; empty: the code's own text says all
};

const ErrorRow& error_row(core::Code code);

// The name in our API of the member that the error is about; empty when nobody knows.
std::string_view field_of(const core::Error& error);

// {"type":"urn:disburse:error:link_expired","title":…,"status":409,"code":"link_expired","field":…,"detail":…}
wire::Response problem(const core::Error& error);

}  // namespace disburse::dialects::house
