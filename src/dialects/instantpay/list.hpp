// GET (and POST) /payments/payout/link/list.
//
// Threads: pure functions.
#pragma once

#include <cstdint>

#include "core/limits.hpp"
#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

// Where the provider names no size of a page; its samples ask for this one.
inline constexpr std::uint32_t kDefaultRecordsPerPage = 10;
// More are asked for in vain: the page is cut to this.
inline constexpr std::uint32_t kMostRecordsPerPage = core::limits::kPageSize;

core::Result<Call> parse_list(const wire::Request& request, const PathArguments& path,
                              const Caller& caller, const Context& context);
wire::Response render_list(const core::Result<Answer>& answer, const wire::Request& request,
                           const PathArguments& path, const Caller& caller, const Context& context);

}  // namespace disburse::dialects::instantpay
