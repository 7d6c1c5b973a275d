// What PayU's server writes: the envelope, the list of field errors, the Spring Boot error body,
// and how it prints amounts and times.
//
// Threads: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/money.hpp"
#include "core/time.hpp"
#include "wire/http.hpp"

namespace disburse::dialects::payu {

// One problem of a request, as it stands in `data`.
struct Problem {
  int code = 0;  // 0 is printed as null
  std::string_view message;
};

// {"status":0,"msg":…,"code":null,"data":…}; data_json is "null" or JSON made elsewhere. HTTP 200.
wire::Response success(std::string_view msg, std::string_view data_json = "null");
// {"status":1,"msg":…,"code":…,"data":null}. HTTP 200.
wire::Response refusal(const Problem& problem);
// {"status":1,"msg":"Fail","code":null,"data":[{"code":…,"message":…}]}. HTTP 200.
wire::Response refusals(std::span<const Problem> problems);
// {"timestamp":…,"status":401,"error":"Unauthorized","message":…,"path":…} with that HTTP status.
wire::Response spring_error(int status, std::string_view message, const wire::Request& request,
                            core::Instant now);

// The text of Java's Double.toString: "1.0", "120.11", "1.0E7".
std::string java_double(core::Money amount);
// "2024-01-30T09:03:39.698+0000"
std::string timestamp(core::Instant at);

}  // namespace disburse::dialects::payu
