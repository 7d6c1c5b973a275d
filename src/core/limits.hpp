// Every limit of the core that a user could meet, by name. docs/operations.md lists them; wire/ has
// its own.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/time.hpp"

namespace disburse::core::limits {

// Fields.
inline constexpr std::size_t kReferenceLength =
    40;  // PayU transfers and Razorpay reference_id both say 40
inline constexpr std::size_t kNameLength = 100;
inline constexpr std::size_t kEmailLength = 254;  // RFC 5321
inline constexpr std::size_t kPhoneLength = 20;
inline constexpr std::size_t kDescriptionLength = 500;
inline constexpr std::size_t kPurposeLength = 40;
inline constexpr std::size_t kNotes = 15;
inline constexpr std::size_t kNoteKeyLength = 256;
inline constexpr std::size_t kNoteValueLength = 512;
inline constexpr std::size_t kIdempotencyKeyLength = 255;
inline constexpr std::int64_t kLargestLinkPaise = 1'000'000'000'00;  // one hundred crore rupees

// One-time passwords.
inline constexpr int kOtpDigits = 6;
inline constexpr Duration kOtpLife = 10min;
inline constexpr std::uint32_t kOtpWrongTries = 5;  // then the claim is locked
inline constexpr Duration kOtpLock = 30min;
inline constexpr Duration kOtpSendGap = 30s;
inline constexpr std::uint32_t kOtpSendsPerLink = 10;  // in kOtpWindow
inline constexpr std::uint32_t kOtpSendsPerContact = 20;
inline constexpr std::uint32_t kOtpSendsPerAddress = 60;
inline constexpr std::uint32_t kOtpTriesPerContact = 30;
inline constexpr std::uint32_t kOtpTriesPerAddress = 120;
inline constexpr Duration kOtpWindow = 1h;
inline constexpr Duration kClaimTokenLife = 30min;

// Links.
inline constexpr Duration kDefaultLinkLife = 24h * 7;
inline constexpr Duration kLongestLinkLife = 24h * 3650;
inline constexpr std::uint32_t kNoticesPerLink = 50;  // resends asked for by the merchant

// Lists.
inline constexpr std::uint32_t kPageSize = 100;
inline constexpr std::uint32_t kDeliveriesPage = 100;

// Merchants.
inline constexpr std::size_t kEndpointsPerMerchant = 50;
inline constexpr std::size_t kWebhookUrlLength = 2'000;

// Idempotency keys are kept this long.
inline constexpr Duration kIdempotencyLife = 24h * 7;
inline constexpr Duration kRefreshTokenLife = 24h * 30;
inline constexpr Duration kAccessTokenLife = 2h;

// Bank claims are paid over IMPS up to five lakh and over NEFT above it; UPI up to one lakh (NPCI
// circulars).
inline constexpr std::int64_t kLargestImpsPaise = 500'000'00;
inline constexpr std::int64_t kLargestUpiPaise = 100'000'00;

// Unknown payouts are asked about again at this spacing, doubling from the first to the last, for
// ever.
inline constexpr Duration kFirstAsk = 5s;
inline constexpr Duration kLastAsk = 15min;
// An account that the bank says nothing about is asked about this often; then the claim fails and
// can be tried again.
inline constexpr std::uint32_t kVerifyTries = 8;
// A payout that waits for balance is looked at when money comes in, and at this spacing.
inline constexpr Duration kQueuedRecheck = 15min;
// A message that could not be handed over is tried again at this spacing, doubling, so often.
inline constexpr Duration kFirstNoticeRetry = 10s;
inline constexpr std::uint32_t kNoticeTries = 6;

}  // namespace disburse::core::limits
