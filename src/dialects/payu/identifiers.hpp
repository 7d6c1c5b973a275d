// The ids that PayU's clients see, made of ours. Their shapes are the ones of PayU's samples.
//
// Promise: the same inner id gives the same outer one for as long as the server's newest key stays;
// merchant numbers, transfer references and user uuids do not depend on a key at all.
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/public_id.hpp"

namespace disburse::dialects::payu {

// PayU's payoutMerchantId, also called pid: "1111122" is merchant 1.
std::string payout_merchant_id(core::MerchantId merchant);

// linkId: 64 characters of standard base64, without padding because 48 bytes need none.
std::string link_id(const core::PublicIds& ids, core::MerchantId merchant, core::LinkId link);
// Blanks count as "+": an undecoded "+" in a query becomes one. None for a forgery.
std::optional<core::Claim> parse_link_id(const core::PublicIds& ids, std::string_view text);

// payuTransactionRefNo: "PAYOUT", 13 digits of Unix milliseconds, 11 letters and digits.
std::string transfer_reference(core::MerchantId merchant, core::PayoutId payout);

// user_uuid in PayU's grouping of 4-4-8-4-12 hexadecimal digits.
std::string user_uuid(core::CredentialId credential);

}  // namespace disburse::dialects::payu
