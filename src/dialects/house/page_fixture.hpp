// What the tests of the recipient's page stand on, beside house_fixture.hpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "dialects/house/house_fixture.hpp"

namespace disburse::dialects::house::testing {

inline std::string page_url(std::string_view rest = "") {
  return "/c/" + short_code() + std::string(rest);
}

inline std::string html(const core::ClaimView& claim, std::string_view query = "",
                        std::string cookies = "") {
  Call call(wire::Method::get, page_url(query));
  if (!cookies.empty()) call.header("Cookie", std::move(cookies));
  return call.render(core::Reply(claim)).body;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline core::ClaimView verified() {
  core::ClaimView claim = open_claim();
  claim.otp_verified = true;
  return claim;
}

inline core::ClaimView code_sent() {
  core::ClaimView claim = open_claim();
  claim.view.link.otp.nonce = 7;
  claim.view.link.otp.sent_at = time_of("2024-01-15T04:29:50Z");
  return claim;
}

}  // namespace disburse::dialects::house::testing
