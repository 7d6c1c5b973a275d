// The nine keys that every answer has, in the order of the provider's samples, always under HTTP
// 200: clients read `statuscode` and nothing else.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

struct Envelope {
  std::string_view statuscode = "TXN";
  std::string_view status;
  std::string data = "null";  // JSON
  std::string orderid = {};   // empty: null
};

// `merchant` is null where nobody is known to be calling; then the server's mode is the
// environment.
wire::Response seal(const Envelope& envelope, const core::Merchant* merchant,
                    const Context& context);
wire::Response seal_refusal(const core::Error& error, const core::Merchant* merchant,
                            const Context& context);

// The reply of the kind that a route asked for, or the error. A reply of another kind is our own
// mistake.
template <class Wanted>
core::Result<const Wanted*> reply_as(const core::Result<Answer>& answer) {
  if (!answer) return tl::unexpected<core::Error>(answer.error());
  const core::Reply* reply = std::get_if<core::Reply>(&*answer);
  const Wanted* wanted = reply == nullptr ? nullptr : std::get_if<Wanted>(reply);
  if (wanted == nullptr) return core::fail(core::Code::internal_error, {}, "reply of another kind");
  return wanted;
}

}  // namespace disburse::dialects::instantpay
