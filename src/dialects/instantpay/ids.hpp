// The identifiers of this language: link ids of 24 hex digits, order ids, request numbers, and the
// URLs in which a link's claim code stands.
//
// Threads: pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/link.hpp"
#include "core/public_id.hpp"
#include "dialects/dialect.hpp"

namespace disburse::dialects::instantpay {

// 24 lower-case hex digits: the first eight are the second in which the link was made, as in the
// provider's, the rest is sealed. Links made through another dialect have one too.
std::string link_id_text(const core::PublicIds& ids, core::MerchantId merchant, core::LinkId link);
// Nothing for a text of another shape, a forged one, and one of another merchant.
std::optional<core::LinkId> parse_link_id(const core::PublicIds& ids, core::MerchantId merchant,
                                          std::string_view text);

// "1", YYMMDDHHMMSS in UTC (the provider's link orders are; its direct payouts are not) and five
// capitals: ^1\d{12}[A-Z]{5}$. The same for the same thing, always.
std::string link_order_id(const core::PublicIds& ids, core::MerchantId merchant, core::LinkId link);
std::string payout_order_id(const core::PublicIds& ids, core::MerchantId merchant,
                            core::PayoutId payout);
// Of the check of the account before that payout.
std::string verification_order_id(const core::PublicIds& ids, core::MerchantId merchant,
                                  core::PayoutId payout);

// ^h\d{3}[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-[A-Za-z0-9]{12}$, with
// the node number 000: 53 characters. Fresh because `random` is.
std::string request_number(const std::array<std::uint64_t, 2>& random);

// {public_url}/l/{claim code}: what the recipient opens.
std::string link_url(const core::Link& link, const Context& context);
// {public_url}/payment/payout/link/qr/{claim code}; "payment": sic, in the provider's samples.
std::string qr_url(const core::Link& link, const Context& context);
std::string claim_url(std::string_view code, const Context& context);

}  // namespace disburse::dialects::instantpay
