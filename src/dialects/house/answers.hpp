// What both APIs need to write answers.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "core/calendar.hpp"
#include "dialects/dialect.hpp"
#include "dialects/house/errors.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::house {

// nullptr when the result is an error or another reply.
template <class Reply>
const Reply* reply_of(const core::Result<Answer>& result) {
  const auto* reply = result ? std::get_if<core::Reply>(&*result) : nullptr;
  return reply == nullptr ? nullptr : std::get_if<Reply>(reply);
}

// The error; our own mistake when it is a reply that was not asked for.
inline core::Error error_of(const core::Result<Answer>& result) {
  if (!result) return result.error();
  return {core::Code::internal_error, {}, "unexpected reply"};
}

inline void write_time(wire::JsonWriter& json, std::string_view name,
                       std::optional<core::Instant> at) {
  json.key(name);
  at ? json.string(core::rfc3339(*at)) : json.null();
}

}  // namespace disburse::dialects::house
