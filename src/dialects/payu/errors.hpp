// What each of our codes is in PayU's words: one row for every code, or it does not compile.
//
// Numbers and texts are from PayU's list of Smart Send error codes; most texts of that list are our
// proposal, because PayU publishes only the names. README.md says which.
// Threads: immutable.
#pragma once

#include "core/error.hpp"
#include "dialects/dialect.hpp"
#include "dialects/payu/answers.hpp"

namespace disburse::dialects::payu {

enum class Form : std::uint8_t {
  envelope,  // `number` is PayU's code, 0 for null; HTTP 200
  spring,    // `number` is the HTTP status
};

struct ErrorRow {
  core::Code code;
  Form form;
  int number;
  std::string_view message;
};

const ErrorRow& error_row(core::Code code);

// The problem to put into an envelope.
Problem problem_of(core::Code code);

// An envelope with the code, or the Spring body.
wire::Response render_error(const core::Error& error, const wire::Request& request,
                            const Context& context);
// The same, but envelopes are a list of one problem, as Smart Send creation answers.
wire::Response render_error_list(const core::Error& error, const wire::Request& request,
                                 const Context& context);

}  // namespace disburse::dialects::payu
