// Parts of rows that are packed into one column, the same in every SQL store.
//
// Threads: values only.
#pragma once

#include <string>
#include <string_view>

#include "core/changes.hpp"

namespace disburse::store {

std::string pack_otp(const core::OtpState& otp);
core::Result<core::OtpState> unpack_otp(std::string_view bytes);

// The two secrets of an endpoint, in one sealed column.
std::string pack_secrets(const core::SecretText& secret, const core::SecretText& authorization);

// What a delivery sends but its body. The URL and headers may carry a token of the receiver.
std::string pack_target(const core::Delivery& delivery);
core::Result<void> unpack_target(std::string_view bytes, core::Delivery& delivery);

}  // namespace disburse::store
