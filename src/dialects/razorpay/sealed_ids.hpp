// Public ids in this dialect's shape: a prefix and fourteen base62 digits of the sealed id. Any
// link has one, whichever dialect made it.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/link.hpp"
#include "core/public_id.hpp"

namespace disburse::dialects::razorpay {

struct IdForm {
  std::string_view prefix;
  core::IdKind kind;
};
inline constexpr IdForm kLinkIds{"poutlk_", core::IdKind::link};
inline constexpr IdForm kContactIds{"cont_", core::IdKind::contact};
inline constexpr IdForm kFundAccountIds{"fa_", core::IdKind::fund_account};
inline constexpr IdForm kPayoutIds{"pout_", core::IdKind::payout};
inline constexpr IdForm kAccountIds{"acc_", core::IdKind::merchant};
inline constexpr IdForm kEventIds{"", core::IdKind::event};
// Of a change that has two events: sealed as another kind, so another id.
inline constexpr IdForm kSecondEventIds{"", core::IdKind::delivery};

std::string print_id(const IdForm& form, const core::PublicIds& ids, core::MerchantId merchant,
                     std::uint64_t id);

// id_malformed when the text does not have the shape; link_not_found when it was never sealed for
// this merchant and kind. Neither touches the store.
core::Result<std::uint64_t> read_id(const IdForm& form, const core::PublicIds& ids,
                                    core::MerchantId merchant, std::string_view text);

// The URL that the recipient gets: the host of this server, "/i/" and the claim code.
std::string short_url(std::string_view public_url, const core::PublicIds& ids,
                      const core::Link& link);

// The claim that a short URL, or its last segment alone, stands for.
std::optional<core::Claim> claim_of_short_url(const core::PublicIds& ids, std::string_view url);

}  // namespace disburse::dialects::razorpay
