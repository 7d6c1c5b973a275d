// The code in a link's URL. Two shapes open a claim: our own 22 base62 characters, and the 64
// characters of base64 that one provider's URLs carry as the link's id. Whatever does not open is
// refused as an unknown link is: a forged code and one that never was cannot be told apart.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/public_id.hpp"

namespace disburse::dialects::house {

// link_not_found when it opens nothing. `code` is percent-decoded.
core::Result<core::Claim> open_code(const core::PublicIds& ids, std::string_view code);

// "/c/{code}", with the short code: where every form and redirect of the page goes.
std::string page_path(const core::PublicIds& ids, const core::Claim& claim);

}  // namespace disburse::dialects::house
